import type { Clock } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import { type Interval, wilson } from '@firebreak/statistics'
import { INTERSTITIAL_KINDS, type InterstitialKind } from './interstitial-texts.ts'

/** What may come of a screen. `requery`: another question of the same kind within the session; `back`: the person left. */
export const OUTCOMES = ['shown', 'help', 'requery', 'back', 'continued'] as const
/** One of `OUTCOMES`. */
export type Outcome = (typeof OUTCOMES)[number]

/** One thing that happened, without person or query. */
export interface OutcomeSeen {
  readonly kind: InterstitialKind
  readonly variant: string
  readonly locale: string
  readonly outcome: Outcome
}

/** A variant's trial so far; shares are of the times it was shown, with 95 % Wilson intervals. */
export interface VariantOutcome {
  readonly kind: InterstitialKind
  readonly variant: string
  readonly shown: number
  readonly help: Interval & { readonly count: number }
  readonly requery: Interval & { readonly count: number }
  readonly back: Interval & { readonly count: number }
  readonly continued: Interval & { readonly count: number }
}

const SYSTEM: Principal = { kind: 'system', id: 'interstitials' }

/**
 * Counts what came of screens, by day, kind, variant and language. Counts are written every two seconds; what a killed process had
 * not written is lost, which a trial can bear.
 */
export class InterstitialOutcomes {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #waiting = new Map<string, { day: string; seen: OutcomeSeen; count: number }>()
  readonly #timer: NodeJS.Timeout
  #writing: Promise<void> = Promise.resolve()

  constructor({
    ledger,
    clock,
    onFault,
    every = 2_000,
  }: { ledger: Ledger; clock: Clock; onFault?: (error: unknown) => void; every?: number }) {
    this.#ledger = ledger
    this.#clock = clock
    this.#timer = setInterval(() => this.flush().catch((error) => onFault?.(error)), every)
    this.#timer.unref()
  }

  count(seen: OutcomeSeen): void {
    const day = new Date(this.#clock()).toISOString().slice(0, 10)
    const key = [day, seen.kind, seen.variant, seen.locale, seen.outcome].join('\0')
    const known = this.#waiting.get(key)
    if (known) known.count++
    else this.#waiting.set(key, { day, seen, count: 1 })
  }

  /** Writes what was counted; a failed write keeps its counts. */
  flush(): Promise<void> {
    this.#writing = this.#writing.catch(() => {}).then(() => this.#write())
    return this.#writing
  }

  /** Every variant that was shown, since a day (`YYYY-MM-DD`). */
  async report(since = '0000-00-00'): Promise<VariantOutcome[]> {
    await this.flush()
    const rows = await this.#ledger.db
      .selectFrom('interstitial_outcome')
      .select(({ fn }) => ['kind', 'variant', 'outcome', fn.sum('count').as('count')])
      .where('day', '>=', since)
      .groupBy(['kind', 'variant', 'outcome'])
      .execute()
    const byVariant = Map.groupBy(rows, ({ kind, variant }) => `${kind}\0${variant}`)
    return [...byVariant.values()]
      .map((group) => variantOutcome(group))
      .sort(
        (a, b) =>
          INTERSTITIAL_KINDS.indexOf(a.kind) - INTERSTITIAL_KINDS.indexOf(b.kind) || (a.variant < b.variant ? -1 : 1),
      )
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }

  async #write(): Promise<void> {
    if (this.#waiting.size === 0) return
    const batch = [...this.#waiting]
    this.#waiting.clear()
    const rows = batch.map(([, { day, seen, count }]) => ({ day, ...seen, count }))
    try {
      await this.#ledger.transaction(SYSTEM, async (tx) => {
        await tx.db
          .insertInto('interstitial_outcome')
          .values(rows)
          .onConflict((conflict) =>
            conflict
              .columns(['day', 'kind', 'variant', 'locale', 'outcome'])
              .doUpdateSet((eb) => ({ count: eb('interstitial_outcome.count', '+', eb.ref('excluded.count')) })),
          )
          .execute()
      })
    } catch (error) {
      for (const [key, lost] of batch) {
        const later = this.#waiting.get(key)
        if (later) later.count += lost.count
        else this.#waiting.set(key, lost)
      }
      throw error
    }
  }
}

function variantOutcome(
  rows: readonly { kind: string; variant: string; outcome: string; count: string | number | bigint }[],
): VariantOutcome {
  const count = (outcome: Outcome): number => Number(rows.find((row) => row.outcome === outcome)?.count ?? 0)
  const shown = count('shown')
  const share = (outcome: Outcome) => ({ count: count(outcome), ...wilson(Math.min(count(outcome), shown), shown) })
  const { kind, variant } = rows[0]!
  return {
    kind: kind as InterstitialKind,
    variant,
    shown,
    help: share('help'),
    requery: share('requery'),
    back: share('back'),
    continued: share('continued'),
  }
}
