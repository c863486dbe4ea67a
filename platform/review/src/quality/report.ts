import { type Db, rowsOf } from '@firebreak/intake'
import { type Agreement, cohensKappa } from './kappa.ts'

/** How far people agree, by policy and week. */
export interface QualityReport {
  /** Second looks against first decisions, by the policy of the first. */
  readonly byPolicy: readonly {
    readonly policy: string
    readonly agreement: Agreement | null
    readonly items: number
  }[]
  readonly all: Agreement | null
  /** Golden items: answers that were right. */
  readonly golden: { readonly items: number; readonly right: number }
  /** Agreement week by week: drift shows here. */
  readonly weeks: readonly { readonly week: string; readonly agreement: Agreement | null; readonly items: number }[]
  readonly disagreements: number
}

interface Pair {
  readonly kind: string
  readonly outcome: string
  readonly policy: string
  readonly expected: string
  readonly expected_policy: string
  readonly agrees: boolean
  readonly week: string
}

/** Agreement of the last `days`; names nobody. */
export async function qualityReport(db: Db, since: number): Promise<QualityReport> {
  const pairs = await rowsOf<Pair>(
    db,
    `select kind, outcome, policy, expected, expected_policy, agrees, to_char(at at time zone 'UTC', 'IYYY-"W"IW') as week from opinion
     where expected is not null and at >= $1::timestamptz and kind in ('second', 'golden') order by at`,
    [new Date(since).toISOString()],
  )
  const second = pairs.filter(({ kind }) => kind === 'second')
  const golden = pairs.filter(({ kind }) => kind === 'golden')
  const [open] = await rowsOf<{ n: number }>(
    db,
    `select count(*)::int as n from opinion where agrees = false and resolved_at is null and kind = 'second'`,
  )
  const group = (key: (pair: Pair) => string) =>
    Array.from(Map.groupBy(second, key), ([name, of]) => ({ name, agreement: agreement(of), items: of.length }))
  return {
    all: agreement(second),
    byPolicy: group((pair) => pair.expected_policy).map(({ name, ...rest }) => ({ policy: name, ...rest })),
    weeks: group((pair) => pair.week).map(({ name, ...rest }) => ({ week: name, ...rest })),
    golden: { items: golden.length, right: golden.filter(({ agrees }) => agrees).length },
    disagreements: open!.n,
  }
}

/** An answer is outcome and, for a violation, its policy: two people who act under different rules do not agree. */
function agreement(pairs: readonly Pair[]): Agreement | null {
  const answer = (outcome: string, policy: string) => (outcome === 'violation' ? `${outcome} ${policy}` : outcome)
  return cohensKappa(
    pairs.map((pair) => [answer(pair.expected, pair.expected_policy), answer(pair.outcome, pair.policy)]),
  )
}

/** A second look that found otherwise. */
export interface Disagreement {
  readonly opinion: string
  readonly decision: string
  readonly job: string
  readonly first: { readonly outcome: string; readonly policy: string }
  readonly second: { readonly outcome: string; readonly policy: string }
  readonly at: string
}

/** Second looks that found otherwise and wait for a word, without names. */
export async function disagreements(db: Db, limit: number): Promise<Disagreement[]> {
  const rows = await rowsOf<{
    id: string
    decision: string
    origin: string
    outcome: string
    policy: string
    expected: string
    expected_policy: string
    at: Date
  }>(
    db,
    `select o.id, o.decision, j.origin, o.outcome, o.policy, o.expected, o.expected_policy, o.at from opinion o join job j on j.id = o.job
     where o.agrees = false and o.resolved_at is null and o.kind = 'second' order by o.severity desc, o.at limit $1`,
    [limit],
  )
  return rows.map((row) => ({
    opinion: row.id,
    decision: row.decision,
    job: row.origin,
    first: { outcome: row.expected, policy: row.expected_policy },
    second: { outcome: row.outcome, policy: row.policy },
    at: row.at.toISOString(),
  }))
}
