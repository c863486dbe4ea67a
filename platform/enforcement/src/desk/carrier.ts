import { type Clock, MINUTE, SECOND } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import { markedVictims } from '@firebreak/review'
import { DEFAULT_STRIKE_POLICY, type StrikePolicy } from '../appeals/strikes.ts'
import { type TellerParts, tellerOf } from '../appeals/teller.ts'
import { carryOut } from '../execution/carry-out.ts'
import type { Hand, Step, Told } from '../execution/step.ts'
import { isSanction } from '../plan/actions.ts'
import type { Plan } from '../plan/plan.ts'
import { changePlan, storedPlan } from '../store/plans.ts'
import { noteOutcome, type StrikeOf } from '../store/sanctions.ts'
import { claimDue, saveStep, stepById, unsettled } from '../store/steps.ts'

export interface CarrierParts extends TellerParts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly hand: Hand
  readonly onFault: (error: unknown) => void
  /** How strikes count (default: one each, a year). */
  readonly strikes?: () => Promise<StrikePolicy>
  /** False: only acknowledgements are taken here, another process carries out. */
  readonly working?: boolean
  /** Longest time between two looks for due steps (default 1 s). */
  readonly every?: number
}

const CARRIER: Principal = { kind: 'system', id: 'enforcement' }
/** Few at once: what is claimed and not yet done can only be reversed, not cancelled. */
const AT_ONCE = 20
const HELD = 2 * MINUTE

/**
 * Carries due steps out, one after the other, and notes each receipt with what it changed in one commit. A stop in between repeats
 * a step with the same id, which a platform answers as before. One carrier per ledger.
 */
export class Carrier {
  readonly #parts: CarrierParts
  readonly #timer: NodeJS.Timeout | undefined
  #running: Promise<number> | null = null
  #closed = false

  constructor(parts: CarrierParts) {
    this.#parts = parts
    if (parts.working === false) return
    this.#timer = setInterval(() => void this.tick().catch(parts.onFault), parts.every ?? SECOND)
    this.#timer.unref()
  }

  /** Does what is due now; returns how many steps were tried. Concurrent calls share the work. */
  tick(): Promise<number> {
    if (this.#closed) return Promise.resolve(0)
    this.#running ??= this.#work().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /** The platform says later that a step is done (`enforcement.acknowledged`). Returns false for a step that was not waiting for it. */
  async acknowledge(stepId: string): Promise<boolean> {
    const { ledger } = this.#parts
    const step = await stepById(ledger, stepId)
    if (step?.state !== 'sent') return false
    await this.#note(step, { ...step, state: 'acknowledged' })
    await this.#finish(new Set([step.planId]))
    return true
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#running?.catch(() => {})
  }

  async #work(): Promise<number> {
    const { ledger, clock, hand } = this.#parts
    let tried = 0
    for (;;) {
      if (this.#closed) return tried
      const claimed = await ledger.transaction(CARRIER, (tx) => claimDue(tx, clock(), AT_ONCE, HELD))
      if (claimed.length === 0) return tried
      const plans = new Set(claimed.map(({ planId }) => planId))
      const due = await this.#withoutVictims(claimed)
      await carryOut(due, hand, clock, await this.#teller(plans), (before, after) => this.#note(before, after))
      tried += claimed.length
      await this.#finish(plans)
    }
  }

  /** A mark set since the plan was drafted still protects: such a step is refused, and that is on record. */
  async #withoutVictims(steps: readonly Step[]): Promise<Step[]> {
    const { ledger } = this.#parts
    const acting = steps.filter(({ direction }) => direction === 'act').map(({ account }) => account)
    const victims = acting.length === 0 ? new Set<string>() : await markedVictims(ledger.db, acting)
    const refused = steps.filter(({ account, direction }) => direction === 'act' && victims.has(account))
    for (const step of refused) await this.#note(step, { ...step, state: 'refused', answer: 'protected' })
    return steps.filter((step) => !refused.includes(step))
  }

  async #teller(planIds: ReadonlySet<string>): Promise<(step: Step) => Told> {
    const { ledger, clock } = this.#parts
    const tellers = new Map<string, (step: Step) => Told>()
    for (const id of planIds) tellers.set(id, tellerOf((await storedPlan(ledger, id)).body, this.#parts, clock()))
    return (step) => tellers.get(step.planId)!(step)
  }

  async #note(before: Step, after: Step): Promise<void> {
    const took = (state: Step['state']) => state === 'acknowledged' || state === 'sent'
    const strike = await this.#strikeOf(after)
    await this.#parts.ledger.transaction(CARRIER, async (tx) => {
      await saveStep(tx, after)
      if (took(after.state) && !took(before.state)) await noteOutcome(tx, after, strike)
      await tx.record('enforcement.step', {
        step: after.id,
        plan: after.planId,
        account: after.account,
        action: after.action.kind,
        direction: after.direction,
        state: after.state,
        attempts: after.attempts,
      })
    })
  }

  /** Sanctions for somebody's own conduct are strikes; a limit to visibility never is. */
  async #strikeOf(step: Step): Promise<StrikeOf | null> {
    if (step.direction === 'reverse' || step.account === '' || !isSanction(step.action)) return null
    const { body: plan } = await storedPlan(this.#parts.ledger, step.planId)
    const { weights } = (await this.#parts.strikes?.()) ?? DEFAULT_STRIKE_POLICY
    const weight = weights[plan.policy] ?? 1
    return weight > 0 ? { policy: plan.policy, weight } : null
  }

  /** A plan whose steps are all settled is done; dead letters stay visible in its receipts. */
  async #finish(planIds: ReadonlySet<string>): Promise<void> {
    const { ledger } = this.#parts
    for (const id of planIds) {
      if ((await unsettled(ledger, id)) > 0) continue
      const { body } = await storedPlan(ledger, id)
      if (body.state !== 'executing') continue
      await changePlan(ledger, id, CARRIER, 'plan.done', async (plan): Promise<Plan> => ({ ...plan, state: 'done' }))
    }
  }
}
