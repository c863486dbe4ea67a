import { type EvidenceKind, type EvidenceReference, type Lane, type ReporterClass, rowsOf } from '@firebreak/intake'
import type { Ref } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import { subjectOf } from '../decisions/subject.ts'
import { clockOf, type DueClock } from './clock.ts'
import type { JobRow } from './row.ts'

/** What a moderator needs to decide, in the order of least exposure: words first, evidence by reference, shown only on request. */
export interface Dossier {
  readonly id: string
  readonly queue: string
  readonly category: string
  readonly severity: number
  readonly language: string | null
  readonly subject: Ref
  readonly author: string | null
  readonly clock: DueClock | null
  readonly reports: readonly ReportView[]
  /** All reports of the job; more of them than are shown are possible. */
  readonly reportCount: number
  readonly evidence: readonly EvidenceView[]
  readonly earlier: readonly EarlierDecision[]
}

/** A report without anything that says who sent it. */
export interface ReportView {
  readonly id: string
  readonly receivedAt: string
  readonly category: string
  readonly reporterClass: ReporterClass
  readonly language: string | null
  /** Missing where the subject's erasure or retention took it. */
  readonly text?: string
  readonly statement?: Readonly<Record<string, string | boolean>>
}

/** An item of evidence as it is listed: what is known about it, never the item. */
export interface EvidenceView {
  readonly id: string
  readonly kind: EvidenceKind
  readonly hold: string
  /** The same item (by its hash) was decided before: no need to look again. */
  readonly decidedBefore: { readonly outcome: string; readonly policy: string; readonly at: string } | null
  /** In a bank of known items: decided by exact match without a view. */
  readonly known: string | null
  /** How often it was shown to anybody. */
  readonly shown: number
}

/** What was decided about the subject before. */
export interface EarlierDecision {
  readonly id: string
  readonly outcome: string
  readonly policy: string
  readonly category: string
  readonly decidedAt: string
  readonly reversed: boolean
}

/** Asks whether an item is known to a bank, exactly. The answer is the bank's name, or null. */
export type KnownSignal = (signal: string) => Promise<string | null>

const MOST_REPORTS = 20

/** Gathers what a moderator needs for a job in hand. A dozen small reads. */
export async function dossierOf(
  ledger: Pick<Ledger, 'db' | 'events'>,
  job: JobRow,
  lanes: readonly Lane[],
  known: KnownSignal,
  now: number,
): Promise<Dossier> {
  const about = job.origin ?? job.id
  const { subject, author } = await subjectOf(ledger.db, job.subject)
  const [reports, evidence, earlier] = await Promise.all([
    reportsOf(ledger, about),
    evidenceOf(ledger, about, lanes, known),
    earlierDecisions(ledger, job, lanes),
  ])
  return {
    id: job.id,
    queue: job.queue,
    category: job.category,
    severity: job.severity,
    language: job.language,
    subject,
    author,
    clock: clockOf(job, now),
    reports,
    reportCount: job.reports,
    evidence,
    // Somebody who is asked again must not see what was decided.
    earlier: job.kind === 'report' ? earlier : [],
  }
}

interface ReportRow {
  readonly id: string
  readonly seq: number
  readonly category: string
  readonly reporter_class: ReporterClass
  readonly language: string | null
  readonly received_at: Date
}

/** The first reports of a job with their words. */
async function reportsOf(ledger: Pick<Ledger, 'db' | 'events'>, job: string): Promise<ReportView[]> {
  const rows = await rowsOf<ReportRow>(
    ledger.db,
    `select id, seq, category, reporter_class, language, received_at from report where job = $1
     order by (reporter_class = 'user'), received_at limit ${MOST_REPORTS}`,
    [job],
  )
  return Promise.all(
    rows.map(async ({ id, seq, category, reporter_class, language, received_at }) => {
      const [event] = await ledger.events({ afterSeq: seq - 1, limit: 1 })
      const data = (event?.seq === seq ? event.data : undefined) as Pick<ReportView, 'text' | 'statement'> | undefined
      return {
        id,
        receivedAt: received_at.toISOString(),
        category,
        reporterClass: reporter_class,
        language,
        ...(data?.text === undefined ? {} : { text: data.text }),
        ...(data?.statement === undefined ? {} : { statement: data.statement }),
      }
    }),
  )
}

interface EvidenceRow {
  readonly id: string
  readonly kind: EvidenceKind
  readonly signal: string | null
  readonly hold: string
  readonly shown: number
  readonly outcome: string | null
  readonly policy: string | null
  readonly decided_at: Date | null
}

/** Evidence of a job, one line per item: the same hash from several reports is one. */
async function evidenceOf(
  ledger: Pick<Ledger, 'db'>,
  job: string,
  lanes: readonly Lane[],
  known: KnownSignal,
): Promise<EvidenceView[]> {
  const rows = await rowsOf<EvidenceRow>(
    ledger.db,
    `select distinct on (coalesce(v.signal, v.id)) v.id, v.kind, v.signal, v.hold,
       (select count(*) from reveal w join evidence x on x.id = w.evidence where x.id = v.id or x.signal = v.signal)::int as shown,
       d.outcome, d.policy, d.decided_at
     from evidence v left join lateral (select d.outcome, d.policy, d.decided_at from evidence o join decision d on d.job = o.job
         join job k on k.id = d.job where o.signal = v.signal and o.job <> v.job and d.reversed_at is null
           and k.lane = any($2::text[]) order by d.decided_at desc limit 1) d on true
     where v.job = $1 order by coalesce(v.signal, v.id), v.added_at`,
    [job, lanes],
  )
  return Promise.all(
    rows.map(async ({ id, kind, signal, hold, shown, outcome, policy, decided_at }) => ({
      id,
      kind,
      hold,
      shown,
      known: signal === null ? null : await known(signal),
      decidedBefore: outcome === null ? null : { outcome, policy: policy!, at: decided_at!.toISOString() },
    })),
  )
}

/** What was decided about the subject before, in the lanes that are open to the reader. */
async function earlierDecisions(
  { db }: Pick<Ledger, 'db'>,
  job: JobRow,
  lanes: readonly Lane[],
): Promise<EarlierDecision[]> {
  const rows = await rowsOf<{
    id: string
    outcome: string
    policy: string
    category: string
    decided_at: Date
    reversed_at: Date | null
  }>(
    db,
    `select d.id, d.outcome, d.policy, d.category, d.decided_at, d.reversed_at from decision d join job j on j.id = d.job
     where d.subject = $1 and j.lane = any($2::text[]) order by d.decided_at desc limit 20`,
    [job.subject, lanes],
  )
  return rows.map(({ decided_at, reversed_at, ...row }) => ({
    ...row,
    decidedAt: decided_at.toISOString(),
    reversed: reversed_at !== null,
  }))
}

/** Where an item of evidence is, from the sealed payload of its report; null where that was erased. */
export async function referenceOf(
  ledger: Pick<Ledger, 'db' | 'events'>,
  evidence: string,
): Promise<(EvidenceReference & { readonly job: string }) | null> {
  const [row] = await rowsOf<{ job: string; ordinal: number; seq: number }>(
    ledger.db,
    'select v.job, v.ordinal, r.seq from evidence v join report r on r.id = v.report where v.id = $1',
    [evidence],
  )
  if (row === undefined) return null
  const [event] = await ledger.events({ afterSeq: row.seq - 1, limit: 1 })
  const list = event?.seq === row.seq ? (event.data?.evidence as EvidenceReference[] | undefined) : undefined
  const found = list?.[row.ordinal]
  return found === undefined ? null : { ...found, job: row.job }
}
