import { CATEGORY_NAMES, type CategoryName, categoryOf, type ReportIntake } from '@firebreak/intake'
import { isFirebreakError, SECOND } from '@firebreak/kernel'
import type { Label, Ledger, StoredEvent } from '@firebreak/ledger'
import type { Exchanges } from '@firebreak/sharing'
import { type Banks, type ContentSignals, type Detectors, KNOWN_MEDIA_LOOK, WorkLoop } from '@firebreak/signals'
import { BANK_LOOK, CLASSIFIER_LOOK, Findings } from './findings.ts'

export interface ReviewLoopParts {
  readonly ledger: Ledger
  readonly banks: Banks
  readonly content: ContentSignals
  readonly detectors: Detectors
  readonly exchanges: Exchanges
  readonly onFault: (error: unknown) => void
}

const LOOKS = 'signals-looks'
const DECISIONS = 'signals-decisions'
const FOLLOWED = ['decision.effective', 'decision.reversed'] as const
const ASKING: ReadonlySet<string> = new Set([KNOWN_MEDIA_LOOK, 'triage-look'])
const FALLBACK: CategoryName = 'illegal-content'
const PAGE = 500
const POLL = 2 * SECOND

/**
 * Closes the circle: a content that asks for a look becomes a report of the platform's own machine, once; what a person then decides
 * about it goes back to the content's labels, to the classifiers that scored it, and to the sources of entries that it equals.
 */
export class ReviewLoop {
  readonly #parts: ReviewLoopParts
  readonly #loop: WorkLoop
  readonly #findings: Findings

  constructor(parts: ReviewLoopParts) {
    this.#parts = parts
    this.#findings = new Findings(parts)
    this.#loop = new WorkLoop({ pollEvery: POLL, onFault: parts.onFault })
  }

  start(intake: Pick<ReportIntake, 'submit'>): void {
    this.#loop.run(() => this.#looks(intake))
    this.#loop.run(() => this.#decisions())
  }

  close(): Promise<void> {
    return this.#loop.close()
  }

  async #looks(intake: Pick<ReportIntake, 'submit'>): Promise<boolean> {
    const { ledger } = this.#parts
    const cursor = ledger.cursor(LOOKS)
    const changes = await ledger.labels.changesAfter(await cursor.get(), PAGE)
    for (const label of changes)
      if (!label.neg && ASKING.has(label.value)) await this.#orTold(() => this.#ask(intake, label))
    const last = changes.at(-1)
    if (last !== undefined) await cursor.set(last.seq)
    return changes.length === PAGE
  }

  /** One that is refused must not stop those behind it; a store that is away does. */
  async #orTold(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!isFirebreakError(error) || error.status >= 500) throw error
      // Filed before, under words that have changed since.
      if (error.code !== 'http/conflict') this.#parts.onFault(error)
    }
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
        source: value === KNOWN_MEDIA_LOOK ? BANK_LOOK : CLASSIFIER_LOOK,
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

  async #decisions(): Promise<boolean> {
    const deliver = async (events: readonly StoredEvent[]) => {
      for (const event of events) await this.#orTold(() => this.#findings.take(event))
    }
    const { signal } = this.#loop
    await this.#parts.ledger.outbox.relay(DECISIONS, deliver, { signal, types: FOLLOWED })
    return false
  }
}
