import type { LedgerTransaction } from '@firebreak/ledger'
import { rowsOf } from '../sql.ts'
import { type CategoryName, categoryOf, type Lane } from './categories.ts'
import { rankOf } from './priority.ts'
import type { Router } from './types.ts'
import type { Placed } from './write-batch.ts'

/** A job as the batch leaves it: new, or an open one that reports joined. */
export interface JobDraft {
  readonly id: string
  readonly subject: number
  readonly lane: Lane
  queue: string
  category: CategoryName
  language: string | null
  severity: number
  reach: number
  reports: number
  readonly synthetic: boolean
  readonly openedAt: number
  dueAt: number | null
  readonly isNew: boolean
}

interface OpenJobRow {
  readonly id: string
  readonly subject: number
  readonly lane: Lane
  readonly queue: string
  readonly category: CategoryName
  readonly language: string | null
  readonly severity: number
  readonly reach: number
  readonly reports: number
  readonly synthetic: boolean
  readonly opened_at: Date
  readonly due_at: Date | null
}

const keyOf = (subject: number, lane: Lane) => `${subject}:${lane}`

/** What the stored events are about, as entity numbers, and the open jobs about the same subjects. */
export async function subjectsAndJobs(
  tx: LedgerTransaction,
  seqs: readonly number[],
): Promise<{ subjects: Map<number, number>; open: Map<string, JobDraft> }> {
  const rows = await rowsOf<{ seq: number; about: number } & (OpenJobRow | { readonly id: null })>(
    tx.db,
    `select e.seq, coalesce(e.object, e.subject) as about, j.id, j.subject, j.lane, j.queue, j.category, j.language, j.severity,
       j.reach, j.reports, j.synthetic, j.opened_at, j.due_at
     from event e left join lateral (
       select * from job where subject = coalesce(e.object, e.subject) and closed_at is null and kind = 'report' offset 0
     ) j on true
     where e.seq = any($1::bigint[])`,
    [seqs],
  )
  const open = new Map<string, JobDraft>()
  for (const { seq: _, about: __, ...row } of rows) {
    if (row.id === null || open.has(keyOf(row.subject, row.lane))) continue
    const { opened_at, due_at, ...job } = row
    open.set(keyOf(row.subject, row.lane), {
      ...job,
      openedAt: opened_at.getTime(),
      dueAt: due_at?.getTime() ?? null,
      isNew: false,
    })
  }
  return { subjects: new Map(rows.map(({ seq, about }) => [seq, about])), open }
}

/** Gives every report its job: the first about a subject in a lane opens one, the others join it and can only make it more urgent. */
export function draftJobs(
  placed: readonly Placed[],
  open: Map<string, JobDraft>,
  route: Router,
  now: number,
): JobDraft[] {
  const touched = new Set<JobDraft>()
  for (const one of placed) {
    const { input, id } = one.report
    const { severity, lane } = categoryOf(input.category)
    const facts = {
      category: input.category,
      severity,
      lane,
      language: input.language ?? null,
      reporterClass: input.reporter.class,
      source: input.source,
    }
    const key = keyOf(one.subject, lane)
    const job = open.get(key)
    const { queue, within } =
      job === undefined || severity > job.severity || job.dueAt === null ? route(facts) : NO_ROUTE
    const dueAt = within === null ? null : now + within
    if (job === undefined) {
      const made: JobDraft = {
        id: `job-${id}`,
        subject: one.subject,
        lane,
        queue,
        category: input.category,
        language: input.language ?? null,
        severity,
        reach: input.reach ?? 0,
        reports: 1,
        synthetic: input.synthetic ?? false,
        openedAt: now,
        dueAt,
        isNew: true,
      }
      open.set(key, made)
      touched.add(made)
      one.job = made.id
      continue
    }
    join(job, one, severity, queue, dueAt)
    touched.add(job)
    one.job = job.id
    one.state = 'merged'
  }
  return [...touched]
}

const NO_ROUTE = { queue: '', within: null }

function join(
  job: JobDraft,
  { report: { input } }: Placed,
  severity: number,
  queue: string,
  dueAt: number | null,
): void {
  job.reports++
  job.reach = Math.max(job.reach, input.reach ?? 0)
  job.language ??= input.language ?? null
  if (dueAt !== null) job.dueAt = Math.min(job.dueAt ?? Number.POSITIVE_INFINITY, dueAt)
  if (severity <= job.severity) return
  job.severity = severity
  job.category = input.category
  job.queue = queue
}

/** Voices, then the jobs with the rank that follows from them. */
export async function storeJobs(
  tx: LedgerTransaction,
  jobs: readonly JobDraft[],
  placed: readonly Placed[],
): Promise<void> {
  if (jobs.length === 0) return
  const voices = await raiseVoices(tx, jobs, placed)
  const rows = jobs.map((job) => {
    const sum = voices.get(job.id) ?? 1
    const rank = rankOf(job.openedAt, { severity: job.severity, reach: job.reach, voices: sum })
    return {
      i: job.id,
      e: job.subject,
      l: job.lane,
      q: job.queue,
      c: job.category,
      g: job.language,
      s: job.severity,
      r: job.reach,
      v: sum,
      n: job.reports,
      y: job.synthetic,
      o: new Date(job.openedAt).toISOString(),
      k: new Date(rank).toISOString(),
      d: job.dueAt === null ? null : new Date(job.dueAt).toISOString(),
    }
  })
  await rowsOf(
    tx.db,
    `insert into job (id, subject, lane, queue, category, language, severity, reach, voices, reports, synthetic, opened_at, rank_at, due_at)
     select i, e, l, q, c, g, s, r, v, n, y, o, k, d from json_to_recordset($1::text::json) as x(i text, e integer, l text, q text,
       c text, g text, s smallint, r real, v real, n integer, y boolean, o timestamptz, k timestamptz, d timestamptz)
     on conflict (id) do update set queue = excluded.queue, category = excluded.category, language = excluded.language,
       severity = excluded.severity, reach = excluded.reach, voices = excluded.voices, reports = excluded.reports,
       rank_at = excluded.rank_at, due_at = excluded.due_at, snoozed_until = null`,
    [JSON.stringify(rows)],
  )
}

/** Adds the reports to their clusters' voices and reads each job's sum. A cluster counts its weight, and at most three times that. */
async function raiseVoices(
  tx: LedgerTransaction,
  jobs: readonly JobDraft[],
  placed: readonly Placed[],
): Promise<Map<string, number>> {
  const voices = new Map<string, { j: string; c: string; w: number; n: number }>()
  for (const { job, cluster, weight } of placed) {
    const key = `${job}\0${cluster}`
    const voice = voices.get(key)
    if (voice === undefined) voices.set(key, { j: job!, c: cluster, w: weight, n: 1 })
    else {
      voice.n++
      voice.w = Math.max(voice.w, weight)
    }
  }
  await rowsOf(
    tx.db,
    `insert into job_voice (job, cluster, weight, reports)
     select j, c, w, n from json_to_recordset($1::text::json) as x(j text, c text, w real, n integer)
     on conflict (job, cluster) do update set reports = job_voice.reports + excluded.reports,
       weight = greatest(job_voice.weight, excluded.weight)`,
    [JSON.stringify([...voices.values()])],
  )
  const rows = await rowsOf<{ job: string; sum: number }>(
    tx.db,
    `select job, sum(weight * least(3, 1 + ln(reports) / ln(2.0) / 3))::float8 as sum from job_voice where job = any($1::text[]) group by job`,
    [jobs.map(({ id }) => id)],
  )
  return new Map(rows.map(({ job, sum }) => [job, sum]))
}
