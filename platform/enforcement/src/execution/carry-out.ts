import type { Clock } from '@firebreak/kernel'
import { afterAnswer, type Hand, type HandAnswer, type Step, type Told } from './step.ts'

/**
 * The one code path of rehearsal and execution: each step to the hand, each answer noted before the next step. A hand that throws has
 * failed that step, not the rest.
 */
export async function carryOut(
  steps: readonly Step[],
  hand: Hand,
  clock: Clock,
  tell: (step: Step) => Told,
  note: (before: Step, after: Step) => Promise<void>,
): Promise<void> {
  for (const step of steps) {
    const answer = await askHand(hand, step, tell(step))
    await note(step, afterAnswer(step, answer, clock()))
  }
}

async function askHand(hand: Hand, step: Step, told: Told): Promise<HandAnswer> {
  try {
    return await hand.act(step, told)
  } catch (error) {
    return { outcome: 'failed', detail: error instanceof Error ? error.message : String(error) }
  }
}
