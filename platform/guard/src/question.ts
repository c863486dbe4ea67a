import {
  type Exposure,
  exposureOf,
  type Facts,
  type LabelFact,
  LIST_TOP,
  type ListFacts,
  NO_TEXT,
  NOBODY,
  type Party,
  type Policy,
  type RuleFacts,
  STANDINGS,
  type Standing,
  type Surface,
  type TextFacts,
  type TextParty,
  textParty,
} from '@firebreak/policy'
import type { LabelTable } from './label-table.ts'
import type { AskedSubject, Snapshot, VerdictRequest } from './snapshot.ts'

/** An account as rules see it, looked up when asked. */
class Account implements Party {
  readonly type = 'account'
  id: string
  connected: boolean | undefined
  protected readonly snapshot: Snapshot
  protected readonly at: number

  constructor(snapshot: Snapshot, at: number, id: string) {
    this.snapshot = snapshot
    this.at = at
    this.id = id
  }

  get labels(): readonly LabelFact[] {
    return inForce(this.snapshot.labels, 'account', this.id, this.at)
  }
  get standing(): Standing {
    return STANDINGS[this.snapshot.labels.standing('account', this.id, this.at)]!
  }
  get actedOnMembers(): boolean {
    return this.snapshot.actedOn.get(this.id) === true
  }
  get contacted(): boolean {
    return this.snapshot.contacted.has(this.id)
  }
  get age() {
    return this.snapshot.people.ageOf(this.id)
  }
  /** What the platform says of the pair counts before what is known here. */
  relatedTo(other: Party): boolean | undefined {
    if (!(other instanceof Account)) return undefined
    return other.connected ?? this.connected ?? this.snapshot.people.related(this.id, other.id)
  }
  countIn(counter: string, windowMs: number, other?: Party): number | undefined {
    const pair = other instanceof Account ? other.id : undefined
    return this.snapshot.people.countIn(counter, this.id, windowMs, this.at, pair)
  }
}

class Viewer extends Account {
  readonly #recent: readonly string[]

  constructor(snapshot: Snapshot, at: number, id: string, recent: readonly string[]) {
    super(snapshot, at, id)
    this.#recent = recent
  }
  override get contacted(): boolean {
    const { contacted, labels } = this.snapshot
    return contacted.has(this.id) || this.#recent.some((account) => labels.isContact(account, this.at))
  }
}

/** The subject now in question; its standing and acts cover its author's. */
class Subject implements Party {
  readonly #snapshot: Snapshot
  readonly #at: number
  asked: AskedSubject = { type: '' }
  place = 0
  readonly contacted = false

  constructor(snapshot: Snapshot, at: number) {
    this.#snapshot = snapshot
    this.#at = at
  }
  get type(): string {
    return this.asked.type
  }
  get labels(): readonly LabelFact[] {
    const { type, id } = this.asked
    return id === undefined ? [] : inForce(this.#snapshot.labels, type, id, this.#at)
  }
  get standing(): Standing {
    return STANDINGS[this.place]!
  }
  get actedOnMembers(): boolean {
    const { type, id, author } = this.asked
    const { actedOn } = this.#snapshot
    return (
      (author !== undefined && actedOn.get(author) === true) ||
      (type === 'account' && id !== undefined && actedOn.get(id) === true)
    )
  }
  get age() {
    const { type, id } = this.asked
    return type === 'account' && id !== undefined ? this.#snapshot.people.ageOf(id) : 'unknown'
  }
}

function inForce(labels: LabelTable, type: string, id: string, at: number): readonly LabelFact[] {
  const facts = labels.facts(type, id)
  return facts.every((fact) => fact.expiresAt > at) ? facts : facts.filter((fact) => fact.expiresAt > at)
}

/** One request as the rules read it; `take` moves on to a subject. */
export class Question implements RuleFacts {
  readonly surface: Surface
  readonly context: RuleFacts['context']
  readonly policy: Policy
  readonly viewer: Party
  readonly exposure: Exposure
  readonly list: ListFacts
  readonly subject: Subject
  readonly here: Pick<Party, 'countIn'>
  text: TextParty | undefined = NO_TEXT
  readonly #snapshot: Snapshot
  readonly #request: VerdictRequest
  readonly #at: number
  readonly #standings: readonly number[]
  readonly #account: Account

  constructor(snapshot: Snapshot, request: VerdictRequest, at: number) {
    const { viewer, surface } = request
    this.#snapshot = snapshot
    this.#request = request
    this.#at = at
    this.surface = surface
    this.context = request.context ?? {}
    this.policy = snapshot.compiled.policy
    this.viewer = viewer === undefined ? NOBODY : new Viewer(snapshot, at, viewer.id, viewer.recent ?? [])
    this.#standings = standingsOf(snapshot.labels, request.subjects, at)
    this.list = listOf(this.#standings)
    this.exposure = exposureOf(this.viewer.contacted, this.list, this.policy)
    this.subject = new Subject(snapshot, at)
    this.#account = new Account(snapshot, at, '')
    this.here = { countIn: (counter, windowMs) => snapshot.people.countIn(counter, surface, windowMs, at) }
  }

  get author(): Party | undefined {
    const { type, id, author, connected } = this.subject.asked
    const account = author ?? (type === 'account' ? id : undefined)
    if (account === undefined) return undefined
    this.#account.id = account
    this.#account.connected = connected
    return this.#account
  }

  /** Moves on to a subject, its text included. */
  take(i: number): void {
    this.point(i)
    const text = textOf(this.subject.asked)
    this.text = text === undefined ? NO_TEXT : this.#looked(this.subject.asked.type, text)
  }

  /** Moves on without a look at the text; does nothing where there is no such subject. */
  point(i: number): void {
    const asked = this.#request.subjects[i]
    if (asked === undefined) return
    this.subject.asked = asked
    this.subject.place = this.#standings[i]!
  }

  /** Undefined where nobody may or can look. */
  #looked(kind: string, text: string): TextParty | undefined {
    const { text: judge, detectorAllowed } = this.#snapshot
    const context = this.#request.context
    if (judge === null || !detectorAllowed('lexicon', this.surface, context?.jurisdiction)) return undefined
    const found = judge.judge(this.surface, kind, text, { ...context, viewer: this.#request.viewer?.id, at: this.#at })
    return found === null ? NO_TEXT : textParty(found)
  }

  /** What the verdict on the subject now in question depends on, without names: for explanations. No age, no count. */
  facts(): Facts {
    const { asked } = this.subject
    const { viewer } = this
    return {
      surface: this.surface,
      at: this.#at,
      subjectType: asked.type,
      subject: { labels: this.subject.labels, actedOnMembers: this.subject.actedOnMembers },
      ...(asked.author === undefined
        ? {}
        : { author: { labels: this.#snapshot.labels.facts('account', asked.author) } }),
      ...(viewer === NOBODY ? {} : { viewer: { labels: viewer.labels, contacted: viewer.contacted } }),
      list: this.list,
      ...(this.text === NO_TEXT ? {} : { text: this.text === undefined ? null : textFacts(this.text) }),
    }
  }
}

/** The words of a subject; of a hashtag, query, url or handle its id is one. */
export function textOf({ type, id, text }: AskedSubject): string | undefined {
  if (text !== undefined || type === 'account' || type === 'content') return text
  return WORDS.has(type) ? id : undefined
}

const WORDS: ReadonlySet<string> = new Set(['hashtag', 'query', 'url', 'handle'])

function textFacts({ terms, links, interstitial }: TextParty): TextFacts {
  return { terms, links, ...(interstitial ? { interstitial } : {}) }
}

function standingsOf(labels: LabelTable, subjects: readonly AskedSubject[], at: number): number[] {
  const standings: number[] = []
  for (const subject of subjects) standings.push(standingOf(labels, subject, at))
  return standings
}

function standingOf(labels: LabelTable, { type, id, author }: AskedSubject, at: number): number {
  const own = id === undefined ? 0 : labels.standing(type, id, at)
  const made = author === undefined ? 0 : labels.standing('account', author, at)
  return own > made ? own : made
}

function listOf(standings: readonly number[]): ListFacts {
  const size = Math.min(LIST_TOP, standings.length)
  let members = 0
  let adjacent = 0
  for (let i = 0; i < size; i++)
    if (standings[i] === 2) members++
    else if (standings[i] === 1) adjacent++
  return { members, adjacent, size }
}
