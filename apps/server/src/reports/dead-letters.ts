import { fromMastodon, rowsOf } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import type { Doors } from './doors.ts'
import type { ReportOffice } from './office.ts'

export interface DeadLetter {
  readonly id: string
  readonly source: string
  readonly receivedAt: string
  readonly why: string
}

/** Deliveries that were acknowledged but could not be read as reports, oldest first. */
export async function deadLetters(ledger: Pick<Ledger, 'db'>, limit: number): Promise<DeadLetter[]> {
  const rows = await rowsOf<{ id: string; source: string; received_at: Date; reason: string }>(
    ledger.db,
    `select id, source, received_at, reason from report where state = 'dead' order by received_at, seq limit $1`,
    [limit],
  )
  return rows.map(({ id, source, received_at, reason }) => ({
    id,
    source,
    receivedAt: received_at.toISOString(),
    why: reason,
  }))
}

interface Kept {
  readonly text?: string
  readonly statement?: { readonly adapter?: string; readonly hook?: string }
}

/**
 * Reads a dead letter again, after its adapter or its sender's settings changed. If it can be read now, a report takes its place in
 * the line and the letter counts as merged into that job. Throws `http/conflict` while it still cannot.
 */
export async function replayDeadLetter(
  { ledger, reports, doors }: { ledger: Ledger; reports: ReportOffice; doors: Doors },
  id: string,
  by: Principal,
): Promise<string> {
  const [row] = await rowsOf<{ seq: number; source: string }>(
    ledger.db,
    `select seq, source from report where id = $1 and state = 'dead'`,
    [id],
  )
  if (row === undefined) throw new FirebreakError('http/not-found', ['dead letter with that id'])
  const [event] = await ledger.events({ afterSeq: row.seq - 1, limit: 1 })
  const kept = (event?.seq === row.seq ? event.data : undefined) as Kept | undefined
  const hook = doors.hooks.find((one) => one.id === kept?.statement?.hook)
  const adapted = fromMastodon(parsed(kept?.text ?? ''), row.source, hook?.rules)
  if (adapted.kind !== 'report') throw new FirebreakError('http/conflict', [`It still cannot be read (${adapted.why})`])
  const { reportId } = await reports.intake.submit(adapted.report, {
    caller: hook?.id ?? row.source,
    key: adapted.key!,
  })
  await ledger.transaction(by, async (tx) => {
    await rowsOf(
      tx.db,
      `update report set state = 'merged', job = (select job from report where id = $2) where id = $1 and state = 'dead'`,
      [id, reportId],
    )
    await tx.record('report.replayed', { report: id, as: reportId })
  })
  return reportId
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
