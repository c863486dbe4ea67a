import type { Ref } from '@firebreak/kernel'
import { putDocument } from '../documents/documents.ts'
import { insertLabels, type LabelRow, SELECT_LABELS } from '../labels/rows.ts'
import type { WriteContext } from '../writer/writer.ts'
import { withoutMention } from './redact.ts'

const ERASURE = { kind: 'system', id: 'erasure' } as const

/** Removes a subject's labels and every mention of it; returns the positions of the rows that were reduced. */
export async function eraseMentions(context: WriteContext, subject: Ref, pseudonym: string): Promise<number[]> {
  const needle = JSON.stringify(subject.id).slice(1, -1)
  await context.sql.query('update legal_hold set subject_id = $3 where subject_type = $1 and subject_id = $2', [
    subject.type,
    subject.id,
    pseudonym,
  ])
  return [
    ...(await eraseLabels(context, subject, pseudonym)),
    ...(await eraseDocumentsAbout(context, subject.id, pseudonym)),
    ...(await cleanEvidence(context, subject.id, needle, pseudonym)),
    ...(await cleanDocuments(context, subject.id, needle, pseudonym)),
    ...(await cleanAudit(context, subject.id, needle, pseudonym)),
  ]
}

/** The labels stay as stubs under the pseudonym, and each is retracted so that snapshots let go of it. */
export async function eraseLabels(context: WriteContext, { type, id }: Ref, pseudonym: string): Promise<number[]> {
  const { rows } = await context.sql.query<LabelRow>(
    `${SELECT_LABELS} where l.subject_type = $1 and l.subject_id = $2 order by l.seq`,
    [type, id],
  )
  if (rows.length === 0) return []
  await context.sql.query(
    `update label set subject_id = $3, reason = '', evidence = null, salt = null where subject_type = $1 and subject_id = $2`,
    [type, id, pseudonym],
  )
  const retracted = new Set(rows.map((row) => row.retracts))
  const drafts = rows
    .filter((row) => !row.neg && !retracted.has(row.id))
    .map(({ id: retracts, value, source }) => ({
      subject: { type, id: pseudonym },
      value,
      source,
      reason: 'erased',
      neg: true,
      retracts,
    }))
  await insertLabels(context, drafts, ERASURE)
  return rows.map(({ seq }) => seq)
}

interface Mentioning {
  readonly seq: number
  readonly text: string
}

async function cleanEvidence(context: WriteContext, id: string, needle: string, pseudonym: string): Promise<number[]> {
  const { rows } = await context.sql.query<{ seq: number; evidence: string | null; reason: string }>(
    'select seq, evidence, reason from label where strpos(evidence, $1) > 0 or strpos(reason, $2) > 0',
    [needle, id],
  )
  const changed: number[] = []
  for (const { seq, evidence, reason } of rows) {
    const cleanReason = withoutMention(reason, id, pseudonym) as string
    const cleanText = evidence === null ? null : cleaned(evidence, id, pseudonym)
    if (cleanReason === reason && cleanText === evidence) continue
    await context.sql.query('update label set evidence = $2, reason = $3, salt = null where seq = $1', [
      seq,
      cleanText,
      cleanReason,
    ])
    changed.push(seq)
  }
  return changed
}

/** A document whose own id names the subject is about it: every version loses its body, and the id. */
async function eraseDocumentsAbout({ sql }: WriteContext, id: string, pseudonym: string): Promise<number[]> {
  const { rows } = await sql.query<{ seq: number; doc: string }>(
    'select seq, id as doc from document where strpos(id, $1) > 0 order by seq',
    [id],
  )
  const changed: number[] = []
  for (const { seq, doc } of rows) {
    const clean = withoutMention(doc, id, pseudonym)
    if (clean === doc) continue
    await sql.query('update document set id = $2, body = null, salt = null where seq = $1', [seq, clean])
    changed.push(seq)
  }
  return changed
}

/** Every version that mentions the subject loses its body; what was the latest version is written again without the mention. */
async function cleanDocuments(context: WriteContext, id: string, needle: string, pseudonym: string): Promise<number[]> {
  const { rows } = await context.sql.query<Mentioning & { kind: string; doc: string; version: number; latest: number }>(
    `select d.seq, d.kind, d.id as doc, d.version, d.body as text,
       (select max(version) from document l where l.kind = d.kind and l.id = d.id) as latest
     from document d where strpos(d.body, $1) > 0 order by d.seq`,
    [needle],
  )
  const changed: number[] = []
  for (const { seq, kind, doc, version, text, latest } of rows) {
    const clean = cleaned(text, id, pseudonym)
    if (clean === text) continue
    await context.sql.query('update document set body = null, salt = null where seq = $1', [seq])
    changed.push(seq)
    if (version === latest)
      await putDocument(context, { kind, id: doc, version: version + 1, text: clean, by: ERASURE })
  }
  return changed
}

async function cleanAudit(context: WriteContext, id: string, needle: string, pseudonym: string): Promise<number[]> {
  const { rows } = await context.sql.query<Mentioning>(
    'select seq, data as text from audit where strpos(data, $1) > 0',
    [needle],
  )
  const changed: number[] = []
  for (const { seq, text } of rows) {
    const clean = cleaned(text, id, pseudonym)
    if (clean === text) continue
    await context.sql.query('update audit set data = $2, salt = null where seq = $1', [seq, clean])
    changed.push(seq)
  }
  return changed
}

function cleaned(text: string, id: string, pseudonym: string): string {
  return JSON.stringify(withoutMention(JSON.parse(text), id, pseudonym))
}
