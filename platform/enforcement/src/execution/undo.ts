import { MINUTE } from '@firebreak/kernel'
import { sameSlot } from '../plan/actions.ts'
import type { Step } from './step.ts'

/** An action in force on an account, and the step that brought it about. */
export interface StandingSanction {
  readonly stepId: string
  readonly account: string
  readonly action: Step['action']
  readonly since: number
  readonly until: number | null
}

export interface UndoPlan {
  /** Steps to reverse: what they wrote still stands, or is being carried out at this moment. */
  readonly reverse: readonly Step[]
  /** Steps not yet carried out: they are simply not carried out. */
  readonly cancel: readonly Step[]
  /** Left alone, with why: somebody has changed it since, it ended, or it never took effect. */
  readonly left: readonly { readonly step: Step; readonly why: 'changed-since' | 'ended' | 'never-done' }[]
}

/** What undoing a batch does, from what it wrote and what stands now: only what still is as written is taken back. */
export function undoOf(batch: readonly Step[], standing: readonly StandingSanction[]): UndoPlan {
  const byStep = new Map(standing.map((one) => [one.stepId, one]))
  const byAccount = new Map<string, StandingSanction[]>()
  for (const one of standing) byAccount.set(one.account, [...(byAccount.get(one.account) ?? []), one])
  const reverse: Step[] = []
  const cancel: Step[] = []
  const left: UndoPlan['left'][number][] = []
  for (const step of batch) {
    if (step.direction !== 'act') continue
    if (step.state === 'waiting') cancel.push(step)
    else if (step.state === 'acting') reverse.push(step)
    else if (step.state !== 'acknowledged' && step.state !== 'sent') left.push({ step, why: 'never-done' })
    else if (byStep.has(step.id)) reverse.push(step)
    else {
      const replaced = (byAccount.get(step.account) ?? []).some(({ action }) => sameSlot(action, step.action))
      left.push({ step, why: replaced ? 'changed-since' : 'ended' })
    }
  }
  return { reverse, cancel, left }
}

/** Longer than any hand takes over one step. */
const AFTER_ACTING = 2 * MINUTE

/** The steps that take others back: at once, or after what is being carried out has ended. A step is reversed once: its reversal carries its id. */
export function reversalsOf(steps: readonly Step[], now: number): Step[] {
  return steps.map((step) => ({
    ...step,
    id: `${step.id}~undo`,
    batch: `${step.batch}~undo`,
    direction: 'reverse',
    reverses: step.id,
    dueAt: now,
    state: 'waiting',
    attempts: 0,
    nextAt: step.state === 'acting' ? now + AFTER_ACTING : now,
    answer: null,
  }))
}
