import {
  type Adapted,
  fromAtproto,
  fromCoop,
  fromMastodon,
  fromNotice,
  noticeSchema,
  type ReportInput,
  rowsOf,
} from '@firebreak/intake'
import type { Ledger } from '@firebreak/ledger'
import { closeJob, queueRows } from '@firebreak/review'
import type { Doors } from '../reports/doors.ts'
import type { ReportOffice } from '../reports/office.ts'
import type { CanaryPort, Sighting } from './watch.ts'

const SOURCE = 'canary'
const BY = { kind: 'system', id: 'canaries' } as const
const WORDS = 'a synthetic report: paper lantern'

interface Parts {
  readonly ledger: Ledger
  readonly reports: Pick<ReportOffice, 'intake'>
  readonly doors: Pick<Doors, 'settings' | 'hooks'>
}

/** A report through every door that is open, each in its own language, followed into log, job and queue. */
export function reportPorts(parts: Parts): CanaryPort[] {
  const doors = () => parts.doors.settings
  // One name a door, round after round: what the log once named it never forgets.
  const port = (surface: string, live: () => boolean, make: (id: string) => Adapted): CanaryPort => ({
    surface: `report/${surface}`,
    live,
    fly: () => fly(parts, `canary-${surface}`, make(`canary-${surface}`)),
  })
  return [
    port(
      'api',
      () => true,
      (id) => ({ kind: 'report', report: plain(id) }),
    ),
    port(
      'form',
      () => doors().notice.on,
      (id) => ({ kind: 'report', report: fromNotice(notice(id), SOURCE) }),
    ),
    port(
      'coop',
      () => doors().coop.on,
      (id) => fromCoop(coop(id), SOURCE),
    ),
    port(
      'atproto',
      () => doors().atproto.on,
      (id) => fromAtproto(atproto(id), SOURCE, null),
    ),
    port(
      'mastodon',
      () => parts.doors.hooks.length > 0,
      (id) => fromMastodon(mastodon(id), SOURCE),
    ),
  ]
}

async function fly({ ledger, reports }: Parts, id: string, adapted: Adapted): Promise<Sighting> {
  if (adapted.kind !== 'report') return { state: 'lost', detail: `the door did not read it (${adapted.why})` }
  // About nobody: an account would be counted among the platform's.
  const { author: _nobody, subject, ...report } = adapted.report
  const about = { type: 'canary', id: subject.id }
  const { reportId } = await reports.intake.submit({ ...report, subject: about, synthetic: true })
  try {
    return await follow(ledger, reportId, adapted.report.subject.id.includes(id))
  } finally {
    await tidy(ledger, reportId)
  }
}

interface Followed {
  readonly state: string
  readonly seq: number
  readonly job: string | null
  readonly queue: string | null
  readonly lane: 'general' | 'child-safety' | 'danger' | null
}

async function follow(ledger: Ledger, report: string, named: boolean): Promise<Sighting> {
  const [row] = await rowsOf<Followed>(
    ledger.db,
    `select r.state, r.seq, r.job, j.queue, j.lane from report r left join job j on j.id = r.job and j.closed_at is null where r.id = $1`,
    [report],
  )
  if (row === undefined) return { state: 'lost', detail: 'acknowledged, but not stored' }
  const [event] = await ledger.events({ afterSeq: row.seq - 1, limit: 1 })
  if (event?.type !== 'report.received' || event.seq !== row.seq) return { state: 'lost', detail: 'not in the log' }
  if (event.data?.text !== WORDS) return { state: 'lost', detail: 'its words changed on the way' }
  if (!named) return { state: 'lost', detail: 'its subject changed on the way' }
  if (row.queue === null || row.lane === null) return { state: 'lost', detail: 'it opened no job' }
  const listed = await queueRows(ledger.db, [row.lane], { queue: row.queue, limit: 200 }, 0)
  if (listed.some(({ id }) => id === row.job)) return { state: 'leaked', detail: 'moderators are shown it' }
  const [counted] = await rowsOf(ledger.db, 'select 1 from report_tally where source = $1', [SOURCE])
  if (counted !== undefined) return { state: 'leaked', detail: 'the books count it' }
  return { state: 'found' }
}

/** Its job is closed at once; no decision, no outcome, no count is made of it. */
async function tidy(ledger: Ledger, report: string): Promise<void> {
  await ledger.transaction(BY, async (tx) => {
    const [row] = await rowsOf<{ job: string | null }>(tx.db, 'select job from report where id = $1', [report])
    if (row?.job != null) await closeJob(tx, row.job)
  })
}

function plain(id: string): ReportInput {
  return {
    subject: { type: 'account', id },
    category: 'other',
    text: WORDS,
    reporter: { class: 'automated' },
    source: SOURCE,
  }
}

function notice(id: string) {
  const fields = { location: `https://canary.invalid/${id}`, category: 'other', reason: WORDS, goodFaith: 'yes' }
  return noticeSchema.parse(fields)
}

function coop(id: string) {
  return {
    reporter: { kind: 'rule', id: 'canary' },
    reportedAt: '2026-01-01T00:00:00Z',
    reportedForReason: { reason: WORDS },
    reportedItem: { id, typeId: 'user' },
  }
}

function atproto(id: string) {
  const subject = { $type: 'com.atproto.admin.defs#repoRef', did: `did:web:${id}.invalid` }
  return { reasonType: 'com.atproto.moderation.defs#reasonOther', reason: WORDS, subject }
}

function mastodon(id: string) {
  return { event: 'report.created', object: { id, category: 'other', comment: WORDS, target_account: { id } } }
}
