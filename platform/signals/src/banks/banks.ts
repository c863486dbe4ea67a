import { type Clock, FirebreakError } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import { compactInBackground } from '@firebreak/media'
import { type BankState, bankState } from '../matching/bank-state.ts'
import { type Hit, Matcher, type Query } from '../matching/matcher.ts'
import type { Sealer } from '../store/seal.ts'
import { type BankRow, BankStore } from './bank-store.ts'
import type { EntryChange } from './changes.ts'
import type { NewEntry } from './chunk.ts'
import { HASH_KINDS, type HashKind } from './kinds.ts'
import { type BankSettings, bankSettings, checkBankName } from './settings.ts'

/** What banks are opened with. */
export interface BanksOptions {
  readonly ledger: Ledger
  readonly sealer: Sealer
  readonly clock: Clock
  /** Longest time between two looks at the journal when nobody reports a commit (default 0.5 s). */
  readonly pollEvery?: number
  readonly onFault?: (error: unknown) => void
}

/** A bank as it may be shown: settings and counts, never an entry. */
export interface BankView {
  readonly name: string
  readonly settings: BankSettings
  readonly entries: number
  readonly withdrawn: number
  readonly quarantined: number
}

const POLL = 500
const LOOK = 100
/** Entries that came since the index was built are scanned one by one; with so many, it is built anew in another thread. */
const COMPACT_FROM = 100_000

/**
 * Banks of known hashes: written to, matched against, never read out. Everything is in memory; an added hash matches at once in this
 * process and within a second in others, which follow the ledger's commits.
 */
export class Banks {
  readonly store: BankStore
  readonly #options: BanksOptions
  readonly #matcher = new Matcher()
  readonly #byName = new Map<string, BankState>()
  readonly #listeners = new Set<() => void>()
  #stop: () => void = () => {}
  #running: Promise<void> = Promise.resolve()
  #waiting = false
  #closed = false
  #compacting: Promise<void> | null = null
  /** How long the opening read and index took, in milliseconds. */
  loadMs = 0

  private constructor(options: BanksOptions) {
    this.#options = options
    this.store = new BankStore(options.ledger, options.sealer)
  }

  /** Resolves when every entry is in memory. Cost: seconds for ten million. */
  static async open(options: BanksOptions): Promise<Banks> {
    const banks = new Banks(options)
    const began = performance.now()
    await banks.#settings()
    banks.#matcher.expect(await banks.store.entries())
    for await (const row of banks.store.journal(0)) banks.#matcher.take(row)
    banks.#matcher.built()
    banks.loadMs = Math.round(performance.now() - began)
    banks.#follow()
    return banks
  }

  get matcher(): Matcher {
    return this.#matcher
  }

  list(): BankView[] {
    return [...this.#byName.values()].filter(({ removed }) => !removed).map(viewOf)
  }

  /** Throws `http/not-found` for a name that no bank has. */
  bank(name: string): BankState {
    const bank = this.#byName.get(name)
    if (bank === undefined || bank.removed) throw new FirebreakError('http/not-found', [`bank ${name}`])
    return bank
  }

  async create(name: string, settings: unknown, by: Principal): Promise<BankView> {
    checkBankName(name)
    const full = bankSettings(settings)
    await this.#options.ledger.transaction(by, (tx) => this.store.createIn(tx, name, full))
    await this.refresh()
    return viewOf(this.bank(name))
  }

  async update(name: string, changes: unknown, by: Principal): Promise<BankView> {
    const bank = this.bank(name)
    const settings = bankSettings(changes, bank.settings)
    await this.#options.ledger.transaction(by, (tx) => this.store.settingsIn(tx, rowOf(bank), settings))
    await this.refresh()
    return viewOf(this.bank(name))
  }

  /** The bank stops matching for good; what it caused is re-judged. Its name is not given out again. */
  async remove(name: string, by: Principal): Promise<void> {
    const bank = this.bank(name)
    await this.#options.ledger.transaction(by, (tx) => this.store.settingsIn(tx, rowOf(bank), bank.settings, true))
    await this.refresh()
  }

  /** Adds entries; they match when it resolves. Answers the number of the first. */
  async add(name: string, kind: HashKind, entries: readonly NewEntry[], by: Principal): Promise<number> {
    const bank = this.bank(name)
    const parts = this.store.sealed(bank.id, kind, entries)
    const first = await this.#options.ledger.transaction(by, (tx) => this.store.addIn(tx, bank, parts))
    await this.refresh()
    return first
  }

  async change(name: string, changes: readonly EntryChange[], reason: string, by: Principal): Promise<void> {
    const bank = this.bank(name)
    for (const { entry } of changes)
      if (!(entry >= 0 && entry < bank.entries)) throw new FirebreakError('http/not-found', [`entry ${entry}`])
    await this.#options.ledger.transaction(by, (tx) => this.store.changeIn(tx, bank, changes, reason))
    await this.refresh()
  }

  /** What the query meets, nearest first. Within memory, well under a millisecond. */
  match(query: Query): Hit[] {
    return this.#matcher.match(query, this.#options.clock())
  }

  /** Entries of a bank with this hash, live ones only. */
  entriesWith(name: string, query: Query): number[] {
    const bank = this.bank(name)
    return this.match(query)
      .filter((hit) => hit.bank === bank && hit.distance === 0)
      .map(({ entry }) => entry)
  }

  /** Takes what was written meanwhile, by whatever process; concurrent calls share the work. */
  refresh(): Promise<void> {
    if (this.#waiting) return this.#running
    this.#waiting = true
    this.#running = this.#running
      .catch(() => {})
      .then(async () => {
        this.#waiting = false
        await this.#take()
      })
    return this.#running
  }

  /** Called after entries or settings changed in memory. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The journal position in memory. */
  get seq(): number {
    return this.#matcher.seq
  }

  status(): { banks: number; entries: number; quarantined: number; loadMs: number; kinds: readonly HashKind[] } {
    const banks = this.list()
    const sum = (of: (bank: BankView) => number) => banks.reduce((all, bank) => all + of(bank), 0)
    return {
      banks: banks.length,
      entries: sum(({ entries, withdrawn }) => entries - withdrawn),
      quarantined: sum(({ quarantined }) => quarantined),
      loadMs: this.loadMs,
      kinds: HASH_KINDS,
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stop()
    await this.#running.catch(() => {})
    await this.#compacting
  }

  /** Other processes' writes are looked for after commits, a few times a second at most: most commits are none of ours. */
  #follow(): void {
    let due: NodeJS.Timeout | undefined
    const look = () => {
      due = undefined
      if (!this.#closed) this.refresh().catch((error) => this.#options.onFault?.(error))
    }
    const stopListening = this.#options.ledger.onCommit(() => {
      due ??= setTimeout(look, LOOK)
    })
    // An embedded store has no other process whose notice could be lost.
    const often = this.#options.ledger.kind === 'embedded' ? POLL * 10 : POLL
    const timer = setInterval(look, this.#options.pollEvery ?? often)
    timer.unref()
    this.#stop = () => {
      stopListening()
      clearTimeout(due)
      clearInterval(timer)
    }
  }

  async #take(): Promise<void> {
    if (this.#closed) return
    let changed = false
    for await (const row of this.store.journal(this.#matcher.seq)) {
      if (row.operation === 'settings' || !this.#matcher.banks.has(row.bank)) await this.#settings()
      this.#matcher.take(row)
      changed = true
    }
    if (!changed) return
    this.#compact()
    for (const listener of this.#listeners) listener()
  }

  /** Matching goes on meanwhile, new entries included. */
  #compact(): void {
    const { index } = this.#matcher
    if (index === null || index.delta < COMPACT_FROM || this.#compacting !== null) return
    this.#compacting = compactInBackground(index)
      .catch((error: unknown) => this.#options.onFault?.(error))
      .finally(() => {
        this.#compacting = null
      })
  }

  async #settings(): Promise<void> {
    for (const { id, name, settings, removed } of await this.store.banks()) {
      let bank = this.#matcher.banks.get(id)
      if (bank === undefined) {
        bank = bankState(id, name, settings)
        this.#matcher.banks.set(id, bank)
        this.#byName.set(name, bank)
      }
      bank.settings = settings
      bank.removed = removed
    }
  }
}

function rowOf({ id, name, settings, removed }: BankState): BankRow {
  return { id, name, settings, removed }
}

function viewOf({ name, settings, entries, withdrawn, quarantined }: BankState): BankView {
  return { name, settings, entries, withdrawn, quarantined }
}
