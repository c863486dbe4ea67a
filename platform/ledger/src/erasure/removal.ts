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
  const { rows } = await context.sql.query<{ seq: number }>('select seq from gone where seq = any($1::bigint[])', [
    positions,
  ])
  const before = new Set(rows.map(({ seq }) => seq))
  const fresh = [...new Set(positions)].filter((seq) => !before.has(seq)).sort((a, b) => a - b)
  const digest = new PositionsDigest()
  for (const seq of fresh) digest.add(seq)
  const salt = context.random.take(16)
  const covered = digest.digest()
  const fields = { reason, at: context.now, count: digest.count, positions: covered.toString('base64') }
  const seq = context.chain('removal', salt, removalFields(fields))
  await context.sql.query(
    'insert into removal (seq, reason, at, count, positions, salt) values ($1, $2, $3::timestamptz, $4, $5, $6)',
    [seq, reason, new Date(context.now).toISOString(), digest.count, covered, salt],
  )
  await context.sql.insert(
    GONE,
    fresh.map((position) => [position, seq]),
  )
  return digest.count
}

const GONE = {
  table: 'gone',
  columns: [
    ['seq', 'int8'],
    ['by', 'int8'],
  ],
} as const
