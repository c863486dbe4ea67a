import { FirebreakError } from '@firebreak/kernel'
import type { LedgerTransaction } from '@firebreak/ledger'
import { rowsOf } from '../sql.ts'
import { draftJobs, storeJobs, subjectsAndJobs } from './jobs.ts'
import { type PreparedReport, receivedEvent } from './prepared.ts'
import { accuracyOf, clusterOf } from './priority.ts'
import type { ReportState, Router } from './types.ts'

/** What became of one report of a batch. */
export type Written = { readonly id: string; readonly repeated: boolean } | { readonly error: FirebreakError }

/** A report on its way into its row. */
export interface Placed {
  readonly report: PreparedReport
  readonly seq: number
  readonly subject: number
  readonly cluster: string
  readonly weight: number
  job: string | null
  state: ReportState
}

/**
 * Writes reports inside one transaction: the event with its chain entry, the row, evidence references, the job (made, or joined where
 * one is open about the same subject in the same lane), tallies. A repeated request answers with the first one's id.
 */
export async function writeBatch(
  tx: LedgerTransaction,
  route: Router,
  reports: readonly PreparedReport[],
): Promise<Written[]> {
  const answers: Written[] = new Array(reports.length)
  const fresh = await withoutRepeated(tx, reports, answers)
  if (fresh.length === 0) return answers
  const chosen = fresh.map((index) => reports[index]!)
  const [authors, reporters] = await Promise.all([authorsOf(tx, chosen), reportersOf(tx, chosen)])
  const appended = await tx.append(
    chosen.map((report) => receivedEvent(report, authors.get(nameOf(report)) ?? report.input.author, tx.now)),
  )
  const seqs: number[] = []
  const stored: PreparedReport[] = []
  for (const [i, result] of appended.entries()) {
    const index = fresh[i]!
    if (result.status === 'accepted') {
      seqs.push(result.seq)
      stored.push(chosen[i]!)
      answers[index] = { id: chosen[i]!.id, repeated: false }
    } else {
      const why = result.status === 'rejected' ? `${result.code}: ${result.detail}` : 'the same report twice'
      answers[index] = { error: new FirebreakError('input/invalid', [`The report cannot be stored (${why})`]) }
    }
  }
  repeatRefusals(answers, reports)
  if (stored.length > 0) await storeRows(tx, route, stored, seqs, reporters)
  return answers
}

/** A repetition in the same batch of a request that was refused is refused as well: its id was never stored. */
function repeatRefusals(answers: Written[], reports: readonly PreparedReport[]): void {
  const refused = new Map<string, FirebreakError>()
  for (const [index, answer] of answers.entries()) if ('error' in answer) refused.set(reports[index]!.id, answer.error)
  for (const [index, answer] of answers.entries()) {
    const error = 'error' in answer ? undefined : refused.get(answer.id)
    if (error !== undefined) answers[index] = { error }
  }
}

/** Indices of reports whose request is new; answers the others. */
async function withoutRepeated(
  tx: LedgerTransaction,
  reports: readonly PreparedReport[],
  answers: Written[],
): Promise<number[]> {
  const keys = reports.flatMap(({ requestKey }) => (requestKey === null ? [] : [requestKey]))
  const seen = new Map<string, { id: string; digest: string | null }>()
  if (keys.length > 0) {
    const rows = await rowsOf<{ key: string; id: string; digest: string | null }>(
      tx.db,
      'select request_key as key, id, request_digest as digest from report where request_key = any($1::text[])',
      [keys],
    )
    for (const { key, id, digest } of rows) seen.set(key, { id, digest })
  }
  const fresh: number[] = []
  for (const [index, { id, requestKey, requestDigest: digest }] of reports.entries()) {
    const first = requestKey === null ? undefined : seen.get(requestKey)
    if (first === undefined) {
      if (requestKey !== null) seen.set(requestKey, { id, digest })
      fresh.push(index)
    } else if (first.digest === digest) answers[index] = { id: first.id, repeated: true }
    else
      answers[index] = {
        error: new FirebreakError('http/conflict', ['This idempotency key was used for another report']),
      }
  }
  return fresh
}

function nameOf({ input: { subject } }: PreparedReport): string {
  return `${subject.type}\0${subject.id}`
}

/** Who made the reported things, as far as the platform's events told. */
async function authorsOf(tx: LedgerTransaction, reports: readonly PreparedReport[]): Promise<Map<string, string>> {
  const asked = new Map<string, { k: string; n: string }>()
  for (const report of reports) {
    const { type, id } = report.input.subject
    if (type !== 'account' && report.input.author === undefined) asked.set(nameOf(report), { k: type, n: id })
  }
  if (asked.size === 0) return new Map()
  const rows = await rowsOf<{ k: string; n: string; author: string }>(
    tx.db,
    `select c.kind as k, c.name as n, a.name as author from json_to_recordset($1::text::json) as w(k text, n text)
     join entity c on c.name = w.n and c.kind = w.k join entity a on a.id = c.owner where a.name is not null`,
    [JSON.stringify([...asked.values()])],
  )
  return new Map(rows.map(({ k, n, author }) => [`${k}\0${n}`, author]))
}

interface Standing {
  readonly decided: number
  readonly upheld: number
}

async function reportersOf(tx: LedgerTransaction, reports: readonly PreparedReport[]): Promise<Map<string, Standing>> {
  const keys = [...new Set(reports.flatMap(({ reporter }) => (reporter === null ? [] : [reporter])))]
  if (keys.length === 0) return new Map()
  const rows = await rowsOf<{ key: string } & Standing>(
    tx.db,
    'select key, decided, upheld from reporter where key = any($1::text[])',
    [keys],
  )
  return new Map(rows.map(({ key, ...standing }) => [key, standing]))
}

async function storeRows(
  tx: LedgerTransaction,
  route: Router,
  reports: readonly PreparedReport[],
  seqs: readonly number[],
  reporters: ReadonlyMap<string, Standing>,
): Promise<void> {
  const { subjects, open } = await subjectsAndJobs(tx, seqs)
  const placed = reports.map((report, i) => place(report, seqs[i]!, subjects.get(seqs[i]!)!, reporters))
  const wanted = placed.filter(({ report }) => report.unusable === undefined)
  const jobs = draftJobs(wanted, open, route, tx.now)
  await Promise.all([insertReports(tx, placed), insertEvidence(tx, wanted), tally(tx, placed)])
  await storeJobs(tx, jobs, wanted)
}

function place(report: PreparedReport, seq: number, subject: number, reporters: ReadonlyMap<string, Standing>): Placed {
  const { decided, upheld } = (report.reporter === null ? undefined : reporters.get(report.reporter)) ?? {
    decided: 0,
    upheld: 0,
  }
  const { class: reporterClass } = report.input.reporter
  return {
    report,
    seq,
    subject,
    cluster: clusterOf({
      cluster: report.group,
      reporter: report.reporter,
      decided,
      reporterClass,
      source: report.input.source,
    }),
    weight: accuracyOf(reporterClass, upheld, decided),
    job: null,
    state: report.unusable?.state ?? 'open',
  }
}

async function insertReports(tx: LedgerTransaction, placed: readonly Placed[]): Promise<void> {
  const rows = placed.map(
    ({ report: { id, input, requestKey, requestDigest, reporter, unusable }, seq, subject, cluster, job, state }) => ({
      i: id,
      q: seq,
      k: requestKey,
      d: requestDigest,
      s: input.source,
      c: input.reporter.class,
      r: reporter,
      u: cluster,
      g: input.category,
      l: input.language ?? null,
      e: subject,
      j: job,
      t: state,
      w: unusable?.reason ?? null,
      y: input.synthetic ?? false,
    }),
  )
  await rowsOf(
    tx.db,
    `insert into report (id, seq, request_key, request_digest, source, reporter_class, reporter, cluster, category, language,
       subject, job, state, reason, synthetic, received_at)
     select i, q, k, d, s, c, r, u, g, l, e, j, t, w, y, $2::timestamptz
     from json_to_recordset($1::text::json) as x(i text, q bigint, k text, d text, s text, c text, r text, u text, g text, l text,
       e integer, j text, t text, w text, y boolean)`,
    [JSON.stringify(rows), new Date(tx.now).toISOString()],
  )
  const contacts = placed.flatMap(({ report: { id, sealedContact, reporter } }) =>
    sealedContact === null ? [] : [{ i: id, s: sealedContact, r: reporter }],
  )
  if (contacts.length === 0) return
  await rowsOf(
    tx.db,
    `insert into report_contact (report, sealed, reporter, received_at) select i, s, r, $2::timestamptz
     from json_to_recordset($1::text::json) as x(i text, s text, r text)`,
    [JSON.stringify(contacts), new Date(tx.now).toISOString()],
  )
}

async function insertEvidence(tx: LedgerTransaction, placed: readonly Placed[]): Promise<void> {
  const rows = placed.flatMap(({ report: { id, input }, job }) =>
    (input.evidence ?? []).map(({ kind, signal }, ordinal) => ({
      i: `${id}.${ordinal}`,
      r: id,
      j: job,
      o: ordinal,
      k: kind,
      s: signal === undefined ? null : `${signal.type}:${signal.value}`,
    })),
  )
  if (rows.length === 0) return
  await rowsOf(
    tx.db,
    `insert into evidence (id, report, job, ordinal, kind, signal, hold, added_at)
     select i, r, j, o, k, s, 'unasked', $2::timestamptz
     from json_to_recordset($1::text::json) as x(i text, r text, j text, o smallint, k text, s text)`,
    [JSON.stringify(rows), new Date(tx.now).toISOString()],
  )
}

async function tally(tx: LedgerTransaction, placed: readonly Placed[]): Promise<void> {
  const counts = new Map<string, number>()
  for (const { report } of placed) {
    if (report.input.synthetic) continue
    counts.set(report.input.source, (counts.get(report.input.source) ?? 0) + 1)
  }
  if (counts.size === 0) return
  await rowsOf(
    tx.db,
    `insert into report_tally (source, day, received, refused)
     select s, $2, n, 0 from json_to_recordset($1::text::json) as x(s text, n integer)
     on conflict (source, day) do update set received = report_tally.received + excluded.received`,
    [JSON.stringify(Array.from(counts, ([s, n]) => ({ s, n }))), new Date(tx.now).toISOString().slice(0, 10)],
  )
}
