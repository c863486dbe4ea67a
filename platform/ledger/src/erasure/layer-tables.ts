import type { TransactionSql } from '../store/store.ts'
import { withoutMention } from './redact.ts'

/**
 * Where the tables of the layers above hold persons, and what an erasure does there. Whoever adds a table with such a column adds a
 * line; tables that hold entity numbers only and must keep their counts need none, since the name goes with the entity.
 */
export type LayerColumn =
  /** The id itself becomes the pseudonym. */
  | { readonly table: string; readonly column: string; readonly does: 'pseudonym' }
  /** Text or JSON in which the id may occur loses it. */
  | { readonly table: string; readonly column: string; readonly does: 'mentions' }
  /** Rows of the id go. */
  | { readonly table: string; readonly column: string; readonly does: 'delete' }
  /** Rows of the person's entity number, or of what it made or alone used, go. */
  | { readonly table: string; readonly column: string; readonly does: 'delete-entity' }

export const LAYER_COLUMNS: readonly LayerColumn[] = [
  { table: 'medium', column: 'content', does: 'delete-entity' },
  { table: 'content_label', column: 'content', does: 'delete-entity' },
  { table: 'detector_score', column: 'content', does: 'delete-entity' },
  { table: 'content_review', column: 'content', does: 'delete-entity' },
  { table: 'age_assurance', column: 'entity', does: 'delete-entity' },
  { table: 'counted', column: 'entity', does: 'delete-entity' },
  { table: 'counted', column: 'other', does: 'delete-entity' },
  { table: 'webhook_delivery', column: 'body', does: 'mentions' },
  { table: 'victim_mark', column: 'entity', does: 'delete-entity' },
  { table: 'lookup', column: 'subject', does: 'delete-entity' },
  { table: 'lookup', column: 'purpose', does: 'mentions' },
  { table: 'reveal', column: 'purpose', does: 'mentions' },
  { table: 'vault_grant', column: 'purpose', does: 'mentions' },
  { table: 'job', column: 'pause_reason', does: 'mentions' },
  { table: 'report', column: 'reason', does: 'mentions' },
  { table: 'plan_step', column: 'account', does: 'pseudonym' },
  { table: 'plan_step', column: 'answer', does: 'mentions' },
  { table: 'sanction', column: 'account', does: 'pseudonym' },
  { table: 'strike', column: 'account', does: 'pseudonym' },
  { table: 'strike', column: 'id', does: 'mentions' },
  { table: 'evidence_opened', column: 'account', does: 'pseudonym' },
  { table: 'evidence_opened', column: 'evidence', does: 'mentions' },
  { table: 'evidence_opened', column: 'finding', does: 'mentions' },
  { table: 'appeal', column: 'account', does: 'pseudonym' },
  { table: 'appeal', column: 'reason', does: 'mentions' },
  { table: 'removed_link', column: 'source', does: 'delete' },
  { table: 'removed_link', column: 'target', does: 'delete' },
]

export interface Person {
  readonly id: string
  readonly pseudonym: string
  /** Its entity and those of its own things. */
  readonly entities: readonly number[]
}

/** Takes a person out of every listed column, and out of tasks that are over. */
export async function eraseFromLayers(sql: TransactionSql, person: Person): Promise<void> {
  for (const { table, column, does } of LAYER_COLUMNS) {
    if (does === 'pseudonym')
      await sql.query(`update ${table} set ${column} = $2 where ${column} = $1`, [person.id, person.pseudonym])
    else if (does === 'delete') await sql.query(`delete from ${table} where ${column} = $1`, [person.id])
    else if (does === 'delete-entity')
      await sql.query(`delete from ${table} where ${column} = any($1::int[])`, [person.entities])
    else await cleanText(sql, { table, column }, person)
  }
  await cleanTasks(sql, person)
}

/** Reads the rows that may mention the id and writes those back that do. The row's place in the table names it: keys differ. */
async function cleanText(
  sql: TransactionSql,
  { table, column, where = 'true' }: { table: string; column: string; where?: string },
  { id, pseudonym }: Person,
): Promise<void> {
  const { rows } = await sql.query<{ place: string; part: number; text: string }>(
    `select ctid::text as place, tableoid::int as part, ${column}::text as text from ${table}
     where (strpos(${column}::text, $1) > 0 or strpos(${column}::text, $2) > 0) and ${where}`,
    [id, JSON.stringify(id).slice(1, -1)],
  )
  const value = where === 'true' ? '$3' : '$3::text::jsonb'
  for (const { place, part, text } of rows) {
    const clean = withoutMentionInText(text, id, pseudonym)
    if (clean !== text)
      await sql.query(
        `update ${table} set ${column} = ${value} where ctid = $1::text::tid and tableoid::int = $2::int`,
        [place, part, clean],
      )
  }
}

/** JSON is cleaned as JSON, anything else as a sentence. */
function withoutMentionInText(text: string, id: string, pseudonym: string): string {
  try {
    return JSON.stringify(withoutMention(JSON.parse(text), id, pseudonym))
  } catch {
    return withoutMention(text, id, pseudonym) as string
  }
}

/** Tasks still to be done keep what they were told: they are over soon, and some of them are about the erasure itself. */
async function cleanTasks(sql: TransactionSql, person: Person): Promise<void> {
  const { rows } = await sql.query<{ there: boolean }>(`select to_regclass('pgboss.job') is not null as there`)
  if (!rows[0]!.there) return
  const where = `(state in ('completed', 'failed', 'cancelled') or name = 'dead-letters')`
  for (const column of ['data', 'output', 'source_output'])
    await cleanText(sql, { table: 'pgboss.job', column, where }, person)
}
