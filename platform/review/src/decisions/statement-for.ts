import { type ReporterClass, rowsOf } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import type { Reviewer } from '../reviewer.ts'
import { dataOf } from './decide.ts'
import { type Language, languageFor, type Statement, statementOf } from './statement.ts'
import { decisionRow } from './undo.ts'

/** The statement of reasons of a decision, built from what was stored when it was made. Throws when there is none, or it was erased. */
export async function statementFor(
  ledger: Pick<Ledger, 'db' | 'events'>,
  id: string,
  by: Reviewer,
  language?: Language,
): Promise<Statement> {
  const row = await decisionRow(ledger, id)
  const [lane] = await rowsOf<{ lane: Reviewer['lanes'][number] }>(ledger.db, 'select lane from job where id = $1', [
    row.job,
  ])
  if (lane === undefined || !(by.lanes.includes(lane.lane) || by.manages))
    throw new FirebreakError('http/not-found', ['decision with that id'])
  const [event] = await ledger.events({ afterSeq: row.seq - 1, limit: 1 })
  const data = event?.seq === row.seq ? dataOf(event) : undefined
  if (data === undefined) throw new FirebreakError('http/not-found', ['statement: the decision was erased'])
  const classes = await rowsOf<{ reporter_class: ReporterClass }>(
    ledger.db,
    `select distinct reporter_class from report where job = $1`,
    [row.job],
  )
  const noticedBy = classes.map(({ reporter_class }) => reporter_class).filter((name) => name !== 'automated')
  return statementOf(
    {
      decision: data,
      subjectType: data.target.type,
      decidedAt: row.decided_at.getTime(),
      effectiveAt: row.effective_at.getTime(),
      noticedBy,
      detectedAutomatically: classes.some(({ reporter_class }) => reporter_class === 'automated'),
    },
    language ?? languageFor(data.language),
  )
}
