import { CATEGORY_NAMES, type CategoryName, categoryOf, type ReportIntake } from '@firebreak/intake'
import { type Clock, isFirebreakError, SECOND } from '@firebreak/kernel'
import type { Label, Ledger, Principal, StoredEvent } from '@firebreak/ledger'
import type { Exchanges } from '@firebreak/sharing'
import { type Banks, type ContentSignals, type Detectors, KNOWN_MEDIA_LOOK } from '@firebreak/signals'

export interface ReviewLoopParts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly banks: Banks
  readonly content: ContentSignals
  readonly detectors: Detectors
  readonly exchanges: Exchanges
  readonly onFault: (error: unknown) => void
}

const BY: Principal = { kind: 'system', id: 'signals' }
const LOOKS = 'signals-looks'
const DECISIONS = 'signals-decisions'
const ASKING: ReadonlySet<string> = new Set([KNOWN_MEDIA_LOOK, 'triage-look'])
const FALLBACK: CategoryName = 'illegal-content'
const PAGE = 500
const POLL = 2 * SECOND

/**
 * Closes the circle: a content that asks for a look becomes a report of the platform's own machine, once; what a person then decides
 * goes back to the content's labels, to the classifiers that scored it, and to the sources of entries that it equals.
 */
export class ReviewLoop {
  readonly #parts: ReviewLoopParts
  readonly #ended = new AbortController()
  #running: Promise<unknown> = Promise.resolve()

  constructor(parts: ReviewLoopParts) {
    this.#parts = parts
  }

  start(intake: Pick<ReportIntake, 'submit'>): void {
    this.#running = Promise.all([this.#looks(intake), this.#decisions()])
  }

  async close(): Promise<void> {
    this.#ended.abort()
    await this.#running
  }

  async #looks(intake: Pick<ReportIntake, 'submit'>): Promise<void> {
    const { ledger } = this.#parts
    const cursor = ledger.cursor(LOOKS)
    await this.#repeat(async () => {
      const changes = await ledger.labels.changesAfter(await cursor.get(), PAGE)
      for (const label of changes) if (!label.neg && ASKING.has(label.value)) await this.#ask(intake, label)
      const last = changes.at(-1)
      if (last !== undefined) await cursor.set(last.seq)
      return changes.length === PAGE
    })
  }

  /** The label's id is the key: whoever reads it again files nothing new. */
  async #ask(intake: Pick<ReportIntake, 'submit'>, label: Label): Promise<void> {
    const { id, subject, value } = label
    await intake.submit(
      {
        subject,
        category: this.#category(label),
        text: label.reason,
        reporter: { class: 'automated', id: 'signals' },
        source: value === KNOWN_MEDIA_LOOK ? 'banks' : 'classifier',
      },
      { caller: 'signals', key: id },
    )
  }

  /** The gravest category of the banks that it met. */
  #category({ evidence }: Label): CategoryName {
    const names = (evidence as { banks?: readonly string[] } | undefined)?.banks ?? []
    const known = this.#parts.banks.list().filter(({ name }) => names.includes(name))
    const categories = known.flatMap(({ settings }) =>
      CATEGORY_NAMES.includes(settings.category as CategoryName) ? [settings.category as CategoryName] : [],
    )
    return categories.sort((a, b) => categoryOf(b).severity - categoryOf(a).severity)[0] ?? FALLBACK
  }

  async #decisions(): Promise<void> {
    const { ledger, onFault } = this.#parts
    const { signal } = this.#ended
    while (!signal.aborted)
      try {
        const deliver = async (events: readonly StoredEvent[]) => {
          for (const event of events) await this.#decided(event)
        }
        await ledger.outbox.relay(DECISIONS, deliver, { signal, types: ['decision.effective'] })
      } catch (error) {
        if (!signal.aborted) onFault(error)
        await this.#sleep(POLL)
      }
  }

  async #decided({ data }: StoredEvent): Promise<void> {
    const { content, detectors, exchanges, banks } = this.#parts
    const target = data?.target as { type?: unknown; id?: unknown } | undefined
    if (target?.type !== 'content' || typeof target.id !== 'string') return
    const confirmed = data?.outcome === 'violation'
    // Whoever could not tell has not denied it.
    if (!confirmed && data?.outcome !== 'no-violation') return
    await detectors.reviewed(target.id, confirmed, BY)
    for (const { bank, entry } of await content.reviewed(target.id, confirmed)) {
      const name = banks.list().find((one) => banks.bank(one.name).id === bank)?.name
      if (name !== undefined) await exchanges.decide({ bank: name, entry, confirmed }, BY)
    }
  }

  async #repeat(step: () => Promise<boolean>): Promise<void> {
    while (!this.#ended.signal.aborted) {
      const more = await step().catch((error: unknown) => {
        const closed = isFirebreakError(error) && error.code === 'ledger/closed'
        if (!this.#ended.signal.aborted && !closed) this.#parts.onFault(error)
        return false
      })
      if (!more) await this.#sleep(POLL)
    }
  }

  #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { signal } = this.#ended
    const ended = () => resolve()
    const timer = setTimeout(ended, ms)
    signal.addEventListener('abort', ended)
    if (signal.aborted) ended()
    return promise.finally(() => {
      clearTimeout(timer)
      signal.removeEventListener('abort', ended)
    })
  }
}
