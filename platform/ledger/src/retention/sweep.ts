import { DAY } from '@firebreak/kernel'
import { rebuildAdjacency } from '../edges/adjacency.ts'
import { catchUp } from '../edges/catch-up.ts'
import { recordRemoval } from '../erasure/removal.ts'
import type { SweepReport } from '../types.ts'
import type { WriteContext, Writer } from '../writer/writer.ts'
import { RETENTION, type RetentionRule } from './table.ts'

/** Rows per transaction, so that a sweep never holds up the writers for long. */
const BATCH = 1_000

/** Applies the retention table as of `now`, class by class, in batches. */
export async function sweepAll(writer: Writer, now: number): Promise<SweepReport[]> {
  const reports: SweepReport[] = []
  for (const rule of RETENTION) {
    const cutoff = new Date(now - rule.days * DAY).toISOString()
    let removed = 0
    for (;;) {
      const taken = await writer.write((context) => sweepBatch(context, rule, cutoff))
      removed += taken
      if (taken === 0 || rule.plain !== undefined) break
    }
    reports.push({ dataClass: rule.dataClass, removed })
  }
  return reports
}

async function sweepBatch(context: WriteContext, rule: RetentionRule, cutoff: string): Promise<number> {
  const { sql } = context
  if (rule.plain !== undefined) return (await sql.query(rule.plain, [cutoff])).affected
  if (rule.edges !== undefined) {
    await catchUp(context)
    const { rows } = await sql.query<{ node: number }>(rule.edges, [cutoff, BATCH])
    if (rows.length > 0)
      await rebuildAdjacency(
        sql,
        rows.map(({ node }) => node),
      )
    return rows.length
  }
  const { rows } = await sql.query<{ seq: number }>(rule.chained!, [cutoff, BATCH])
  if (rows.length > 0)
    await recordRemoval(
      context,
      `retention: ${rule.dataClass}`,
      rows.map(({ seq }) => seq),
    )
  return rows.length
}
