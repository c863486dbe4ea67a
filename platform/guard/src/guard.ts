import { type Clock, MINUTE, SECOND } from '@firebreak/kernel'
import type { EventInput, Label, Ledger } from '@firebreak/ledger'
import { DEFAULT_POLICY, defaultRuleSet, type ExplainedVerdict, type Policy, policyVersion } from '@firebreak/policy'
import { type Adjacencies, contactOf, contactsIn } from './contacts.ts'
import type { FailMode } from './fail-mode.ts'
import { addContact, emptySnapshot, isStale, judgeRequest, type Snapshot, type VerdictRequest } from './snapshot.ts'
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
}

const CHANGES = 5_000
const ASKED_AT_ONCE = 500
const MOST_OBSERVED = 1_000_000

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
  /** Contacts seen here that may not be edges (a view, an opened recommendation): each viewer's last one. */
  readonly #observed = new Map<string, string>()

  private constructor(options: GuardOptions, policy: Policy) {
    this.#options = options
    this.snapshot = emptySnapshot(policy, options.oldestUsable ?? 30 * SECOND)
    this.snapshot.text = options.text ?? null
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
    return judgeRequest(this.snapshot, request, this.#options.clock())
  }

  /** Contacts that this process has just stored; those of other processes follow within half a minute. */
  observe(events: Iterable<EventInput>): void {
    const at = this.#options.clock()
    for (const event of events) {
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
    await this.#start()
  }

  setPolicy(policy: Policy): void {
    if (policyVersion(policy) === this.snapshot.policyVersion) return
    this.snapshot.compiled = defaultRuleSet(policy)
    this.snapshot.policyVersion = this.snapshot.compiled.version
    this.snapshot.labels.setPolicy(policy, this.#options.clock())
    this.#contactsDueAt = 0
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
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    this.#stopListening()
    await this.#running?.catch(() => {})
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
    this.#takeAll(await source.labels.active())
    this.snapshot.seq = seq
    this.snapshot.seenAt = clock()
  }

  async #follow(): Promise<void> {
    const { source, clock, policy } = this.#options
    const askedAt = clock()
    if (policy) this.setPolicy(await policy())
    let changed = false
    for (;;) {
      const changes = await source.labels.changesAfter(this.snapshot.seq, CHANGES)
      changed = this.#takeAll(changes) || changed
      if (changes.length < CHANGES) break
    }
    this.snapshot.seenAt = askedAt
    if (changed) this.#contactsDueAt = 0
    if (askedAt >= this.#contactsDueAt) await this.#refreshContacts(askedAt)
  }

  #takeAll(labels: readonly Label[]): boolean {
    const at = this.#options.clock()
    let changed = false
    for (const label of labels) {
      changed = this.snapshot.labels.take(label, at) || changed
      this.snapshot.seq = Math.max(this.snapshot.seq, label.seq)
    }
    return changed
  }

  /** Built anew, so that contact with an account ends when its label does; swapped in within one turn. */
  async #refreshContacts(at: number): Promise<void> {
    const { source } = this.#options
    const head = await source.head()
    const settled = this.#contactsDueAt > 0 && head === this.#contactsSeq
    this.#contactsDueAt = at + MINUTE / 2
    this.snapshot.labels.sweep(at)
    if (settled) return
    const near = this.snapshot.labels.contactAccounts(at)
    const found: Adjacencies[] = []
    for (let from = 0; from < near.length; from += ASKED_AT_ONCE)
      found.push(await source.neighbours(near.slice(from, from + ASKED_AT_ONCE)))
    this.#contactsSeq = head
    this.snapshot.contacted.clear()
    this.snapshot.actedOn.clear()
    for (const adjacencies of found)
      for (const [account, viewer] of contactsIn(adjacencies)) addContact(this.snapshot, viewer, account, at)
    for (const [viewer, account] of this.#observed)
      if (this.snapshot.labels.isContact(account, at)) addContact(this.snapshot, viewer, account, at)
      else this.#observed.delete(viewer)
  }
}
