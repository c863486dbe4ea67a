import { recordIn } from '../audit/record.ts'
import type { Store } from '../store/store.ts'
import type { LegalHold, LegalHolds } from '../types.ts'
import type { Writer } from '../writer/writer.ts'

interface HoldRow {
  readonly id: string
  readonly subject_type: string
  readonly subject_id: string
  readonly reason: string
  readonly placed_at: Date
  readonly released_at: Date | null
}

function fromRow(row: HoldRow): LegalHold {
  return {
    id: row.id,
    subject: { type: row.subject_type, id: row.subject_id },
    reason: row.reason,
    placedAt: row.placed_at.toISOString(),
    releasedAt: row.released_at?.toISOString() ?? null,
  }
}

/** Legal holds beat erasure and retention until released. */
export function legalHoldsOver(store: Store, writer: Writer): LegalHolds {
  return {
    place: (subject, reason, by) =>
      writer.write(async (context) => {
        const id = `hold-${Buffer.from(context.random.take(9)).toString('base64url')}`
        const { rows } = await context.sql.query<HoldRow>(
          `insert into legal_hold (id, subject_type, subject_id, reason, placed_at) values ($1, $2, $3, $4, $5::timestamptz) returning *`,
          [id, subject.type, subject.id, reason, new Date(context.now).toISOString()],
        )
        await recordIn(context, 'legal-hold.placed', { hold: id, subject, reason }, by)
        return fromRow(rows[0]!)
      }),
    release: (id, by) =>
      writer.write(async (context) => {
        const { affected } = await context.sql.query(
          'update legal_hold set released_at = $2::timestamptz where id = $1 and released_at is null',
          [id, new Date(context.now).toISOString()],
        )
        if (affected > 0) await recordIn(context, 'legal-hold.released', { hold: id }, by)
        return affected > 0
      }),
    async list(options = {}) {
      const { rows } = await store.query<HoldRow>(
        'select * from legal_hold where not $1 or released_at is null order by placed_at, id',
        [options.standingOnly ?? false],
      )
      return rows.map(fromRow)
    },
  }
}
