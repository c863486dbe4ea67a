import { carryOut } from '../execution/carry-out.ts'
import type { Hand, Step, Told } from '../execution/step.ts'
import type { Rehearsal } from '../plan/plan.ts'

/** Every step through the code that carries out the real ones, with a hand that touches nothing. */
export async function rehearse(
  steps: readonly Step[],
  hand: Hand,
  tell: (step: Step) => Told,
  now: number,
  by: string,
): Promise<Rehearsal> {
  if (hand.live) throw new Error('a rehearsal with a live hand')
  const wouldFail: { account: string; reason: string }[] = []
  await carryOut(
    steps,
    hand,
    () => now,
    tell,
    async (before, after) => {
      if (after.state !== 'acknowledged' && after.state !== 'sent')
        wouldFail.push({ account: before.account, reason: after.answer ?? after.state })
    },
  )
  return { at: new Date(now).toISOString(), by, steps: steps.length, wouldFail }
}
