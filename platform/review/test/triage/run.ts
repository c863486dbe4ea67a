import { rowsOf } from '@firebreak/intake'
import { MINUTE, seededRandom } from '@firebreak/kernel'
import { TEST_TIME } from '@firebreak/ledger/testing'
import { dismissed, guardian, openStage } from '../stage.ts'
import { type Arrival, serviceTime, type Wait } from './world.ts'

export interface TriageResult {
  readonly waits: readonly Wait[]
  /** Jobs left when nobody found anything to do any more. */
  readonly left: number
  readonly clocksBreached: number
}

interface Busy {
  readonly job: string
  readonly until: number
}

/** Lets moderators work through a stream of reports at the real desk over a store in memory, on a clock of its own. */
export async function triage(stream: readonly Arrival[], moderators: number, seed: number): Promise<TriageResult> {
  const stage = await openStage()
  const { desk, intake, ledger } = stage
  const random = seededRandom(seed)
  const people = Array.from({ length: moderators }, (_, i) => guardian(`mod-${i}`))
  const free = people.map(() => 0)
  const busy: (Busy | null)[] = people.map(() => null)
  const waits: Wait[] = []
  let next = 0
  try {
    for (;;) {
      const who = free.indexOf(Math.min(...free))
      const now = free[who]!
      const due: Promise<unknown>[] = []
      for (; next < stream.length && stream[next]!.at <= now; next++) {
        stage.now = TEST_TIME + stream[next]!.at
        due.push(intake.submit(stream[next]!.report))
        // Reports of one minute share a transaction and its time.
        if (stream[next + 1] === undefined || stream[next + 1]!.at - stream[next]!.at > MINUTE)
          await Promise.all(due.splice(0))
      }
      await Promise.all(due)
      stage.now = TEST_TIME + now
      const by = people[who]!
      const inHand = busy[who]
      if (inHand != null) await desk.decide(inHand.job, by, dismissed)
      busy[who] = null
      const taken = await desk.next(by)
      if (taken === null) {
        if (next >= stream.length && busy.every((one) => one === null)) break
        free[who] = next < stream.length ? Math.max(now + MINUTE, stream[next]!.at) : Math.max(now + 1, ...free)
        continue
      }
      const [row] = await rowsOf<{ opened_at: Date }>(ledger.db, 'select opened_at from job where id = $1', [
        taken.dossier.id,
      ])
      const { id, severity } = taken.dossier
      waits.push({ severity, waited: stage.now - row!.opened_at.getTime() })
      busy[who] = { job: id, until: now + serviceTime(severity, random) }
      free[who] = busy[who]!.until
    }
    const [left] = await rowsOf<{ n: number }>(ledger.db, 'select count(*)::int as n from job where closed_at is null')
    const [late] = await rowsOf<{ n: number }>(
      ledger.db,
      'select count(*)::int as n from job where due_at is not null and closed_at > due_at',
    )
    return { waits, left: left!.n, clocksBreached: late!.n }
  } finally {
    await ledger.close()
  }
}
