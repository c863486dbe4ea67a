import type { Hand, HandAnswer, Step } from '../execution/step.ts'

/** What must hold of a step for the live hand to take it; null when nothing is wrong. */
export type StepCheck = (step: Step) => Promise<string | null>

/** A hand that touches nothing: it asks the live hand's checks and says what would happen. */
export function rehearsalHand(check: StepCheck = async () => null): Hand {
  return {
    name: 'rehearsal',
    live: false,
    async act(step): Promise<HandAnswer> {
      const problem = await check(step)
      return problem === null
        ? { outcome: 'acknowledged', detail: 'would be done' }
        : { outcome: 'refused', detail: problem }
    },
  }
}
