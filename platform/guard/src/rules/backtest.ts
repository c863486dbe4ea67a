import type { Ledger } from '@firebreak/ledger'
import {
  type CompiledRule,
  type ExplainedVerdict,
  type Facts,
  type NotKept,
  type Policy,
  RuleSet,
  ruleFacts,
} from '@firebreak/policy'
import { clopperPearson, type Interval } from '@firebreak/statistics'

/** A subject that a rule would have applied to, as far as stored facts tell: never who it was. */
export interface BacktestExample {
  readonly at: string
  readonly facts: Facts
  readonly verdictThen: string
}

/** What a rule would have done to the questions of the past. Shares are of the sampled subjects, with 95 % intervals. */
export interface Backtest {
  readonly judged: number
  readonly hits: number
  readonly share: Interval
  /** Hits on subjects that were allowed then: what would change. */
  readonly newly: number
  readonly newlyShare: Interval
  readonly unknowns: number
  readonly errors: number
  /** What the rule reads that samples do not hold. With `ages` nothing can be said: all samples are unknown, none is judged. */
  readonly untried: readonly NotKept[]
  readonly bySurface: Readonly<Record<string, { readonly judged: number; readonly hits: number }>>
  readonly examples: readonly BacktestExample[]
}

interface Stored {
  readonly at: Date
  readonly action: string
  readonly facts: Facts
}

const EXAMPLES = 10
const PAGE = 5_000

/** Judges a rule on up to `most` stored facts, newest first. Ages, counts and connections are never stored with them: see `untried`. */
export async function backtest(
  db: Ledger['db'],
  rule: CompiledRule,
  policy: Policy,
  { from, to, most = 100_000 }: { from?: Date; to?: Date; most?: number } = {},
): Promise<Backtest> {
  const tally = new BacktestTally(rule, policy)
  let before = Number.MAX_SAFE_INTEGER
  for (let read = 0; read < most; read += PAGE) {
    let query = db.selectFrom('verdict_sample').selectAll().where('id', '<', before).orderBy('id', 'desc').limit(PAGE)
    if (from) query = query.where('at', '>=', from)
    if (to) query = query.where('at', '<', to)
    const rows = await query.execute()
    for (const { at, action, facts } of rows) tally.take({ at, action, facts: JSON.parse(facts) as Facts })
    if (rows.length < PAGE) break
    before = rows.at(-1)!.id
  }
  return tally.result()
}

/** The pure part: facts in, counts out. */
export class BacktestTally {
  readonly #rules: RuleSet
  readonly #policy: Policy
  readonly #untried: readonly NotKept[]
  readonly #bySurface: Record<string, { judged: number; hits: number }> = {}
  readonly #examples: BacktestExample[] = []
  #judged = 0
  #hits = 0
  #newly = 0
  #withoutAges = 0

  constructor(rule: CompiledRule, policy: Policy) {
    this.#untried = rule.notKept
    this.#policy = { ...policy, on: true }
    this.#rules = new RuleSet([{ ...rule, source: { ...rule.source, state: 'LIVE' } }], this.#policy, 'backtest')
  }

  take({ at, action, facts }: Stored): void {
    // An age that was not stored would read as one that nobody knew: an answer, and a wrong one.
    if (this.#untried.includes('ages')) {
      this.#withoutAges++
      return
    }
    const read = ruleFacts(facts, this.#policy)
    const verdict: ExplainedVerdict = this.#rules.begin(read).judge(read)
    const hit = verdict.action !== 'allow' && verdict.rule !== 'rule-failed'
    const surface = this.#bySurface[facts.surface] ?? { judged: 0, hits: 0 }
    this.#bySurface[facts.surface] = surface
    this.#judged++
    surface.judged++
    if (!hit) return
    this.#hits++
    surface.hits++
    if (action === 'allow') this.#newly++
    if (this.#examples.length < EXAMPLES) this.#examples.push({ at: at.toISOString(), facts, verdictThen: action })
  }

  result(): Backtest {
    const { tally } = this.#rules.tallies()[0]!
    const share = (hits: number) => clopperPearson(hits, this.#judged)
    return {
      judged: this.#judged,
      hits: this.#hits,
      share: share(this.#hits),
      newly: this.#newly,
      newlyShare: share(this.#newly),
      unknowns: tally.unknowns + this.#withoutAges,
      errors: tally.errors,
      untried: this.#untried,
      bySurface: this.#bySurface,
      examples: this.#examples,
    }
  }
}
