import { type Clock, FirebreakError } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import { type Appeal, type AppealRoute, appealObstacle, appealUntil } from '../appeals/appeal.ts'
import { readAppealToken } from '../appeals/token.ts'
import { actionInWords } from '../plan/actions.ts'
import type { Plan } from '../plan/plan.ts'
import { addAppeal, appealById, appealOf, closeAppeal, openAppeals, removeLinks } from '../store/appeals.ts'
import { planKind, storedPlan } from '../store/plans.ts'
import { stepsOf } from '../store/steps.ts'
import { CASE, type CaseRecord } from './case.ts'
import type { EnforcementDesk } from './desk.ts'
import { aPerson } from './person.ts'

export interface AppealDeskParts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly newId: () => string
  readonly appealKey: Uint8Array
  readonly desk: Pick<EnforcementDesk, 'undo'>
  /** Told after an appeal overturned a plan for one account, so that the decision behind it is known to have been wrong. */
  readonly overturned?: (planId: string, by: Principal, reason: string) => Promise<void>
}

/** What the holder of an appeal link is shown. No id, no other account, no reporter. */
export interface AppealView {
  readonly decisions: readonly string[]
  readonly policy: string
  readonly linkKinds: readonly string[]
  readonly until: string | null
  readonly state: Appeal['state'] | 'possible' | 'too-late'
  readonly reason: string | null
}

export interface AppealDecision {
  readonly outcome: 'upheld' | 'overturned'
  readonly reason: string
  /** Kinds of link between this account and the others that are removed for good, e.g. `identifier`. */
  readonly removeLinks?: readonly string[] | undefined
}

const AFFECTED: Principal = { kind: 'system', id: 'appeal-link' }
const MOST = 500

/** Appeals of affected people, by token link; a different human decides, and an overturned decision is taken back in all its parts. */
export class AppealDesk {
  readonly #parts: AppealDeskParts

  constructor(parts: AppealDeskParts) {
    this.#parts = parts
  }

  /** Throws `http/not-found` for every token not made here, whatever is wrong with it. */
  async view(token: string): Promise<AppealView> {
    const { plan, member, toldAt } = await this.#behind(token)
    const appeal = await appealOf(this.#parts.ledger, plan.id, member.account)
    const until = toldAt === null ? null : appealUntil(toldAt)
    const late = until === null || until < this.#parts.clock()
    return {
      decisions: member.actions.map(actionInWords),
      policy: plan.policy,
      linkKinds: member.linkKinds,
      until: until === null ? null : new Date(until).toISOString(),
      state: appeal?.state ?? (late ? 'too-late' : 'possible'),
      reason: appeal?.reason ?? null,
    }
  }

  /** Opens an appeal; what the person wrote is personal payload of an event of theirs and goes with their erasure. */
  async submit(token: string, route: AppealRoute, statement: string): Promise<Appeal> {
    const { ledger, clock, newId } = this.#parts
    const { plan, member, toldAt } = await this.#behind(token)
    if (toldAt === null || appealUntil(toldAt) < clock())
      throw new FirebreakError('appeal/refused', ['its time is over'])
    const { account } = member
    const id = newId()
    const opened = await ledger.transaction(AFFECTED, async (tx) => {
      if (!(await addAppeal(tx, { id, account, planId: plan.id, route }))) return false
      await tx.append([
        {
          id: `appeal-${id}`,
          type: 'appeal.opened',
          at: new Date(tx.now).toISOString(),
          actor: { type: 'account', id: account },
          subject: { type: 'account', id: account },
          data: { appeal: id, route, statement },
        },
      ])
      await tx.record('appeal.opened', { appeal: id, plan: plan.id, route })
      return true
    })
    if (!opened) throw new FirebreakError('appeal/refused', ['there is one already'])
    return (await appealById(ledger, id))!
  }

  /** Open appeals; those of possible victims for the child-safety role alone. */
  async open(childSafety: boolean): Promise<Appeal[]> {
    const open = await openAppeals(this.#parts.ledger, MOST)
    return open.filter(({ route }) => route !== 'victim' || childSafety)
  }

  /** An open appeal with what the person wrote (null when erased). Looking at it is logged. */
  async read(
    id: string,
    by: Principal,
    childSafety: boolean,
  ): Promise<{ appeal: Appeal; statement: string | null; linkKinds: readonly string[] }> {
    const { ledger } = this.#parts
    const appeal = await this.#appeal(id)
    if (appeal.route === 'victim' && !childSafety) throw new FirebreakError('access/denied', ['review:child-safety'])
    const of = { type: 'account', id: appeal.account }
    const events = await ledger.events({ of, types: ['appeal.opened'] })
    const statement = events.find(({ data }) => data?.appeal === id)?.data?.statement
    const { body: plan } = await storedPlan(ledger, appeal.planId)
    await ledger.record('appeal.read', { appeal: id }, by)
    const linkKinds = plan.members.find(({ account }) => account === appeal.account)?.linkKinds ?? []
    return { appeal, statement: typeof statement === 'string' ? statement : null, linkKinds }
  }

  /**
   * A human without a part in the plan decides. Overturned: the account's sanctions and strikes are reversed, its labels of the case's
   * network are retracted, and the links named are removed and stay removed.
   */
  async decide(id: string, decision: AppealDecision, by: Principal, childSafety: boolean): Promise<Appeal> {
    const { ledger, desk } = this.#parts
    aPerson(by)
    const appeal = await this.#appeal(id)
    const { body: plan } = await storedPlan(ledger, appeal.planId)
    const obstacle = appealObstacle(appeal, { id: by.id, childSafety }, await this.#involved(plan))
    if (obstacle !== null) throw new FirebreakError('appeal/refused', [OBSTACLES[obstacle]])
    const labels = decision.outcome === 'overturned' ? await this.#labelsOf(plan, appeal.account) : []
    const others = plan.members.map(({ account }) => account).filter((account) => account !== appeal.account)
    const closed = await ledger.transaction(by, async (tx) => {
      const { outcome: state, reason } = decision
      if (!(await closeAppeal(tx, { id, state, by: by.id, reason }))) return false
      const removed =
        state === 'overturned'
          ? await removeLinks(tx, {
              appealId: id,
              account: appeal.account,
              others,
              relations: decision.removeLinks ?? [],
            })
          : 0
      if (labels.length > 0) await tx.retractLabels(labels, 'an appeal overturned this')
      await tx.append([
        {
          id: `appeal-${id}-decided`,
          type: 'appeal.decided',
          at: new Date(tx.now).toISOString(),
          actor: { type: 'appeal', id },
          subject: { type: 'account', id: appeal.account },
          data: { outcome: state, removedLinks: removed },
        },
      ])
      await tx.record('appeal.decided', { appeal: id, plan: plan.id, outcome: state, removedLinks: removed })
      return true
    })
    if (!closed) throw new FirebreakError('appeal/refused', [OBSTACLES['decided-already']])
    if (decision.outcome === 'overturned') {
      await desk.undo(plan.id, by, new Set([appeal.account]))
      await this.#parts.overturned?.(plan.id, by, decision.reason)
    }
    return (await appealById(ledger, id))!
  }

  /** Everybody who wrote, approved or opened evidence of the plan. */
  async #involved(plan: Plan): Promise<Set<string>> {
    const rows = await this.#parts.ledger.db
      .selectFrom('evidence_opened')
      .select('opened_by')
      .distinct()
      .where('plan_id', '=', plan.id)
      .execute()
    return new Set([plan.createdBy, ...plan.approvals.map(({ by }) => by), ...rows.map(({ opened_by }) => opened_by)])
  }

  async #labelsOf(plan: Plan, account: string): Promise<string[]> {
    const { ledger } = this.#parts
    const stored = await ledger.documents.get<CaseRecord>(CASE, plan.caseId)
    const networkId = stored?.body.networkId
    if (!networkId) return []
    const active = await ledger.labels.active({ subject: { type: 'account', id: account } })
    return active.filter(({ caseId }) => caseId === networkId).map(({ id }) => id)
  }

  async #appeal(id: string): Promise<Appeal> {
    const appeal = await appealById(this.#parts.ledger, id)
    if (!appeal) throw new FirebreakError('http/not-found', ['appeal with that id'])
    return appeal
  }

  /** The plan, the member and the moment the first step of theirs was carried out. */
  async #behind(token: string) {
    const { ledger, appealKey } = this.#parts
    const named = readAppealToken(appealKey, token)
    const stored = named && (await ledger.documents.get<Plan>(planKind(named.planId), named.planId))
    const member = stored?.body.members[named!.member]
    if (!stored || !member) throw new FirebreakError('http/not-found', ['appeal behind this link'])
    const steps = (await stepsOf(ledger, stored.body.id)).filter(
      ({ account, direction, state }) =>
        account === member.account && direction === 'act' && (state === 'acknowledged' || state === 'sent'),
    )
    const toldAt = steps.length > 0 ? Math.min(...steps.map(({ dueAt }) => dueAt)) : null
    return { plan: stored.body, member, toldAt }
  }
}

const OBSTACLES = {
  'decided-already': 'it was decided already',
  'same-person': 'whoever had a part in the decision does not decide the appeal',
  'needs-child-safety-role': 'an appeal of a possible victim is decided by the child-safety role',
} as const
