import type { Ledger } from '@firebreak/ledger'
import type { ExplainedVerdict, Facts, RuleSet, RuleTally } from '@firebreak/policy'
import { hourOf } from '../people/counters.ts'

/** A demotion that owes its subject a statement of reasons. */
export interface OwedStatement {
  readonly type: string
  readonly id: string
  readonly rule: string
  readonly label: string
  readonly surface: string
}

type Owed = OwedStatement & { readonly at: number }

interface Sample {
  readonly at: number
  readonly verdict: ExplainedVerdict
  readonly facts: Facts
}

type Counts = Omit<RuleTally, 'lastError' | 'lastUnknown'>

const MOST_SEEN = 200_000
const MOST_WAITING = 5_000
/** Samples between two flushes: a busy hour is not written down more finely than a quiet one needs. */
const MOST_SAMPLED = 100
const FIELDS = ['judged', 'hits', 'unknowns', 'errors', 'timed', 'nanos'] as const

/**
 * What judging leaves behind: counts of rules and places, sampled facts, statements owed. Gathered in memory and written
 * every few seconds, outside the path of any question; what a crash takes are seconds of counts, and a statement owed is
 * noted again at the next such verdict.
 */
export class Recorder {
  readonly #db: Ledger['db']
  readonly #holdMs: () => number
  readonly #sampleEvery: number
  readonly #seen = new Set<string>()
  #owed: Owed[] = []
  #samples: (Sample & { policyVersion: string })[] = []
  #asked = new Map<string, number>()
  readonly #written = new WeakMap<RuleSet, Map<string, Counts>>()
  #retired: RuleSet[] = []
  #calls = 0
  /** Samples and statements that did not fit while the store was away. */
  dropped = 0

  /** `sampleEvery`: one subject in so many keeps its facts (0: none), 100 between two flushes at most. `holdMs`: how long a statement waits before it may be sent. */
  constructor(
    db: Ledger['db'],
    { sampleEvery = 2_000, holdMs = () => 0 }: { sampleEvery?: number; holdMs?: () => number } = {},
  ) {
    this.#db = db
    this.#sampleEvery = sampleEvery
    this.#holdMs = holdMs
  }

  /** Counts a question; true when one of its subjects is to be sampled. */
  asked(surface: string, subjects: number): boolean {
    this.#asked.set(surface, (this.#asked.get(surface) ?? 0) + subjects)
    if (this.#sampleEvery === 0) return false
    this.#calls += subjects
    if (this.#calls < this.#sampleEvery) return false
    this.#calls %= this.#sampleEvery
    return this.#samples.length < MOST_SAMPLED
  }

  sample(at: number, policyVersion: string, verdict: ExplainedVerdict, facts: Facts): void {
    if (this.#samples.length < MOST_WAITING) this.#samples.push({ at, policyVersion, verdict, facts })
    else this.dropped++
  }

  /** Notes a demotion once for each label. */
  owe(statement: OwedStatement, at: number): void {
    const key = keyOf(statement)
    if (this.#seen.has(key)) return
    if (this.#owed.length >= MOST_WAITING) {
      this.dropped++
      return
    }
    if (this.#seen.size >= MOST_SEEN) this.#seen.clear()
    this.#seen.add(key)
    this.#owed.push({ ...statement, at })
  }

  /** Rules that were replaced: what they counted since the last time is still written. */
  retire(rules: RuleSet): void {
    this.#retired.push(rules)
  }

  /** Writes what was gathered. A failure keeps what was not written for the next time. */
  async flush(rules: RuleSet, at: number): Promise<void> {
    while (this.#retired.length > 0) {
      await this.#flushCounts(this.#retired[0]!, at)
      this.#retired.shift()
    }
    await this.#flushCounts(rules, at)
    await this.#flushAsked(at)
    await this.#flushSamples()
    await this.#flushOwed(rules.version)
  }

  async #flushCounts(rules: RuleSet, at: number): Promise<void> {
    const written = this.#written.get(rules) ?? new Map<string, Counts>()
    this.#written.set(rules, written)
    for (const { rule, tally } of rules.tallies()) {
      const before = written.get(rule.id)
      const more = Object.fromEntries(
        FIELDS.map((field) => [field, Math.round(tally[field] - (before?.[field] ?? 0))]),
      ) as Record<keyof Counts, number>
      if (FIELDS.every((field) => more[field] === 0)) continue
      const now = Object.fromEntries(FIELDS.map((field) => [field, tally[field]])) as Record<keyof Counts, number>
      await this.#db
        .insertInto('rule_count')
        .values({ rule: rule.id, hour: hourOf(at), ...more })
        .onConflict((conflict) =>
          conflict.columns(['rule', 'hour']).doUpdateSet((row) => ({
            judged: row('rule_count.judged', '+', row.ref('excluded.judged')),
            hits: row('rule_count.hits', '+', row.ref('excluded.hits')),
            unknowns: row('rule_count.unknowns', '+', row.ref('excluded.unknowns')),
            errors: row('rule_count.errors', '+', row.ref('excluded.errors')),
            timed: row('rule_count.timed', '+', row.ref('excluded.timed')),
            nanos: row('rule_count.nanos', '+', row.ref('excluded.nanos')),
          })),
        )
        .execute()
      written.set(rule.id, now)
    }
  }

  /** Places are counted like accounts, under entity 0 and their name. */
  async #flushAsked(at: number): Promise<void> {
    const asked = this.#asked
    if (asked.size === 0) return
    this.#asked = new Map()
    const rows = [...asked].map(([surface, count]) => ({
      counter: `asked:${surface}`,
      entity: 0,
      other: 0,
      hour: hourOf(at),
      count,
    }))
    const insert = this.#db
      .insertInto('counted')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['counter', 'entity', 'other', 'hour'])
          .doUpdateSet((row) => ({ count: row('counted.count', '+', row.ref('excluded.count')) })),
      )
    await insert.execute().catch((error: unknown) => {
      for (const [surface, count] of asked) this.#asked.set(surface, (this.#asked.get(surface) ?? 0) + count)
      throw error
    })
  }

  async #flushSamples(): Promise<void> {
    const samples = this.#samples
    if (samples.length === 0) return
    this.#samples = []
    const rows = samples.map(({ at, policyVersion, verdict, facts }) => ({
      at: new Date(at),
      policy_version: policyVersion,
      action: verdict.action,
      rule: verdict.rule,
      facts: JSON.stringify(facts, (_, value) => (value === Number.POSITIVE_INFINITY ? 1e15 : value)),
    }))
    await this.#db
      .insertInto('verdict_sample')
      .values(rows)
      .execute()
      .catch((error: unknown) => {
        this.#samples = [...samples, ...this.#samples].slice(0, MOST_WAITING)
        throw error
      })
  }

  /** A statement owed is only forgotten once it is written. */
  async #flushOwed(policyVersion: string): Promise<void> {
    const owed = this.#owed
    if (owed.length === 0) return
    this.#owed = []
    try {
      await this.#writeOwed(owed, policyVersion)
    } catch (error) {
      this.#owed = [...owed, ...this.#owed]
      throw error
    }
  }

  async #writeOwed(owed: readonly Owed[], policyVersion: string): Promise<void> {
    const names = await this.#db
      .selectFrom('entity')
      .select(['id', 'kind', 'name'])
      .where('name', 'in', [...new Set(owed.map(({ id }) => id))])
      .execute()
    const numbers = new Map(names.map(({ id, kind, name }) => [`${kind}\n${name}`, id]))
    const rows = owed.flatMap((one) => {
      const entity = numbers.get(`${one.type}\n${one.id}`)
      if (entity === undefined) {
        // Nobody by that name yet: the next such verdict notes it again.
        this.#seen.delete(keyOf(one))
        return []
      }
      const { type, rule, label, surface, at } = one
      const due_at = new Date(at + this.#holdMs())
      const first_at = new Date(at)
      return [{ subject_type: type, entity, rule, label, surface, policy_version: policyVersion, first_at, due_at }]
    })
    if (rows.length === 0) return
    await this.#db
      .insertInto('demotion')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

function keyOf({ label, rule, id }: OwedStatement): string {
  return `${label}\n${rule}\n${id}`
}
