import type { Clock } from '@firebreak/kernel'
import { FirebreakError, type Ref } from '@firebreak/kernel'
import type { Store } from '../store/store.ts'
import type { LabelInput, LabelQuery, Labels, Principal } from '../types.ts'
import type { WriteContext, Writer } from '../writer/writer.ts'
import { fromLabelRow, insertLabels, type LabelRow, SELECT_LABELS } from './rows.ts'

/** Labels per write; more are split, so that one big network does not hold up the events. */
const AT_ONCE = 2_000

export function labelsOver(store: Store, writer: Writer, clock: Clock): Labels {
  return {
    async apply(labels, by) {
      labels.forEach(checkLabel)
      const made = []
      for (let from = 0; from < labels.length; from += AT_ONCE) {
        const drafts = labels.slice(from, from + AT_ONCE).map((label) => ({ ...label, neg: false }))
        made.push(...(await writer.write((context) => insertLabels(context, drafts, by))))
      }
      return made
    },
    retract: (ids, by, reason) => writer.write((context) => retractLabels(context, ids, by, reason)),
    async active(query: LabelQuery = {}) {
      const asOf = query.asOf ?? new Date(clock()).toISOString()
      const { rows } = await store.query<LabelRow>(
        `${SELECT_LABELS} where not l.neg and l.at <= $1::timestamptz and (l.expires_at is null or l.expires_at > $1::timestamptz)
           and not exists (select 1 from label n where n.retracts = l.id and n.at <= $1::timestamptz)
           and ($2::text is null or l.subject_type = $2) and ($3::text is null or l.subject_id = $3)
           and ($4::text is null or l.case_id = $4) and ($5::text is null or l.value = $5)
         order by l.seq`,
        [
          asOf,
          query.subject?.type ?? query.subjectType ?? null,
          query.subject?.id ?? null,
          query.caseId ?? null,
          query.value ?? null,
        ],
      )
      return rows.map(fromLabelRow)
    },
    async changesAfter(seq, limit = 10_000) {
      const { rows } = await store.query<LabelRow>(`${SELECT_LABELS} where l.seq > $1 order by l.seq limit $2`, [
        seq,
        limit,
      ])
      return rows.map(fromLabelRow)
    },
  }
}

/** Throws `input/invalid` when a label cannot be written. */
export function checkLabel(label: LabelInput): void {
  const problem = labelProblem(label)
  if (problem !== undefined) throw new FirebreakError('input/invalid', [`A label ${problem}`])
}

function labelProblem({ subject, value, source, reason, probability, expiresAt }: LabelInput): string | undefined {
  if (!isText((subject as Ref | undefined)?.type) || !isText(subject.id)) return 'needs a subject {type, id}'
  if (!isText(value) || !isText(source)) return 'needs a value and a source'
  if (typeof reason !== 'string' || !isStorable(reason)) return 'needs a reason'
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) return 'has a probability from 0 to 1'
  if (expiresAt !== undefined && Number.isNaN(Date.parse(expiresAt))) return 'expires at an ISO time'
  return undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 512 && isStorable(value)
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

export async function retractLabels(
  context: WriteContext,
  ids: readonly string[],
  by: Principal,
  reason: string,
): Promise<number> {
  const { rows } = await context.sql.query<LabelRow>(
    `${SELECT_LABELS} where l.id = any($1::text[]) and not l.neg and not exists (select 1 from label n where n.retracts = l.id)
     order by l.seq`,
    [ids],
  )
  const drafts = rows.map((row) => {
    const { subject, value, source, caseId } = fromLabelRow(row)
    return { subject, value, source, reason, neg: true, retracts: row.id, ...(caseId === undefined ? {} : { caseId }) }
  })
  await insertLabels(context, drafts, by)
  return drafts.length
}
