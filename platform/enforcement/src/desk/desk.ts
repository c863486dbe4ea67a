import { type Clock, FirebreakError, type Random } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import { type TellerParts, tellerOf } from '../appeals/teller.ts'
import { type Hand, replayed, type Step, stepsFor } from '../execution/step.ts'
import { reversalsOf, type UndoPlan, undoOf } from '../execution/undo.ts'
import { digestOfFacts, type GatherParts, gatherFacts, type NetworkRow } from '../facts/gather.ts'
import type { Action, LimitVisibility } from '../plan/actions.ts'
import { approvalsNeeded, type Finding, mayApprove, type Obstacle, obstacles } from '../plan/approval.ts'
import { draftPlan } from '../plan/draft.ts'
import type { Plan, Schedule } from '../plan/plan.ts'
import { noteOpened, openedOf } from '../store/evidence.ts'
import { changePlan, storedPlan } from '../store/plans.ts'
import { standingOf } from '../store/sanctions.ts'
import { addSteps, cancelSteps, saveStep, stepsOf } from '../store/steps.ts'
import { CASE, type Case, type CaseRecord, PLAN } from './case.ts'
import { aPerson } from './person.ts'
import { rehearse } from './rehearse.ts'

/** The rows of a network as they stand now, marks applied, with the threshold of its cut. */
export type NetworkRows = (networkId: string) => Promise<{ rows: readonly NetworkRow[]; threshold: number }>

export interface DeskParts extends GatherParts, TellerParts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly random: Random
  readonly newId: () => string
  readonly networkRows: NetworkRows
  /** Says, without touching anything, what the live hand would meet. */
  readonly rehearsalHand: Hand
}

export interface NewPlan {
  readonly sanctions: readonly [Action, ...Action[]]
  readonly otherwise?: LimitVisibility | undefined
  readonly schedule?: Partial<Schedule> | undefined
  readonly includeProtected?: readonly string[] | undefined
  /** Instead of the case's network: single accounts, each with its own conduct. */
  readonly accounts?: readonly string[] | undefined
}

export interface Receipt {
  readonly account: string
  readonly action: Action
  readonly direction: Step['direction']
  readonly state: Step['state']
  readonly attempts: number
  readonly dueAt: string
  readonly answer: string | null
}

const DEFAULT_LIMIT: LimitVisibility = { kind: 'limit-visibility', days: 30 }
const PER_MINUTE = 600

/**
 * Cases and plans: drafted from facts, opened piece by piece, rehearsed, approved, set going and undone. Every step is a new version
 * of the plan in the chain; nothing here acts on the platform, that is the carrier's part.
 */
export class EnforcementDesk {
  readonly #parts: DeskParts

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  async openCase(given: Omit<CaseRecord, 'openedAt' | 'closedAt' | 'owner'>, by: Principal): Promise<Case> {
    const { ledger, clock, newId } = this.#parts
    if (Date.parse(given.expiresAt) <= clock())
      throw new FirebreakError('input/invalid', ['A case must end in the future'])
    const record: CaseRecord = { ...given, owner: by.id, openedAt: new Date(clock()).toISOString(), closedAt: null }
    const id = newId()
    await ledger.documents.put(CASE, id, record, by)
    return { id, ...record }
  }

  async case(id: string): Promise<Case> {
    const stored = await this.#parts.ledger.documents.get<CaseRecord>(CASE, id)
    if (!stored) throw new FirebreakError('http/not-found', ['case with that id'])
    return { id, ...stored.body }
  }

  async cases(): Promise<Case[]> {
    const stored = await this.#parts.ledger.documents.list<CaseRecord>(CASE)
    return stored.map(({ id, body }) => ({ id, ...body }))
  }

  async plan(id: string): Promise<Plan> {
    return (await storedPlan(this.#parts.ledger, id)).body
  }

  async plans(caseId: string): Promise<Plan[]> {
    const stored = await this.#parts.ledger.documents.list<Plan>(PLAN)
    return stored.map(({ body }) => body).filter((plan) => plan.caseId === caseId)
  }

  /** Gathers the facts and writes a draft. Nobody is touched. */
  async draft(caseId: string, given: NewPlan, by: Principal): Promise<Plan> {
    const { ledger, clock, newId } = this.#parts
    const theCase = await this.case(caseId)
    const { facts, threshold } = await this.#facts(theCase, given.accounts)
    const draft = draftPlan({
      candidates: facts,
      sanctions: given.sanctions,
      otherwise: given.otherwise ?? DEFAULT_LIMIT,
      threshold,
      includeProtected: new Set(given.includeProtected ?? []),
    })
    const createdAt = new Date(clock()).toISOString()
    const plan: Plan = {
      id: newId(),
      caseId,
      policy: theCase.policy,
      createdAt,
      createdBy: by.id,
      state: 'draft',
      ...draft,
      accounts: given.accounts ?? null,
      schedule: { mode: 'at-once', from: createdAt, perMinute: PER_MINUTE, ...given.schedule },
      factsDigest: digestOfFacts(facts),
      rehearsal: null,
      approvals: [],
    }
    await ledger.documents.put(PLAN, plan.id, plan, by)
    return plan
  }

  /** A human has opened one piece of evidence and says whether it supports the sanction. Logged. */
  async open(planId: string, account: string, evidence: string, finding: Finding, by: Principal): Promise<void> {
    aPerson(by)
    const plan = await this.plan(planId)
    const member = plan.members.find((one) => one.account === account)
    if (member?.grounds !== 'conduct' || !member.conduct.some(({ id }) => id === evidence))
      throw new FirebreakError('http/not-found', ['such evidence in this plan'])
    await this.#parts.ledger.transaction(by, async (tx) => {
      await noteOpened(tx, { planId, account, evidence, by: by.id, finding })
      await tx.record('evidence.opened', { plan: planId, account, evidence, finding })
    })
  }

  /** What keeps the plan from being approved or carried out, as of now. */
  async obstacles(plan: Plan, step: 'approval' | 'execution'): Promise<Obstacle[]> {
    const { ledger, clock } = this.#parts
    const theCase = await this.case(plan.caseId)
    const { facts } = await this.#facts(theCase, plan.accounts ?? undefined)
    return obstacles(
      plan,
      {
        opened: await openedOf(ledger, plan.id),
        factsDigest: digestOfFacts(facts),
        caseExpiresAt: theCase.closedAt === null ? Date.parse(theCase.expiresAt) : 0,
        now: clock(),
      },
      step,
    )
  }

  /** Goes through every step with a hand that touches nothing. Earlier approvals lapse: they were of another rehearsal. */
  async rehearse(planId: string, by: Principal): Promise<Plan> {
    const { ledger, clock, random, rehearsalHand } = this.#parts
    return changePlan(ledger, planId, by, 'plan.rehearsed', async (plan) => {
      refuse(['draft', 'rehearsed'].includes(plan.state) ? [] : [{ code: 'wrong-state', state: plan.state }])
      const rehearsal = await rehearse(
        stepsFor(plan, random),
        rehearsalHand,
        tellerOf(plan, this.#parts, clock()),
        clock(),
        by.id,
      )
      return { ...plan, state: 'rehearsed', rehearsal, approvals: [] }
    })
  }

  /** A second person says yes. Refused for the author, twice by one person, or while anything stands in the way. */
  async approve(planId: string, by: Principal): Promise<Plan> {
    const { ledger, clock } = this.#parts
    return changePlan(ledger, planId, by, 'plan.approved', async (plan) => {
      aPerson(by)
      if (!mayApprove(plan, by.id)) throw new FirebreakError('plan/second-person')
      refuse(await this.obstacles(plan, 'approval'))
      const approvals = [...plan.approvals, { by: by.id, at: new Date(clock()).toISOString() }]
      const enough = approvals.length >= approvalsNeeded(plan)
      return { ...plan, approvals, state: enough ? 'approved' : 'rehearsed' }
    })
  }

  /** Writes the steps with their times; from then on the carrier works on them. */
  async execute(planId: string, by: Principal): Promise<Plan> {
    const { ledger, random } = this.#parts
    return changePlan(
      ledger,
      planId,
      by,
      'plan.executed',
      async (plan) => {
        refuse(await this.obstacles(plan, 'execution'))
        return { ...plan, state: 'executing' }
      },
      (tx, plan) => addSteps(tx, stepsFor(plan, random)),
    )
  }

  async cancel(planId: string, by: Principal): Promise<Plan> {
    return changePlan(this.#parts.ledger, planId, by, 'plan.cancelled', async (plan) => {
      const open = ['draft', 'rehearsed', 'approved'].includes(plan.state)
      refuse(open ? [] : [{ code: 'wrong-state', state: plan.state }])
      return { ...plan, state: 'cancelled' }
    })
  }

  /** What an undo would do now: what stands as written is reversed, what waits is cancelled, the rest is left and says why. */
  async undoPreview(planId: string, accounts?: ReadonlySet<string>): Promise<UndoPlan> {
    const { ledger, clock } = this.#parts
    const steps = (await stepsOf(ledger, planId)).filter((step) => !accounts || accounts.has(step.account))
    const reversed = new Set(steps.flatMap(({ reverses }) => (reverses === null ? [] : [reverses])))
    const standing = await standingOf(ledger, [...new Set(steps.map(({ account }) => account))], clock())
    return undoOf(
      steps.filter(({ id }) => !reversed.has(id)),
      standing,
    )
  }

  /** Takes a batch back, whole or for some accounts; the reversals are steps of their own with receipts. */
  async undo(planId: string, by: Principal, accounts?: ReadonlySet<string>): Promise<UndoPlan> {
    const { ledger, clock } = this.#parts
    const preview = await this.undoPreview(planId, accounts)
    const reversals = reversalsOf(preview.reverse, clock())
    await ledger.transaction(by, async (tx) => {
      await cancelSteps(
        tx,
        // Those being carried out are cancelled too if they come back failed before this is written.
        [...preview.cancel, ...preview.reverse].map(({ id }) => id),
      )
      await addSteps(tx, reversals)
      await tx.record('plan.undone', { plan: planId, reversed: reversals.length, cancelled: preview.cancel.length })
    })
    if (!accounts) await changePlan(ledger, planId, by, 'plan.closed', async (plan) => ({ ...plan, state: 'undone' }))
    return preview
  }

  async receipts(planId: string): Promise<Receipt[]> {
    const steps = await stepsOf(this.#parts.ledger, planId)
    return steps.map(({ account, action, direction, state, attempts, dueAt, answer }) => ({
      account,
      action,
      direction,
      state,
      attempts,
      dueAt: new Date(dueAt).toISOString(),
      answer,
    }))
  }

  /** Tries every dead-lettered step of a plan again. */
  async replayDead(planId: string, by: Principal): Promise<number> {
    const { ledger, clock } = this.#parts
    const dead = (await stepsOf(ledger, planId)).filter(({ state }) => state === 'dead')
    await ledger.transaction(by, async (tx) => {
      for (const step of dead) await saveStep(tx, replayed(step, clock()))
      if (dead.length > 0) await tx.record('plan.replayed', { plan: planId, steps: dead.length })
    })
    return dead.length
  }

  async #facts(theCase: Case, accounts: readonly string[] | undefined) {
    const { rows, threshold } = accounts ? await this.#named(theCase, accounts) : await this.#rowsOf(theCase)
    return { facts: await gatherFacts(this.#parts, rows, this.#parts.clock()), threshold }
  }

  /** Accounts named by hand keep the role and the marks that the case's network has for them. */
  async #named({ networkId }: Case, accounts: readonly string[]): Promise<{ rows: NetworkRow[]; threshold: number }> {
    const known = networkId === null ? [] : (await this.#parts.networkRows(networkId)).rows
    const byAccount = new Map(known.map((row) => [row.account, row]))
    const rows = accounts.map((account) => ({ ...(byAccount.get(account) ?? rowOfAccount(account)), member: true }))
    return { rows, threshold: 1 }
  }

  #rowsOf({ networkId }: Case) {
    if (networkId === null) throw new FirebreakError('input/invalid', ['This case has no network; name the accounts'])
    return this.#parts.networkRows(networkId)
  }
}

function rowOfAccount(account: string): NetworkRow {
  return {
    account,
    role: 'member',
    probability: 1,
    member: true,
    markedVictim: false,
    sentence: 'Named by hand.',
    linkKinds: [],
  }
}

function refuse(found: readonly Obstacle[]): void {
  if (found.length > 0) throw new FirebreakError('plan/obstacles', [found.map(inWords).join('; ')])
}

function inWords(obstacle: Obstacle): string {
  switch (obstacle.code) {
    case 'not-rehearsed':
      return 'it was not rehearsed'
    case 'stale':
      return 'the facts have changed since it was drafted, draft it again'
    case 'case-expired':
      return 'its case is closed or has expired'
    case 'evidence-unopened':
      return `nobody has opened all the evidence of ${obstacle.accounts.length} members`
    case 'evidence-unsupported':
      return `the opened evidence of ${obstacle.accounts.length} members supports no sanction`
    case 'approvals-missing':
      return `${obstacle.missing} approvals are missing`
    case 'wrong-state':
      return `it is ${obstacle.state}`
  }
}
