import { type Clock, MINUTE, SECOND } from '@firebreak/kernel'
import type { EventInput, Label, Ledger } from '@firebreak/ledger'
import {
  DEFAULT_POLICY,
  defaultRuleSet,
  type ExplainedVerdict,
  type Policy,
  policyVersion,
  type Surface,
} from '@firebreak/policy'
import { contactOf, contactsIn } from './contacts.ts'
import { DEFAULT_FAIL_MODES, type FailMode } from './fail-mode.ts'
import type { Switchboard } from './legal/switchboard.ts'
import type { PeopleFollower } from './people/people-follower.ts'
import { Keeper } from './records/keeper.ts'
import type { Recorder } from './records/recorder.ts'
import type { MostlyWithheld } from './records/withheld-watch.ts'
import type { RuleBook } from './rules/rule-book.ts'
import {
  addContact,
  type Explained,
  emptySnapshot,
  explainRequest,
  isStale,
  judgeRequest,
  type Snapshot,
  type VerdictRequest,
} from './snapshot.ts'
import type { TextJudge } from './text-judge.ts'

/** What the guard needs of the ledger; reads only. */
export type GuardSource = Pick<Ledger, 'neighbours' | 'onCommit' | 'head'> & {
  readonly labels: Pick<Ledger['labels'], 'active' | 'changesAfter'>
}

/** What a guard is opened with. */
export interface GuardOptions {
  readonly source: GuardSource
  readonly clock: Clock
  /** The policy as set, asked for on every refresh so that all processes follow it. */
  readonly policy?: () => Promise<Policy>
  /** Longest time between two looks at the ledger when nobody reports a commit (default 0.5 s). */
  readonly pollEvery?: number
  /** Above this age of the snapshot the fail modes apply (default 30 s). */
  readonly oldestUsable?: number
  /** Lexicon and link lists, asked about every subject that comes with a text. */
  readonly text?: TextJudge
  /** Ages, counts and connections; without it no age is known and every count is 0. */
  readonly people?: PeopleFollower
  /** The operator's rules; without it the default pack. */
  readonly rules?: RuleBook
  /** Who may look where; without it everything may. */
  readonly switchboard?: Switchboard
  /** Counts, samples and statements owed; without it nothing is kept. */
  readonly recorder?: Recorder
  /** Fail modes as set, over the defaults; asked for on every refresh, after `policy`. */
  readonly failModes?: () => Readonly<Partial<Record<Surface, FailMode>>>
  /** Told once of each unlabelled account that is withheld from most of its viewers: a mistake of the guard's, probably. */
  readonly onMostlyWithheld?: (accounts: readonly MostlyWithheld[]) => void
  /** Milliseconds, monotonic; times rules. */
  readonly stopwatch?: () => number
  readonly onFault?: (error: unknown) => void
}

/** How the guard stands; shown in status and health. */
export interface GuardStatus {
  readonly on: boolean
  readonly labels: number
  readonly contacted: number
  readonly snapshotAgeMs: number | null
  readonly stale: boolean
  readonly policyVersion: string
  readonly failModes: Readonly<Record<string, FailMode>>
  /** Unlabelled accounts that were withheld from most of those they were meant for. */
  readonly mostlyWithheld: number
}

const CHANGES = 5_000
const ASKED_AT_ONCE = 500
/** Labels or contacts taken in within one turn: a few milliseconds, so that no question waits longer. */
const SLICE = 500
const CONTACTS_SOON = 2 * SECOND
const MOST_OBSERVED = 1_000_000
const FLUSH_EVERY = 5 * SECOND
const BESIDE_EVERY = SECOND / 4

/**
 * Answers from memory and follows the ledger: a label written or taken back counts within a second, in this process
 * and in others. The database is never asked while a question waits.
 */
export class Guard {
  readonly snapshot: Snapshot
  readonly #options: GuardOptions
  readonly #stopListening: () => void
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> | null = null
  #again = false
  #closed = false
  #contactsDueAt = 0
  #contactsSeq = -1
  readonly #freshContacts = new Set<string>()
  #hasLostContacts = false
  #asked = false
  readonly #keeper: Keeper
  #rulesEndAt = Number.POSITIVE_INFINITY
  #booksSeq = -1
  #followedHead = -1
  #besideAt = Number.NEGATIVE_INFINITY
  #flushedAt = 0
  /** Contacts seen here that may not be edges (a view, an opened recommendation): each viewer's last one. */
  readonly #observed = new Map<string, string>()

  private constructor(options: GuardOptions, policy: Policy) {
    this.#options = options
    this.#keeper = new Keeper(options)
    this.snapshot = emptySnapshot(policy, options.oldestUsable ?? 30 * SECOND)
    this.snapshot.text = options.text ?? null
    if (options.people) this.snapshot.people = options.people.book
    if (options.switchboard) this.snapshot.detectorAllowed = options.switchboard.allowed
    this.#compile(policy)
    this.#stopListening = options.source.onCommit(() => this.#wake())
    this.#timer = setInterval(() => this.#wake(), options.pollEvery ?? SECOND / 2)
  }

  /** Resolves when every active label is in memory. */
  static async open(options: GuardOptions): Promise<Guard> {
    const guard = new Guard(options, (await options.policy?.()) ?? DEFAULT_POLICY)
    try {
      await guard.#load()
      await guard.refresh()
    } catch (error) {
      await guard.close()
      throw error
    }
    return guard
  }

  judge(request: VerdictRequest): ExplainedVerdict[] {
    const at = this.#options.clock()
    const verdicts = judgeRequest(this.snapshot, request, at)
    this.#keeper.keep(this.snapshot, request, verdicts, at)
    return verdicts
  }

  /** Verdicts with their inside; for callers with the scope `explain` only. */
  explain(request: VerdictRequest): Explained[] {
    const at = this.#options.clock()
    const explained = explainRequest(this.snapshot, request, at)
    this.#keeper.keep(
      this.snapshot,
      request,
      explained.map(({ verdict }) => verdict),
      at,
    )
    return explained
  }

  /** Contacts that this process has just stored; those of other processes follow within half a minute. */
  observe(events: Iterable<EventInput>): void {
    const at = this.#options.clock()
    for (const event of events) {
      if (event.type === 'subject.erased') this.#options.people?.book.forget(event.subject.id)
      const contact = contactOf(event)
      if (!contact || !this.snapshot.labels.isContact(contact.account, at)) continue
      addContact(this.snapshot, contact.viewer, contact.account, at)
      this.#observed.delete(contact.viewer)
      this.#observed.set(contact.viewer, contact.account)
      if (this.#observed.size > MOST_OBSERVED) this.#observed.delete(this.#observed.keys().next().value!)
    }
  }

  /** Applies everything written so far; concurrent calls share the work. */
  async refresh(): Promise<void> {
    while (this.#running) await this.#running
    this.#besideAt = Number.NEGATIVE_INFINITY
    this.#asked = true
    await this.#start()
  }

  setPolicy(policy: Policy): void {
    const at = this.#options.clock()
    const version = this.#options.rules?.version(policy) ?? policyVersion(policy)
    const settled = policyVersion(policy) === policyVersion(this.snapshot.compiled.policy)
    if (version === this.snapshot.policyVersion && at < this.#rulesEndAt) return
    this.#compile(policy)
    if (settled) return
    this.snapshot.labels.setPolicy(policy)
    this.#contactsDueAt = 0
  }

  #compile(policy: Policy): void {
    const { rules, clock, stopwatch } = this.#options
    const at = clock()
    const timer = stopwatch ?? (() => 0)
    this.#options.recorder?.retire(this.snapshot.compiled)
    this.snapshot.compiled = rules ? rules.ruleSet(policy, at, timer) : defaultRuleSet(policy, timer)
    this.snapshot.policyVersion = this.snapshot.compiled.version
    this.#rulesEndAt = rules?.nextEnd(at) ?? Number.POSITIVE_INFINITY
  }

  /** Unlabelled accounts withheld from most of those they were meant for; for people who may see who is who. */
  mostlyWithheld(): MostlyWithheld[] {
    return this.#keeper.mostlyWithheld()
  }

  status(): GuardStatus {
    const { snapshot } = this
    const at = this.#options.clock()
    return {
      on: snapshot.compiled.policy.on,
      labels: snapshot.labels.size,
      contacted: snapshot.contacted.size,
      snapshotAgeMs: snapshot.seenAt === null ? null : Math.max(0, at - snapshot.seenAt),
      stale: isStale(snapshot, at),
      policyVersion: snapshot.policyVersion,
      failModes: snapshot.failModes,
      mostlyWithheld: this.#keeper.mostlyWithheld().length,
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    this.#stopListening()
    await this.#running?.catch(() => {})
    await this.#options.recorder?.flush(this.snapshot.compiled, this.#options.clock()).catch(() => {})
  }

  #wake(): void {
    if (this.#closed) return
    if (this.#running) this.#again = true
    else this.#start().catch((error) => this.#options.onFault?.(error))
  }

  #start(): Promise<void> {
    const work = this.#follow().finally(() => {
      this.#running = null
      if (!this.#again) return
      this.#again = false
      this.#wake()
    })
    this.#running = work
    return work
  }

  /** Retractions of labels that ended in between are passed over by the table, so the order of the two reads is safe. */
  async #load(): Promise<void> {
    const { source, clock } = this.#options
    const seq = await source.head()
    await inSlices(await source.labels.active(), (some) => this.#takeAll(some))
    this.snapshot.seq = seq
    this.snapshot.seenAt = clock()
  }

  /** One question to the store while nothing is written; the rest only when something was, or when it is asked for. */
  async #follow(): Promise<void> {
    const { source, clock } = this.#options
    const askedAt = clock()
    const asked = this.#asked
    this.#asked = false
    const head = await source.head()
    if (asked || head !== this.#followedHead) await this.#followTo(head)
    else {
      this.setPolicy(this.snapshot.compiled.policy)
      await this.#options.people?.fetchWanted()
    }
    this.snapshot.seenAt = askedAt
    await this.#flush(askedAt)
    await this.#followContacts(askedAt, asked)
  }

  async #followTo(head: number): Promise<void> {
    const { source, policy, people, failModes } = this.#options
    const beside = this.#isDue()
    if (beside) await this.#refreshBooks()
    this.setPolicy(policy ? await policy() : this.snapshot.compiled.policy)
    if (failModes) this.snapshot.failModes = { ...DEFAULT_FAIL_MODES, ...failModes() }
    for (;;) {
      const changes = await source.labels.changesAfter(this.snapshot.seq, CHANGES)
      await inSlices(changes, (some) => this.#takeAll(some))
      if (changes.length < CHANGES) break
    }
    if (beside) await people?.follow()
    this.#followedHead = beside ? head : -1
  }

  /** What changes rarely is not looked at after every commit of a busy minute, but well within a second. */
  #isDue(): boolean {
    const { stopwatch } = this.#options
    if (!stopwatch) return true
    const now = stopwatch()
    if (now - this.#besideAt < BESIDE_EVERY) return false
    this.#besideAt = now
    return true
  }

  /** Rules and switches are read again when anything was written at all. */
  async #refreshBooks(): Promise<void> {
    const { rules, switchboard, source } = this.#options
    if (!rules && !switchboard) return
    const head = await source.head()
    if (head === this.#booksSeq) return
    await rules?.refresh()
    await switchboard?.refresh()
    this.#booksSeq = head
  }

  async #flush(at: number): Promise<void> {
    const { recorder, people } = this.#options
    if (at - this.#flushedAt < FLUSH_EVERY) return
    this.#flushedAt = at
    people?.book.sweep(at)
    await recorder?.flush(this.snapshot.compiled, at)
  }

  #takeAll(labels: readonly Label[]): void {
    const { labels: table } = this.snapshot
    const at = this.#options.clock()
    for (const label of labels) {
      const { type, id } = label.subject
      const was = type === 'account' && table.isContact(id, at)
      if (table.take(label, at) && type === 'account') this.#noteContact(id, was, at)
      this.snapshot.seq = Math.max(this.snapshot.seq, label.seq)
    }
  }

  /** Whom an account newly brings into contact is asked for at once; contact that ended is taken away by the next rebuild. */
  #noteContact(account: string, was: boolean, at: number): void {
    if (this.snapshot.labels.isContact(account, at)) this.#freshContacts.add(account)
    else if (was) {
      this.#hasLostContacts = true
      this.#contactsDueAt = Math.min(this.#contactsDueAt, at + CONTACTS_SOON)
    }
  }

  async #followContacts(at: number, asked: boolean): Promise<void> {
    if (at >= this.#contactsDueAt || (asked && this.#hasLostContacts)) return this.#refreshContacts(at)
    const fresh = [...this.#freshContacts]
    this.#freshContacts.clear()
    await this.#findContacts(fresh, this.snapshot, at).catch((error: unknown) => {
      this.#contactsDueAt = 0
      throw error
    })
  }

  async #findContacts(accounts: readonly string[], into: ContactSets, at: number): Promise<void> {
    for (let from = 0; from < accounts.length; from += ASKED_AT_ONCE) {
      if (from > 0) await turn()
      const found = await this.#options.source.neighbours(accounts.slice(from, from + ASKED_AT_ONCE))
      await inSlices([...contactsIn(found)], (some) => {
        for (const [account, viewer] of some) addContact(into, viewer, account, at)
      })
    }
  }

  /** Built anew beside the old ones, so that contact with an account ends when its label does; swapped in within one turn. */
  async #refreshContacts(at: number): Promise<void> {
    const { source } = this.#options
    const head = await source.head()
    const settled = this.#contactsDueAt > 0 && head === this.#contactsSeq
    this.#contactsDueAt = at + MINUTE / 2
    const { labels } = this.snapshot
    for (const _ of labels.sweep(at)) await turn()
    if (settled) return
    this.#freshContacts.clear()
    const built = { labels, contacted: new Set<string>(), actedOn: new Map<string, string | true>() }
    try {
      for (const some of labels.contactAccounts(at)) {
        await turn()
        await this.#findContacts(some, built, at)
      }
    } catch (error) {
      this.#contactsDueAt = 0
      throw error
    }
    this.#contactsSeq = head
    this.#hasLostContacts = false
    for (const [viewer, account] of this.#observed)
      if (labels.isContact(account, at)) addContact(built, viewer, account, at)
      else this.#observed.delete(viewer)
    this.snapshot.contacted = built.contacted
    this.snapshot.actedOn = built.actedOn
  }
}

type ContactSets = Pick<Snapshot, 'labels' | 'contacted' | 'actedOn'>

/** Lets whatever waits have its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function inSlices<T>(all: readonly T[], work: (some: readonly T[]) => void): Promise<void> {
  for (let from = 0; from < all.length; from += SLICE) {
    if (from > 0) await turn()
    work(all.slice(from, from + SLICE))
  }
}
