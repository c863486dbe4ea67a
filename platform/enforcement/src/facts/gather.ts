import { createHash } from 'node:crypto'
import type { Ledger } from '@firebreak/ledger'
import { markedVictims } from '@firebreak/review'
import { sql } from 'kysely'
import type { CandidateFacts } from '../plan/draft.ts'
import { standingOf } from '../store/sanctions.ts'
import { conductOf } from './conduct.ts'

/** One row of a network as a plan needs it. Seeds are rows too, with probability 1. */
export interface NetworkRow {
  readonly account: string
  readonly role: string
  readonly probability: number
  readonly member: boolean
  readonly markedVictim: boolean
  readonly sentence: string
  readonly linkKinds: readonly string[]
}

export interface GatherParts {
  readonly ledger: Pick<Ledger, 'db'>
  readonly protectedAccounts: () => readonly string[]
  /** How many accounts assured to be minors each one acted on; absent where ages are not known. */
  readonly minorsTouched?: (accounts: readonly string[]) => Promise<ReadonlyMap<string, number>>
}

/** Everything a plan is judged on, gathered at one moment. Of those outside the cut only what dissent needs is looked up. */
export async function gatherFacts(
  parts: GatherParts,
  rows: readonly NetworkRow[],
  now: number,
): Promise<CandidateFacts[]> {
  const { ledger, protectedAccounts, minorsTouched } = parts
  const inside = rows.filter(({ member }) => member).map(({ account }) => account)
  const guarded = new Set(protectedAccounts())
  const [victims, conduct, standing, followers, appeals, minors] = [
    await markedVictims(
      ledger.db,
      rows.map(({ account }) => account),
    ),
    await conductOf(ledger, inside),
    await standingOf(ledger, inside, now),
    await followersOf(ledger, inside),
    await openAppealsOf(ledger, inside),
    minorsTouched ? await minorsTouched(inside) : null,
  ]
  return rows.map((row) => ({
    ...row,
    markedVictim: row.markedVictim || victims.has(row.account),
    protected: guarded.has(row.account),
    followers: followers.get(row.account) ?? 0,
    minorsTouched: minors ? (minors.get(row.account) ?? 0) : null,
    openAppeals: appeals.get(row.account) ?? 0,
    conduct: conduct.get(row.account) ?? [],
    standing: standing.filter(({ account }) => account === row.account).map(({ action }) => action),
  }))
}

/** A digest of what a plan hangs on. Followers and new posts come and go on a living platform and are left out. */
export function digestOfFacts(facts: readonly CandidateFacts[]): string {
  const inside = facts.filter(({ member }) => member)
  const lines = inside.map((one) =>
    JSON.stringify([
      one.account,
      one.role,
      one.markedVictim,
      one.protected,
      one.openAppeals,
      one.conduct.length > 0,
      one.conduct.filter(({ kind }) => kind === 'content-match').map(({ id }) => id),
      one.standing,
    ]),
  )
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}

async function followersOf({ db }: Pick<Ledger, 'db'>, accounts: readonly string[]): Promise<Map<string, number>> {
  if (accounts.length === 0) return new Map()
  const { rows } = await sql<{ account: string; followers: number }>`
    select a.name as account, count(*)::int as followers
    from entity a join edge e on e.target = a.id join relation r on r.id = e.relation
    where a.kind = 'account' and a.name in (${sql.join(accounts)}) and r.name = 'follow' and e.withdrawn_at is null
    group by a.name`.execute(db)
  return new Map(rows.map(({ account, followers }) => [account, followers]))
}

async function openAppealsOf({ db }: Pick<Ledger, 'db'>, accounts: readonly string[]): Promise<Map<string, number>> {
  if (accounts.length === 0) return new Map()
  const rows = await db
    .selectFrom('appeal')
    .select((e) => ['account', e.fn.countAll<number>().as('count')])
    .where('account', 'in', [...accounts])
    .where('state', '=', 'open')
    .groupBy('account')
    .execute()
  return new Map(rows.map(({ account, count }) => [account, Number(count)]))
}
