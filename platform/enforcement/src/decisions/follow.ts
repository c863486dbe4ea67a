import { type Clock, DAY, isFirebreakError, type Random } from '@firebreak/kernel'
import { type Ledger, MACHINE_LABELS, type Principal, type StoredEvent } from '@firebreak/ledger'
import { type DecisionData, dataOf, markedVictims } from '@firebreak/review'
import type { EnforcementDesk } from '../desk/desk.ts'
import { stepsFor } from '../execution/step.ts'
import { planKind } from '../store/plans.ts'
import { addSteps } from '../store/steps.ts'
import { Listings, type TermLists } from './listings.ts'
import { actionsOf, ON_ACCOUNTS, planIdOf, planOfDecision } from './plan-of.ts'
import { REFERRAL, type Referral } from './referral.ts'

export interface DecisionParts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly random: Random
  readonly desk: Pick<EnforcementDesk, 'undo'>
  /** Where `block-term` and `block-url` go (default: nowhere; they wait for a human). */
  readonly lists?: TermLists
  readonly onFault: (error: unknown) => void
}

const FOLLOWER: Principal = { kind: 'system', id: 'enforcement' }
/** Stands for whoever decided where no decider is on record. */
const REVIEW = 'review'
const TELLING = ['decision.effective', 'decision.reversed'] as const
const LABEL_DAYS = 30
const LONGEST_LABEL_DAYS = 365
/** Actions that no part of Firebreak carries out by itself. */
const BY_HAND: ReadonlySet<string> = new Set(['report-to-authority', 'refer-to-case'])

/** Turns moderators' decisions that took effect into steps with receipts, on the same path as plans, and takes reversed ones back. */
export class DecisionFollower {
  readonly #parts: DecisionParts
  readonly #listings: Listings
  readonly #stop = new AbortController()
  #relay: Promise<void> = Promise.resolve()

  constructor(parts: DecisionParts) {
    this.#parts = parts
    this.#listings = new Listings(parts.ledger, parts.lists ?? null)
  }

  start(): void {
    const { ledger, onFault } = this.#parts
    const options = { signal: this.#stop.signal, types: [...TELLING], onFault }
    this.#relay = ledger.outbox.relay('decisions', (events) => this.take(events), options).catch(onFault)
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
    const data = dataOf(event)
    if (!data) return
    const decider = await this.#decider(data.decision)
    for (const [place, { kind }] of data.actions.entries()) if (BY_HAND.has(kind)) await this.#refer(event, data, place)
    await this.#act(event, data, decider)
    // Last: looking a term over reads days of events.
    const by: Principal = { kind: decider === REVIEW ? 'system' : 'user', id: decider }
    for (const [place, why] of await this.#listings.propose(data, by)) await this.#refer(event, data, place, why)
  }

  async #act(event: StoredEvent, data: DecisionData, decider: string): Promise<void> {
    const { ledger, random } = this.#parts
    const account = event.subject.type === 'account' ? event.subject.id : ''
    if (account !== '' && (await markedVictims(ledger.db, [account])).has(account))
      return this.#refused(data, 'protected')
    await this.#label(event, data)
    const plan = planOfDecision(data, account, decider, event.at)
    if (
      account === '' &&
      actionsOf(data.actions, data.target, data.facts).some(({ kind }) => ON_ACCOUNTS.includes(kind))
    )
      await this.#refused(data, 'no-account')
    if (!plan) return
    await ledger.transaction(FOLLOWER, async (tx) => {
      if ((await tx.putDocument(planKind(plan.id), plan.id, plan, { ifVersion: 0 })) === null) return
      await addSteps(tx, stepsFor(plan, random))
      await tx.record('plan.executed', { plan: plan.id, decision: data.decision, members: 1 })
    })
  }

  async #takeBack({ object }: StoredEvent): Promise<void> {
    if (!object) return
    await this.#unlabel(object.id)
    await this.#listings.withdraw(object.id)
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
      if (MACHINE_LABELS.has(action.value)) {
        await this.#refused(data, 'machine-label')
        continue
      }
      const target = action.target === 'account' ? subject : data.target
      const standing = await ledger.labels.active({ subject: target, value: action.value })
      if (standing.some((label) => label.source === source)) continue
      const expiresAt = new Date(clock() + Math.min(action.days ?? LABEL_DAYS, LONGEST_LABEL_DAYS) * DAY).toISOString()
      await ledger.labels.apply(
        [{ subject: target, value: action.value, source, reason: data.policy, expiresAt }],
        FOLLOWER,
      )
    }
  }

  async #unlabel(decision: string): Promise<void> {
    const { ledger } = this.#parts
    const source = `decision:${decision}`
    const rows = await ledger.db
      .selectFrom('label')
      .select('id')
      .where('source', '=', source)
      .where('neg', '=', false)
      .execute()
    if (rows.length === 0) return
    await ledger.labels.retract(
      rows.map(({ id }) => id),
      FOLLOWER,
      'the decision was reversed',
    )
  }

  /** What a human must carry on by hand is listed until they say that it is done: nothing that was decided vanishes. */
  async #refer({ at }: StoredEvent, data: DecisionData, place: number, why?: string): Promise<void> {
    // A referral is no sealed place: which term or link is meant stays with the decision.
    const { text: _text, ...action } = { text: undefined, ...data.actions[place]! }
    const referral: Referral = {
      decision: data.decision,
      action,
      target: data.target,
      policy: data.policy,
      at,
      done: null,
      ...(why === undefined ? {} : { why }),
    }
    const id = `${data.decision}.${place}`
    await this.#parts.ledger.documents.put(REFERRAL, id, referral, FOLLOWER, { ifVersion: 0 })
  }

  async #refused({ decision }: DecisionData, why: 'protected' | 'no-account' | 'machine-label'): Promise<void> {
    const { ledger } = this.#parts
    const refusal = { decision, why }
    if (await ledger.documents.put('plan-refused', `${decision}.${why}`, refusal, FOLLOWER, { ifVersion: 0 }))
      await ledger.record('plan.refused', refusal, FOLLOWER)
  }

  async #decider(decision: string): Promise<string> {
    const row = await this.#parts.ledger.db
      .selectFrom('decision')
      .select('decider')
      .where('id', '=', decision)
      .executeTakeFirst()
    return row?.decider ?? REVIEW
  }
}
