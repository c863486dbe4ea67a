import { type ExplainedVerdict, stricter } from '@firebreak/policy'
import { textOf } from '../question.ts'
import type { VerdictRequest } from '../snapshot.ts'

/** Somebody asks many questions that differ in one small thing. */
export interface Walk {
  readonly caller: string
  readonly kind: 'text' | 'subject'
  readonly questions: number
}

/** A set of questions so alike that their answers together would tell more than each of them. */
interface Family {
  readonly kind: Walk['kind']
  readonly variants: Set<string>
  allowed: boolean
  withheld: boolean
  strictest: ExplainedVerdict
  since: number
  frozenUntil: number
  told: boolean
}

interface Remembered {
  readonly pieces: ReadonlySet<string>
  readonly family: Family
}

interface Walker {
  readonly texts: Remembered[]
  readonly subjects: Map<string, Family>
  asked: number
  askedSince: number
}

/** Questions with more subjects than this are lists, not probes. */
export const PROBE_SUBJECTS = 5
const MOST_VARIANTS = { viewer: 3, caller: 40 }
const ALARM_AT = { viewer: 12, caller: 80 }
const HOUR = 3_600_000
const MINUTE = 60_000
const MOST_WALKERS = 20_000
const REMEMBERED_TEXTS = 48
const REMEMBERED_SUBJECTS = 200
const ALIKE = 0.35
const INSIDE = 0.6

/**
 * Keeps verdicts from being an oracle: once near-identical questions of one viewer (or of a key that names no viewer) have
 * been answered both ways, they all get the strictest of these answers for an hour, so that walking along the edge of a
 * term, a list or a contact shows nothing more. Memory only; a restart forgets what was asked, not what is listed.
 */
export class WalkWatch {
  readonly #walkers = new Map<string, Walker>()
  readonly #onWalk: (walk: Walk) => void
  readonly #budget: number

  /** `budget`: probe-sized questions a minute that a caller may ask about texts. */
  constructor(onWalk: (walk: Walk) => void, budget = 6_000) {
    this.#onWalk = onWalk
    this.#budget = budget
  }

  /** False when the caller's budget for this minute is spent. */
  mayAsk(caller: string, request: VerdictRequest, at: number): boolean {
    if (!isProbe(request) || request.subjects.every((subject) => textOf(subject) === undefined)) return true
    const walker = this.#walker(caller)
    if (at - walker.askedSince >= MINUTE) {
      walker.asked = 0
      walker.askedSince = at
    }
    return ++walker.asked <= this.#budget
  }

  /** The verdicts as they may be given. Cost for probe-sized questions: some 50 comparisons of short texts; none for lists. */
  settle(
    caller: string,
    request: VerdictRequest,
    verdicts: readonly ExplainedVerdict[],
    at: number,
  ): readonly ExplainedVerdict[] {
    if (!isProbe(request)) return verdicts
    const size = request.viewer === undefined ? 'caller' : 'viewer'
    const walker = this.#walker(request.viewer === undefined ? caller : `${caller}\n${request.viewer.id}`)
    return verdicts.map((verdict, i) => {
      const { type, id } = request.subjects[i]!
      const text = textOf(request.subjects[i]!)
      const surroundings = JSON.stringify([request.surface, request.viewer?.recent, request.context])
      const about = id === undefined ? null : this.#ofSubject(walker, `${type}:${id}`, verdict, at)
      const said = text === undefined ? null : this.#ofText(walker, text, verdict, at)
      let given = verdict
      if (about) given = this.#answer(caller, about, `${surroundings}${text ?? ''}`, verdict, given, size, at)
      if (said) given = this.#answer(caller, said, text!, verdict, given, size, at)
      return given
    })
  }

  #answer(
    caller: string,
    family: Family,
    variant: string,
    verdict: ExplainedVerdict,
    given: ExplainedVerdict,
    size: keyof typeof MOST_VARIANTS,
    at: number,
  ): ExplainedVerdict {
    if (family.variants.size < 1_000) family.variants.add(variant)
    if (verdict.action === 'allow') family.allowed = true
    else family.withheld = true
    family.strictest = stricter(family.strictest, verdict)
    const mixed = family.allowed && family.withheld
    if (mixed && family.variants.size >= MOST_VARIANTS[size]) family.frozenUntil = at + HOUR
    if (mixed && !family.told && family.variants.size >= ALARM_AT[size]) {
      family.told = true
      this.#onWalk({ caller, kind: family.kind, questions: family.variants.size })
    }
    return at < family.frozenUntil ? stricter(given, family.strictest) : given
  }

  #ofSubject(walker: Walker, key: string, verdict: ExplainedVerdict, at: number): Family {
    const known = walker.subjects.get(key)
    if (known && isCurrent(known, at)) return known
    const family = newFamily('subject', verdict, at)
    walker.subjects.set(key, family)
    if (walker.subjects.size > REMEMBERED_SUBJECTS) walker.subjects.delete(walker.subjects.keys().next().value!)
    return family
  }

  #ofText(walker: Walker, text: string, verdict: ExplainedVerdict, at: number): Family {
    const pieces = piecesOf(text)
    let family: Family | null = null
    for (const known of walker.texts)
      if (isCurrent(known.family, at) && areAlike(pieces, known.pieces)) {
        family = known.family
        break
      }
    family ??= newFamily('text', verdict, at)
    walker.texts.push({ pieces, family })
    if (walker.texts.length > REMEMBERED_TEXTS) walker.texts.shift()
    return family
  }

  #walker(key: string): Walker {
    const known = this.#walkers.get(key)
    if (known) {
      this.#walkers.delete(key)
      this.#walkers.set(key, known)
      return known
    }
    const walker = { texts: [], subjects: new Map(), asked: 0, askedSince: 0 }
    this.#walkers.set(key, walker)
    if (this.#walkers.size > MOST_WALKERS) this.#walkers.delete(this.#walkers.keys().next().value!)
    return walker
  }
}

function isProbe({ subjects }: VerdictRequest): boolean {
  return subjects.length <= PROBE_SUBJECTS
}

function newFamily(kind: Family['kind'], strictest: ExplainedVerdict, at: number): Family {
  return {
    kind,
    variants: new Set(),
    allowed: false,
    withheld: false,
    strictest,
    since: at,
    frozenUntil: 0,
    told: false,
  }
}

/** A frozen family stays while it is frozen; an open one for an hour. */
function isCurrent({ since, frozenUntil }: Family, at: number): boolean {
  return at < frozenUntil || at - since < HOUR
}

/** Three letters each of what is left after case, marks and everything between letters is gone. */
function piecesOf(text: string): ReadonlySet<string> {
  const letters = text
    .slice(0, 400)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
  const pieces = new Set<string>()
  for (let i = 0; i + 3 <= letters.length; i++) pieces.add(letters.slice(i, i + 3))
  if (pieces.size === 0) pieces.add(letters)
  return pieces
}

/** Mostly the same, or one mostly inside the other. */
function areAlike(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  let shared = 0
  for (const piece of a) if (b.has(piece)) shared++
  return shared >= ALIKE * (a.size + b.size - shared) || shared >= INSIDE * Math.min(a.size, b.size)
}
