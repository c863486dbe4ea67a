import type { Clock } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import { CompiledList } from './compiled-list.ts'
import { Interstitials } from './interstitials.ts'
import type { EntryRow, LexiconStore } from './lexicon-store.ts'
import { ProtectedTerms } from './protected-terms.ts'
import type { LexiconSettings } from './settings.ts'
import { DEFAULT_LINK_POLICY, type LinkPolicy } from './text-judge.ts'

const POLL = 500
/** From this many changes on, compiling anew is quicker than changing one by one. */
const MANY = 200

/** What is in force and what is in shadow, in memory, following the ledger. Each change is a swap: a question sees one list or the other. */
export class LiveLists {
  list = CompiledList.of([])
  shadow = CompiledList.of([])
  protectedTerms = new ProtectedTerms()
  interstitials = new Interstitials()
  links: LinkPolicy = DEFAULT_LINK_POLICY
  seq = 0
  readonly #ledger: Ledger
  readonly #store: LexiconStore
  readonly #settings: LexiconSettings
  readonly #options: { readonly clock: Clock; readonly pollEvery?: number; readonly onFault?: (error: unknown) => void }
  readonly #shadowHits = new Map<string, number>()
  #settingsVersion = -1
  #timer: NodeJS.Timeout | null = null
  #stopListening: () => void = () => {}
  #running: Promise<void> = Promise.resolve()
  #waiting = false
  #behind = true

  constructor(
    options: {
      readonly ledger: Ledger
      readonly clock: Clock
      readonly pollEvery?: number
      readonly onFault?: (error: unknown) => void
    },
    store: LexiconStore,
    settings: LexiconSettings,
  ) {
    this.#ledger = options.ledger
    this.#options = options
    this.#store = store
    this.#settings = settings
  }

  async open(): Promise<void> {
    await this.refresh()
    // Commits come by the thousand; the lists are looked at twice a second at most, and at once after an own change.
    this.#stopListening = this.#ledger.onCommit(() => {
      this.#behind = true
    })
    this.#timer = setInterval(() => {
      if (this.#behind) this.refresh().catch((error) => this.#options.onFault?.(error))
    }, this.#options.pollEvery ?? POLL)
    this.#timer.unref()
  }

  /** Concurrent calls share the work that has not begun. */
  refresh(): Promise<void> {
    if (this.#waiting) return this.#running
    this.#waiting = true
    this.#running = this.#running
      .catch(() => {})
      .then(async () => {
        this.#waiting = false
        this.#behind = false
        await this.#take()
      })
    return this.#running
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    this.#stopListening()
    await this.#running.catch(() => {})
  }

  /** Rows that changed after a position, in order. */
  changedAfter(seq: number): Promise<EntryRow[]> {
    return this.#store.rows(this.#ledger.db, seq)
  }

  /** Hits of entries in shadow in this process. */
  shadowHits(id: string): number {
    return this.#shadowHits.get(id) ?? 0
  }

  countShadow(kind: string, text: string, at: number): void {
    if (this.shadow.size === 0) return
    const { terms, links } = this.shadow.find(kind, text, at)
    for (const id of new Set([...terms, ...links].map(({ entry }) => entry.id)))
      this.#shadowHits.set(id, this.shadowHits(id) + 1)
  }

  async #take(): Promise<void> {
    await this.#takeSettings()
    const rows = await this.#store.rows(this.#ledger.db, this.seq)
    if (rows.length === 0) return
    this.list = await this.#applied(this.list, rows, ({ liveVersion }) => liveVersion)
    this.shadow = await this.#applied(this.shadow, rows, ({ state, version }) => (state === 'shadow' ? version : null))
    this.seq = rows.at(-1)!.changed
  }

  async #applied(
    list: CompiledList,
    rows: readonly EntryRow[],
    which: (row: EntryRow) => number | null,
  ): Promise<CompiledList> {
    const set = await this.#store.opened(this.#ledger.db, rows, which)
    const removed = rows.filter(({ id }) => !set.has(id)).map(({ id }) => id)
    if (set.size === 0 && removed.length === 0) return list
    return rows.length > MANY && list.size === 0 ? CompiledList.of(set.values()) : list.changed(set.values(), removed)
  }

  async #takeSettings(): Promise<void> {
    const { version, protectedTerms, interstitials, links } = await this.#settings.read()
    if (version === this.#settingsVersion) return
    this.#settingsVersion = version
    this.protectedTerms = new ProtectedTerms(protectedTerms)
    this.interstitials = new Interstitials(interstitials)
    this.links = links
  }
}
