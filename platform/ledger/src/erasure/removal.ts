import { removalFields } from '../chain/canonical.ts'
import { PositionsDigest } from '../chain/digest.ts'
import type { WriteContext } from '../writer/writer.ts'

/**
 * Records in the chain that the rows at these positions are gone or reduced, and marks their entries. The record covers exactly these
 * positions: verify() accepts no other missing row. Positions removed before keep their first record.
 */
export async function recordRemoval(
  context: WriteContext,
  reason: string,
  positions: readonly number[],
): Promise<number> {
  await context.flushChain()
  const { rows } = await context.sql.query<{ seq: number }>(
    'select seq from chain where seq = any($1::bigint[]) and gone_by is null order by seq',
    [positions],
  )
  const digest = new PositionsDigest()
  for (const { seq } of rows) digest.add(seq)
  const salt = context.random.take(16)
  const covered = digest.digest()
  const fields = { reason, at: context.now, count: digest.count, positions: covered.toString('base64') }
  const seq = context.chain('removal', salt, removalFields(fields))
  await context.sql.query(
    'insert into removal (seq, reason, at, count, positions, salt) values ($1, $2, $3::timestamptz, $4, $5, $6)',
    [seq, reason, new Date(context.now).toISOString(), digest.count, covered, salt],
  )
  await context.sql.query('update chain set gone_by = $1 where seq = any($2::bigint[])', [
    seq,
    rows.map((row) => row.seq),
  ])
  return digest.count
}
