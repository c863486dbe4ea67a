import type { EvidencePath } from '../types.ts'

/** [it acts, the other side acts, both act], each followed by a name. */
const WORDS: Readonly<Record<string, readonly [string, string, string]>> = {
  follow: ['follows', 'is followed by', 'is linked by follows with'],
  like: ['likes posts of', 'has posts liked by', 'likes and is liked by'],
  comment: ['comments on', 'gets comments from', 'exchanges comments with'],
  mention: ['mentions', 'is mentioned by', 'exchanges mentions with'],
  backup: ['names as backup', 'is named as backup by', 'is named as backup by and names'],
  'same-contacts': [
    'writes to the same accounts as',
    'writes to the same accounts as',
    'writes to the same accounts as',
  ],
  contact: ['contacts', 'is contacted by', 'exchanges messages with'],
}

/** How many names a group shows before it counts. */
const NAMES = 3

/**
 * Evidence in words: "follows 3 of 3 seeds; shares an identifier with acct-0017; follows acct-0009, who follows acct-0002".
 * Made from the paths alone, so that the same paths under other names give the same sentence. Items are not named.
 */
export function evidenceSentence(
  evidence: readonly EvidencePath[],
  name: (account: string) => string = (account) => account,
  seedCount?: number,
): string {
  if (evidence.length === 0) return 'near the seeds through longer paths only'
  const groups = new Map<string, string[]>()
  const parts: string[] = []
  for (const path of evidence) {
    const direct = directPhrase(path)
    if (direct === null) continue
    const names = groups.get(direct) ?? []
    if (!names.includes(path.seed)) names.push(path.seed)
    groups.set(direct, names)
  }
  for (const [phrase, seeds] of groups) parts.push(`${phrase} ${listed(seeds, name, seedCount)}`)
  for (const path of evidence) if (directPhrase(path) === null) parts.push(overAnother(path, name))
  return parts.join('; ')
}

/** The phrase of a tie with the seed itself (an act, or a shared item), null for a way over a third account. */
function directPhrase(path: EvidencePath): string | null {
  return path.relations.length === 1 ? phraseOf(path.relations[0] ?? 'near') : null
}

function overAnother(path: EvidencePath, name: (account: string) => string): string {
  const [there = 'near', onwards = 'near'] = path.relations
  return `${phraseOf(there)} ${name(path.via ?? '')}, who ${phraseOf(onwards)} ${name(path.seed)}`
}

function phraseOf(step: string): string {
  if (step === 'near') return 'is close to'
  const mark = step.charAt(0)
  const relation = '<=+'.includes(mark) ? step.slice(1) : step
  if (mark === '+') return `shares ${/^[aeiou]/.test(relation) ? 'an' : 'a'} ${relation} with`
  const words = WORDS[relation]
  if (words) return words[mark === '<' ? 1 : mark === '=' ? 2 : 0]
  if (mark === '=') return `is linked by ${relation} with`
  return mark === '<' ? `receives ${relation} from` : `acts (${relation}) on`
}

function listed(seeds: readonly string[], name: (account: string) => string, seedCount?: number): string {
  if (seedCount !== undefined && seeds.length === seedCount && seedCount > 1)
    return `${seedCount} of ${seedCount} seeds`
  if (seeds.length > NAMES) return `${seeds.length}${seedCount === undefined ? '' : ` of ${seedCount}`} seeds`
  const names = seeds.map(name)
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
