import { EVENT_TYPE_LIST, type Ledger } from '@firebreak/ledger'
import { rowsOf } from '../sql.ts'

/** The books of one source on one day (UTC). */
export interface BookLine {
  readonly source: string
  readonly day: string
  /** Counted in the acknowledging transactions, apart from the reports. */
  readonly received: number
  readonly open: number
  readonly merged: number
  readonly decided: number
  readonly rejected: number
  readonly dead: number
  /** received less all others: must be 0. */
  readonly difference: number
}

/** The books of every source and day, their sums, and what is wrong with them. */
export interface Books {
  readonly balanced: boolean
  readonly lines: readonly BookLine[]
  readonly totals: Omit<BookLine, 'source' | 'day'>
  /** What else does not add up, each in a sentence; empty when all is well. */
  readonly problems: readonly string[]
  /** Reports in the hash-chained log; equals the reports stored. */
  readonly inLog: number
}

const COUNTS = ['received', 'open', 'merged', 'decided', 'rejected', 'dead', 'difference'] as const

/**
 * Whether received = open + merged + decided + rejected + dead-lettered, per source and day, and whether what must hold between the
 * tables does: every report stands in the log, every open one has an open job, every job a report. Reads whole tables; seconds for
 * millions of reports. Synthetic reports are left out.
 */
export async function readBooks(ledger: Pick<Ledger, 'db'>): Promise<Books> {
  const { db } = ledger
  const lines = (await rowsOf<BookLine>(db, LINES)).map((line) => ({ ...line, difference: difference(line) }))
  const [checks] = await rowsOf<Checks>(db, CHECKS)
  const problems = problemsOf(lines, checks!)
  const totals = Object.fromEntries(
    COUNTS.map((name) => [name, lines.reduce((sum, line) => sum + line[name], 0)]),
  ) as unknown as Books['totals']
  return { balanced: problems.length === 0, lines, totals, problems, inLog: checks!.in_log }
}

function difference(line: BookLine): number {
  return line.received - line.open - line.merged - line.decided - line.rejected - line.dead
}

const LINES = `
  with counted as (
    select source, to_char(received_at at time zone 'UTC', 'YYYY-MM-DD') as day,
      count(*) filter (where state = 'open') as open, count(*) filter (where state = 'merged') as merged,
      count(*) filter (where state = 'decided') as decided, count(*) filter (where state = 'rejected') as rejected,
      count(*) filter (where state = 'dead') as dead
    from report where not synthetic group by 1, 2)
  select source, day, coalesce(t.received, 0)::int as received, coalesce(c.open, 0)::int as open, coalesce(c.merged, 0)::int as merged,
    coalesce(c.decided, 0)::int as decided, coalesce(c.rejected, 0)::int as rejected, coalesce(c.dead, 0)::int as dead
  from report_tally t full join counted c using (source, day) where coalesce(t.received, 0) > 0 or c.source is not null
  order by day, source`

interface Checks {
  readonly in_log: number
  readonly stored: number
  readonly not_in_log: number
  readonly open_without_job: number
  readonly merged_without_job: number
  readonly jobs_without_report: number
  readonly decided_but_open: number
}

const CHECKS = `select
  (select count(*) from event where type = ${EVENT_TYPE_LIST.indexOf('report.received')})::int as in_log,
  (select count(*) from report)::int as stored,
  (select count(*) from report r where not exists (select 1 from event e where e.seq = r.seq))::int as not_in_log,
  (select count(*) from report r where r.state = 'open'
     and not exists (select 1 from job j where j.id = r.job and j.closed_at is null))::int as open_without_job,
  (select count(*) from report r where r.state = 'merged' and not exists (select 1 from job j where j.id = r.job))::int as merged_without_job,
  (select count(*) from job j where j.kind = 'report' and j.closed_at is null
     and not exists (select 1 from report r where r.job = j.id))::int as jobs_without_report,
  (select count(*) from report r join job j on j.id = r.job where r.state = 'decided' and j.closed_at is null)::int as decided_but_open`

function problemsOf(lines: readonly BookLine[], checks: Checks): string[] {
  const problems = lines
    .filter((line) => line.difference !== 0)
    .map(({ source, day, difference: by }) => `${source} on ${day}: received and accounted differ by ${by}`)
  const say = (count: number, what: string) => {
    if (count !== 0) problems.push(`${count} ${what}`)
  }
  say(checks.in_log - checks.stored, 'more reports in the log than stored')
  say(checks.not_in_log, 'reports are not in the log')
  say(checks.open_without_job, 'open reports have no open job')
  say(checks.merged_without_job, 'merged reports have no job')
  say(checks.jobs_without_report, 'open jobs have no report')
  say(checks.decided_but_open, 'decided reports have an open job')
  return problems
}
