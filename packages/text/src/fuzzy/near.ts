import { isCommonWord } from '../characters/common-words.ts'
import { KIND } from '../characters/table.ts'
import type { Units } from '../characters/units.ts'
import { compilePattern, type Pattern } from '../terms/pattern.ts'
import type { TermEntry } from '../terms/types.ts'
import { deletions, distance, isOneEdit } from './edits.ts'
import { consonantsOf, isSubsequence, soundOf, transliterated } from './sounds.ts'

/** A word (or a phrase's words in a row) that is near a term. Units, both inclusive. */
export interface NearMiss {
  readonly entry: TermEntry
  readonly first: number
  readonly last: number
  readonly why: readonly string[]
}

const MIN_EDIT = 5
const MIN_EDIT_COMMON = 7
const MIN_CONSONANTS = 4
const MIN_SOUND = 5
const MIN_TRANSLITERATED = 3
const MAX_WORDS = 4
const NEIGHBOURS = 8
const IDS = 2 ** 20

interface Target {
  readonly entry: TermEntry
  /** Its letters, joined. */
  readonly word: string
  readonly sound: string
  readonly words: number
  readonly isLatin: boolean
}

interface Token {
  readonly text: string
  readonly raw: string
  readonly isLatin: boolean
  readonly first: number
  readonly last: number
}

/**
 * The fuzzy tier over a list: one edit, vowels left out, transliteration, sound. An index of 32-bit hashes, about
 * 200 bytes a term; built when it is first asked. A common word is never a near miss.
 */
export class NearTerms {
  private readonly targets: Target[] = []
  /** hash * 2^20 + target, sorted. */
  private readonly index: Float64Array
  private readonly maxWords: number
  private readonly longest: number

  constructor(entries: readonly TermEntry[]) {
    for (const entry of entries) {
      const pattern = entry.fuzzy === false || this.targets.length >= IDS ? undefined : compilePattern(entry)
      if (pattern?.hasLetter) this.targets.push(targetOf(entry, pattern))
    }
    const keys: number[] = []
    for (const [id, target] of this.targets.entries())
      for (const key of keysOf(target)) keys.push(hashOf(key) * IDS + id)
    this.index = Float64Array.from(keys).sort()
    this.maxWords = Math.min(MAX_WORDS, Math.max(1, ...this.targets.map((target) => target.words)))
    this.longest = Math.max(0, ...this.targets.map((target) => target.word.length)) + 4
  }

  find(units: Units): NearMiss[] {
    const tokens = tokensOf(units)
    const found: NearMiss[] = []
    for (let at = 0; at < tokens.length; at++) {
      for (let words = 1; words <= this.maxWords && at + words <= tokens.length; words++) {
        const window = tokens.slice(at, at + words)
        const text = window.map((token) => token.text).join('')
        if (text.length > 2 * this.longest) break
        if (window.every((token) => token.isLatin)) this.compareLatin(window, text, found)
        else this.compareOther(window, isAmongItsOwn(tokens, at, words), found)
      }
    }
    return found
  }

  private compareLatin(window: readonly Token[], text: string, found: NearMiss[]): void {
    if (text.length < MIN_CONSONANTS || (window.length === 1 && isCommonWord(text))) return
    this.compare(window, questionsOf(text), (target) => nearLatin(target, text), found)
  }

  /** Words in other scripts: transliterated; short ones only where they stand out from the text around them. */
  private compareOther(window: readonly Token[], amongItsOwn: boolean, found: NearMiss[]): void {
    const text = window.map((token) => token.text).join('')
    const words = transliterated(window.map((token) => token.raw).join(''))
    const questions = [
      ...deletions(text).map((key) => `e${key}`),
      ...words.flatMap((word) => deletions(soundOf(word)).map((key) => `t${key}`)),
    ]
    this.compare(window, questions, (target) => nearOther(target, text, words, amongItsOwn), found)
  }

  private compare(
    window: readonly Token[],
    questions: Iterable<string>,
    nearness: (target: Target) => string | undefined,
    found: NearMiss[],
  ): void {
    const seen = new Set<number>()
    for (const key of questions) {
      for (const id of this.idsOf(key)) {
        const target = this.targets[id]!
        if (seen.has(id) || (window.length !== 1 && window.length !== target.words)) continue
        seen.add(id)
        const why = nearness(target)
        if (why) found.push({ entry: target.entry, first: window[0]!.first, last: window.at(-1)!.last, why: [why] })
      }
    }
  }

  private *idsOf(key: string): Iterable<number> {
    const hash = hashOf(key)
    let [low, high] = [0, this.index.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.index[middle]! < hash * IDS) low = middle + 1
      else high = middle
    }
    for (; low < this.index.length && Math.floor(this.index[low]! / IDS) === hash; low++) yield this.index[low]! % IDS
  }
}

function targetOf(entry: TermEntry, pattern: Pattern): Target {
  const word = String.fromCodePoint(...pattern.letters)
  const isLatin = /^[a-z0-9]+$/.test(word)
  const latin = isLatin ? word : transliterated(pattern.plain.replace(/\s/g, ''))[0]!
  const words = 1 + pattern.gapAfter.reduce((sum, gap) => sum + gap, 0)
  return { entry, word, sound: soundOf(latin), words, isLatin }
}

/** Words of the language have neighbours that are words too. */
function mayBeEdited({ word, isLatin, words }: Target): boolean {
  return word.length >= (isLatin && words === 1 && isCommonWord(word) ? MIN_EDIT_COMMON : MIN_EDIT)
}

function* keysOf(target: Target): Iterable<string> {
  if (mayBeEdited(target)) for (const key of deletions(target.word)) yield `e${key}`
  if (target.sound.length < MIN_TRANSLITERATED) return
  yield `s${target.sound}`
  for (const key of deletions(target.sound)) yield `t${key}`
  const consonants = consonantsOf(target.word)
  if (target.isLatin && consonants.length >= MIN_CONSONANTS) yield `v${consonants}`
}

function* questionsOf(text: string): Iterable<string> {
  for (const key of deletions(text)) yield `e${key}`
  const consonants = consonantsOf(text)
  if (consonants.length >= MIN_CONSONANTS) yield `v${consonants}`
  yield `s${soundOf(text)}`
}

/** Which nearness holds, if the index did not mislead. */
function nearLatin(target: Target, text: string): string | undefined {
  if (text === target.word) return undefined
  if (mayBeEdited(target) && isOneEdit(text, target.word)) return 'edit'
  if (target.isLatin && isWithoutVowels(text, target.word)) return 'vowels'
  const sound = soundOf(text)
  if (sound !== target.sound || text.length < MIN_SOUND || target.word.length < MIN_SOUND) return undefined
  if (!target.isLatin) return 'transliteration'
  const far = Math.max(2, Math.floor(target.word.length / 3))
  return distance(text, target.word, far) <= far ? 'sound' : undefined
}

function isWithoutVowels(text: string, word: string): boolean {
  const consonants = consonantsOf(text)
  if (text.length >= word.length || consonants.length < MIN_CONSONANTS) return false
  return consonants === consonantsOf(word) && isSubsequence(text, word)
}

function nearOther(target: Target, text: string, words: readonly string[], amongItsOwn: boolean): string | undefined {
  if (text === target.word) return undefined
  if (!target.isLatin) return mayBeEdited(target) && isOneEdit(text, target.word) ? 'edit' : undefined
  for (const word of words) {
    const sound = soundOf(word)
    if (amongItsOwn && word.length <= MIN_EDIT) continue
    if (sound === target.sound) return 'transliteration'
    if (target.sound.length > MIN_SOUND && isOneEdit(sound, target.sound)) return 'transliteration'
  }
  return undefined
}

/** Whether words nearby are in another script than Latin as well: then this is a text of that language. */
function isAmongItsOwn(tokens: readonly Token[], at: number, words: number): boolean {
  for (let i = Math.max(0, at - NEIGHBOURS); i < Math.min(tokens.length, at + words + NEIGHBOURS); i++)
    if ((i < at || i >= at + words) && !tokens[i]!.isLatin) return true
  return false
}

function tokensOf(units: Units): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < units.length; at++) {
    if ((units.kind[at]! & KIND.word) === 0) continue
    const first = at
    let [text, raw] = ['', '']
    for (; at < units.length && (units.kind[at]! & KIND.word) !== 0; at++) {
      text += String.fromCodePoint(units.letter[at]!)
      raw += String.fromCodePoint(units.raw[at]!)
    }
    tokens.push({ text, raw: raw.toLowerCase(), first, last: at - 1, isLatin: !/[^\p{ASCII}\u0080-\u024f]/u.test(raw) })
  }
  return tokens
}

function hashOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}
