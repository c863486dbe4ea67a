import { labelFields } from '../chain/canonical.ts'
import type { Label, LabelInput, Principal } from '../types.ts'
import { principalName, principalOf, type WriteContext } from '../writer/writer.ts'

export interface LabelDraft extends LabelInput {
  readonly neg: boolean
  readonly retracts?: string
}

export interface LabelRow {
  readonly seq: number
  readonly id: string
  readonly subject_type: string
  readonly subject_id: string
  readonly value: string
  readonly source: string
  readonly reason: string
  readonly evidence: string | null
  readonly case_id: string | null
  readonly probability: number | null
  readonly neg: boolean
  readonly retracts: string | null
  readonly at: Date
  readonly expires_at: Date | null
  readonly by: string
}

export const SELECT_LABELS = `select l.seq, l.id, l.subject_type, l.subject_id, l.value, l.source, l.reason, l.evidence, l.case_id,
  l.probability, l.neg, l.retracts, l.at, l.expires_at, p.name as by from label l join entity p on p.id = l.written_by`

export function fromLabelRow(row: LabelRow): Label {
  return {
    id: row.id,
    seq: row.seq,
    subject: { type: row.subject_type, id: row.subject_id },
    value: row.value,
    source: row.source,
    reason: row.reason,
    neg: row.neg,
    at: row.at.toISOString(),
    by: principalOf(row.by),
    ...(row.evidence === null ? {} : { evidence: JSON.parse(row.evidence) as unknown }),
    ...(row.case_id === null ? {} : { caseId: row.case_id }),
    ...(row.probability === null ? {} : { probability: row.probability }),
    ...(row.retracts === null ? {} : { retracts: row.retracts }),
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at.toISOString() }),
  }
}

/** Appends labels inside a write, in one statement. */
export async function insertLabels(
  context: WriteContext,
  drafts: readonly LabelDraft[],
  by: Principal,
): Promise<Label[]> {
  if (drafts.length === 0) return []
  const writtenBy = await context.principal(by)
  const at = new Date(context.now).toISOString()
  const made = drafts.map((draft) => numbered(context, draft, by))
  await context.sql.query(
    `insert into label (seq, id, subject_type, subject_id, value, source, reason, evidence, case_id, probability, neg, retracts,
       at, expires_at, written_by, salt)
     select seq, id, subject_type, subject_id, value, source, reason, evidence, case_id, probability, neg, retracts,
       $2::timestamptz, expires_at, $3, decode(salt, 'base64')
     from json_to_recordset($1::text::json) as r(seq bigint, id text, subject_type text, subject_id text, value text, source text,
       reason text, evidence text, case_id text, probability double precision, neg boolean, retracts text, expires_at timestamptz, salt text)`,
    [JSON.stringify(made.map(({ row }) => row)), at, writtenBy],
  )
  return made.map(({ row, draft }) => ({
    ...draft,
    id: row.id,
    seq: row.seq,
    at,
    by,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  }))
}

function numbered(context: WriteContext, draft: LabelDraft, by: Principal) {
  const id = Buffer.from(context.random.take(15)).toString('base64url')
  const salt = context.random.take(16)
  const evidence = draft.evidence === undefined ? null : JSON.stringify(draft.evidence)
  const expiresAt = draft.expiresAt === undefined ? null : Date.parse(draft.expiresAt)
  const fields = {
    id,
    subjectType: draft.subject.type,
    subjectId: draft.subject.id,
    value: draft.value,
    source: draft.source,
    reason: draft.reason,
    evidence,
    caseId: draft.caseId ?? null,
    probability: draft.probability ?? null,
    neg: draft.neg,
    retracts: draft.retracts ?? null,
    at: context.now,
    expiresAt,
    by: principalName(by),
  }
  const seq = context.chain('label', salt, labelFields(fields))
  return {
    draft,
    row: {
      seq,
      id,
      subject_type: fields.subjectType,
      subject_id: fields.subjectId,
      value: fields.value,
      source: fields.source,
      reason: fields.reason,
      evidence,
      case_id: fields.caseId,
      probability: fields.probability,
      neg: fields.neg,
      retracts: fields.retracts,
      expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
      salt: Buffer.from(salt).toString('base64'),
    },
  }
}
