import { type Clock, DAY, isFirebreakError, type Random } from '@firebreak/kernel'
import type { Ledger, Principal, StoredEvent } from '@firebreak/ledger'
import { type DecisionData, dataOf, markedVictims } from '@firebreak/review'
import { PLAN } from '../desk/case.ts'
import type { EnforcementDesk } from '../desk/desk.ts'
import { stepsFor } from '../execution/step.ts'
import { addSteps } from '../store/steps.ts'
import { planIdOf, planOfDecision } from './plan-of.ts'

export interface DecisionParts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly random: Random
  readonly desk: Pick<EnforcementDesk, 'undo'>
  readonly onFault: (error: unknown) => void
}

const FOLLOWER: Principal = { kind: 'system', id: 'enforcement' }
const TELLING = ['decision.effective', 'decision.reversed'] as const
const LABEL_DAYS = 30

/** Turns moderators' decisions that took effect into steps with receipts, on the same path as plans, and takes reversed ones back. */
export class DecisionFollower {
  readonly #parts: DecisionParts
  readonly #stop = new AbortController()
  #relay: Promise<void> = Promise.resolve()

  constructor(parts: DecisionParts) {
    this.#parts = parts
  }

  start(): void {
    const { ledger, onFault } = this.#parts
    this.#relay = ledger.outbox
      .relay('decisions', (events) => this.take(events), { signal: this.#stop.signal, types: [...TELLING] })
      .catch(onFault)
  }

  /** Safe to repeat: plan and steps carry the decision's id. */
  async take(events: readonly StoredEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'decision.reversed') await this.#takeBack(event)
      else if (event.type === 'decision.effective') await this.#begin(event)
    }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#relay
  }

  async #begin(event: StoredEvent): Promise<void> {
    const { ledger, random } = this.#parts
    const data = dataOf(event)
    if (!data) return
    await this.#label(event, data)
    if (event.subject.type !== 'account') return
    if ((await markedVictims(ledger.db, [event.subject.id])).has(event.subject.id))
      return ledger.record('plan.refused', { decision: data.decision, why: 'protected' }, FOLLOWER)
    const plan = planOfDecision(data, event.subject.id, await this.#decider(data.decision), event.at)
    if (!plan) return
    await ledger.transaction(FOLLOWER, async (tx) => {
      if ((await tx.putDocument(PLAN, plan.id, plan, { ifVersion: 0 })) === null) return
      await addSteps(tx, stepsFor(plan, random))
      await tx.record('plan.executed', { plan: plan.id, decision: data.decision, members: 1 })
    })
  }

  async #takeBack({ object }: StoredEvent): Promise<void> {
    if (!object) return
    try {
      await this.#parts.desk.undo(planIdOf(object.id), FOLLOWER)
    } catch (error) {
      // A decision that asked nothing of the platform has no plan.
      if (!isFirebreakError(error) || error.code !== 'http/not-found') throw error
    }
  }

  /** Labels that a decision asks for; a repeated event finds them standing. */
  async #label({ subject }: StoredEvent, data: DecisionData): Promise<void> {
    const { ledger, clock } = this.#parts
    const source = `decision:${data.decision}`
    for (const action of data.actions) {
      if (action.kind !== 'label') continue
      const target = action.target === 'account' ? subject : data.target
      const standing = await ledger.labels.active({ subject: target, value: action.value })
      if (standing.some((label) => label.source === source)) continue
      const expiresAt = new Date(clock() + (action.days ?? LABEL_DAYS) * DAY).toISOString()
      await ledger.labels.apply(
        [{ subject: target, value: action.value, source, reason: data.policy, expiresAt }],
        FOLLOWER,
      )
    }
  }

  async #decider(decision: string): Promise<string> {
    const row = await this.#parts.ledger.db
      .selectFrom('decision')
      .select('decider')
      .where('id', '=', decision)
      .executeTakeFirst()
    return row?.decider ?? 'review'
  }
}
