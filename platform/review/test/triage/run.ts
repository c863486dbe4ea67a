import { rowsOf } from '@firebreak/intake'
import { MINUTE, seededRandom } from '@firebreak/kernel'
import { TEST_TIME } from '@firebreak/ledger/testing'
import { takeNext } from '../../src/jobs/lease.ts'
import { dismissed, guardian, openStage } from '../stage.ts'
import { type Arrival, serviceTime, type Wait } from './world.ts'

export interface TriageResult {
  readonly waits: readonly Wait[]
  /** Jobs left when nobody found anything to do any more. */
  readonly left: number
  readonly clocksBreached: number
}

const TOGETHER = 5 * MINUTE

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
  let turn = 0
  try {
    for (;;) {
      const who = free.indexOf(Math.min(...free))
      const now = free[who]!
      const due: Promise<unknown>[] = []
      for (; next < stream.length && stream[next]!.at <= now; next++) {
        stage.now = TEST_TIME + stream[next]!.at
        due.push(intake.submit(stream[next]!.report))
        // Reports of five minutes share a transaction and its time.
        const following = stream[next + 1]
        if (following === undefined || Math.floor(following.at / TOGETHER) !== Math.floor(stream[next]!.at / TOGETHER))
          await Promise.all(due.splice(0))
      }
      await Promise.all(due)
      stage.now = TEST_TIME + now
      const by = people[who]!
      const inHand = busy[who]
      if (inHand != null) await desk.decide(inHand.job, by, dismissed)
      busy[who] = null
      // The desk without its dossier, which says nothing about the order.
      const taken = await takeNext(ledger, by, {}, stage.now, turn++)
      if (taken === null) {
        if (next >= stream.length && busy.every((one) => one === null)) break
        free[who] = next < stream.length ? Math.max(now + MINUTE, stream[next]!.at) : Math.max(now + 1, ...free)
        continue
      }
      const { id, severity, opened_at } = taken
      waits.push({ severity, waited: stage.now - opened_at.getTime() })
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
