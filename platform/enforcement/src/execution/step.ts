import { MINUTE, type Random, SECOND } from '@firebreak/kernel'
import type { Action } from '../plan/actions.ts'
import type { Plan } from '../plan/plan.ts'
import { dueTimes } from './schedule.ts'

/**
 * One thing to do to one account. `act` brings an action about, `reverse` takes back what step `reverses` did.
 * sent: the platform took it and has not yet said that it is done.
 */
export interface Step {
  readonly id: string
  readonly planId: string
  readonly batch: string
  readonly account: string
  readonly direction: 'act' | 'reverse'
  readonly reverses: string | null
  readonly action: Action
  readonly dueAt: number
  readonly state: StepState
  readonly attempts: number
  readonly nextAt: number
  /** What the platform last said. */
  readonly answer: string | null
}

/** acting: in the hands of a carrier at this moment. */
export type StepState = 'waiting' | 'acting' | 'sent' | 'acknowledged' | 'refused' | 'dead' | 'cancelled'

/** What a hand says of one step. */
export type HandAnswer =
  | { readonly outcome: 'acknowledged'; readonly detail?: string }
  | { readonly outcome: 'sent'; readonly detail?: string }
  | { readonly outcome: 'refused'; readonly detail: string }
  | { readonly outcome: 'failed'; readonly detail: string }

/** What the affected person is told with a step. */
export interface Told {
  readonly statement: string
  readonly appealUrl: string | null
}

/** Carries steps out on a platform, or, in a rehearsal, says what would happen. It must be safe to ask twice (by step id). */
export interface Hand {
  readonly name: string
  readonly live: boolean
  act(step: Step, told: Told): Promise<HandAnswer>
}

export const MOST_ATTEMPTS = 8
const FIRST_WAIT = 5 * SECOND
const LONGEST_WAIT = 30 * MINUTE

/** The step after an answer. Failures are tried again with doubled waits; after eight the step is dead-lettered and shown. */
export function afterAnswer(step: Step, answer: HandAnswer, now: number): Step {
  const attempts = step.attempts + 1
  const detail = answer.detail ?? null
  if (answer.outcome !== 'failed') return { ...step, attempts, state: answer.outcome, answer: detail, nextAt: now }
  if (attempts >= MOST_ATTEMPTS) return { ...step, attempts, state: 'dead', answer: detail, nextAt: now }
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))
  return { ...step, attempts, state: 'waiting', answer: detail, nextAt: now + wait }
}

/** A dead step begins anew. */
export function replayed(step: Step, now: number): Step {
  return { ...step, state: 'waiting', attempts: 0, nextAt: now }
}

/** A plan's steps with their times. The ids are the plan's, so that writing them twice adds nothing. */
export function stepsFor(plan: Pick<Plan, 'id' | 'members' | 'schedule'>, random: Random): Step[] {
  const pairs = plan.members.flatMap(({ account, actions }) => actions.map((action) => ({ account, action })))
  const due = dueTimes(pairs.length, plan.schedule, random)
  return pairs.map(({ account, action }, i) => ({
    id: `${plan.id}.${i}`,
    planId: plan.id,
    batch: plan.id,
    account,
    direction: 'act',
    reverses: null,
    action,
    dueAt: due[i]!,
    state: 'waiting',
    attempts: 0,
    nextAt: due[i]!,
    answer: null,
  }))
}
