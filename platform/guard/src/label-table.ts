import type { Label } from '@firebreak/ledger'
import { isContact, type LabelFact, OBSERVER, type Policy, STANDINGS, standingOf } from '@firebreak/policy'

const NEVER = Number.POSITIVE_INFINITY
/** Subjects looked at in one go by what goes through all of them. */
const PIECE = 5_000

interface Held {
  readonly id: string
  readonly fact: LabelFact
}

/** One subject's labels with the standing they give, which holds until `until`. */
interface Entry {
  held: readonly Held[]
  standing: number
  contact: boolean
  until: number
  /** Which policy it was judged under. */
  epoch: number
}

/**
 * The labels in force, by subject. Rules about the subject alone are judged here, when a label changes;
 * a question costs one map look-up. Memory: about 480 bytes a label (`npm run bench -- guard` measures it).
 */
export class LabelTable {
  /** Nearly every question is about accounts; comparing a word is cheaper than looking it up. */
  readonly #accounts = new Map<string, Entry>()
  readonly #byType = new Map<string, Map<string, Entry>>([['account', this.#accounts]])
  readonly #values = new Map<string, string>()
  #policy: Policy
  #epoch = 0
  #size = 0
  /** When the next label that is held ends, as far as it is known. */
  #nextEnd = NEVER

  constructor(policy: Policy) {
    this.#policy = policy
  }

  get size(): number {
    return this.#size
  }

  /** Takes a label or a retraction in; the same row twice changes nothing. Returns whether anything changed. */
  take(label: Label, at: number): boolean {
    return label.neg ? this.#drop(label, at) : this.#add(label, at)
  }

  /** 0 none, 1 adjacent, 2 member. */
  standing(type: string, id: string, at: number): number {
    const entry = (type === 'account' ? this.#accounts : this.#byType.get(type))?.get(id)
    if (entry === undefined) return 0
    if (at >= entry.until || entry.epoch !== this.#epoch) this.#judge(entry, at)
    return entry.standing
  }

  /** The facts behind a standing, for those who may see them. */
  facts(type: string, id: string): LabelFact[] {
    return (this.#byType.get(type)?.get(id)?.held ?? []).map(({ fact }) => fact)
  }

  /** Every labelled subject with its labels in force. */
  *subjects(at: number): Iterable<{ readonly type: string; readonly labels: readonly LabelFact[] }> {
    for (const [type, subjects] of this.#byType)
      for (const { held } of subjects.values())
        yield { type, labels: held.map(({ fact }) => fact).filter((fact) => fact.expiresAt > at) }
  }

  /** The id of the strongest label in force; null without one. */
  deciding(type: string, id: string, at: number): string | null {
    let best: Held | null = null
    for (const one of this.#byType.get(type)?.get(id)?.held ?? [])
      if (one.fact.expiresAt > at && (best === null || (one.fact.probability ?? 1) > (best.fact.probability ?? 1)))
        best = one
    return best?.id ?? null
  }

  /** Whether acting on this account is contact with a network. */
  isContact(account: string, at: number): boolean {
    const entry = this.#accounts.get(account)
    if (entry === undefined) return false
    if (at >= entry.until || entry.epoch !== this.#epoch) this.#judge(entry, at)
    return entry.contact
  }

  /** Whether what this account looks at is work, and no contact. */
  isObserver(account: string, at: number): boolean {
    const held = this.#accounts.get(account)?.held
    return held?.some(({ fact }) => fact.value === OBSERVER && fact.expiresAt > at) ?? false
  }

  /**
   * Every account that it is contact to act on, in pieces: between two of them the table may change, and does no harm.
   * Each piece costs a few milliseconds at most.
   */
  *contactAccounts(at: number): Iterable<string[]> {
    let seen = 0
    let some: string[] = []
    for (const id of this.#accounts.keys()) {
      if (this.isContact(id, at)) some.push(id)
      if (++seen % PIECE !== 0) continue
      yield some
      some = []
    }
    yield some
  }

  /** Every subject is judged under another policy from now on, each when it is next asked for. Cost: none. */
  setPolicy(policy: Policy): void {
    this.#policy = policy
    this.#epoch++
  }

  /** Forgets labels that ended, in pieces like `contactAccounts`; nothing to do while none has ended. */
  *sweep(at: number): Iterable<void> {
    if (at < this.#nextEnd) return
    let seen = 0
    this.#nextEnd = NEVER
    for (const subjects of this.#byType.values())
      for (const [id, entry] of subjects) {
        if (++seen % PIECE === 0) yield
        if (entry.held.some(({ fact }) => fact.expiresAt <= at)) {
          const held = entry.held.filter(({ fact }) => fact.expiresAt > at)
          this.#replace(subjects, id, entry, held, at)
        }
        for (const { fact } of entry.held)
          if (fact.expiresAt > at) this.#nextEnd = Math.min(this.#nextEnd, fact.expiresAt)
      }
  }

  #add(label: Label, at: number): boolean {
    const expiresAt = label.expiresAt === undefined ? NEVER : Date.parse(label.expiresAt)
    if (expiresAt <= at) return false
    const { type, id } = label.subject
    const subjects = this.#subjects(type)
    const entry = subjects.get(id) ?? { held: [], standing: 0, contact: false, until: NEVER, epoch: 0 }
    if (entry.held.some((one) => one.id === label.id)) return false
    const fact: LabelFact = {
      value: this.#shared(label.value),
      probability: label.probability ?? null,
      caseId: label.caseId === undefined ? null : this.#shared(label.caseId),
      source: this.#shared(label.source),
      expiresAt,
    }
    this.#replace(subjects, id, entry, [...entry.held, { id: label.id, fact }], at)
    this.#nextEnd = Math.min(this.#nextEnd, expiresAt)
    return true
  }

  #drop(label: Label, at: number): boolean {
    const subjects = this.#byType.get(label.subject.type)
    const entry = subjects?.get(label.subject.id)
    if (!subjects || !entry?.held.some((one) => one.id === label.retracts)) return false
    const left = entry.held.filter((one) => one.id !== label.retracts)
    this.#replace(subjects, label.subject.id, entry, left, at)
    return true
  }

  #replace(subjects: Map<string, Entry>, id: string, entry: Entry, held: readonly Held[], at: number): void {
    this.#size += held.length - entry.held.length
    if (held.length === 0) {
      subjects.delete(id)
      return
    }
    entry.held = held
    this.#judge(entry, at)
    subjects.set(id, entry)
  }

  #judge(entry: Entry, at: number): void {
    const facts = entry.held.map(({ fact }) => fact)
    entry.standing = STANDINGS.indexOf(standingOf(facts, at, this.#policy))
    entry.contact = isContact(facts, at, this.#policy)
    entry.epoch = this.#epoch
    entry.until = Math.min(NEVER, ...facts.map((fact) => fact.expiresAt).filter((end) => end > at))
  }

  #subjects(type: string): Map<string, Entry> {
    const known = this.#byType.get(type)
    if (known) return known
    const subjects = new Map<string, Entry>()
    this.#byType.set(type, subjects)
    return subjects
  }

  /** One string for all labels that share it. */
  #shared(text: string): string {
    const known = this.#values.get(text)
    if (known !== undefined) return known
    this.#values.set(text, text)
    return text
  }
}
