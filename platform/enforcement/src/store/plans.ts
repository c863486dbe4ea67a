import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction, Principal, StoredDocument } from '@firebreak/ledger'
import { DECISION_PLAN, PLAN } from '../desk/case.ts'
import type { Plan } from '../plan/plan.ts'

/** Plans of decisions are a kind of their own: there are many, and no case lists them. */
export function planKind(id: string): string {
  return id.startsWith('decision-') ? DECISION_PLAN : PLAN
}

export async function storedPlan(ledger: Pick<Ledger, 'documents'>, id: string): Promise<StoredDocument<Plan>> {
  const stored = await ledger.documents.get<Plan>(planKind(id), id)
  if (!stored) throw new FirebreakError('http/not-found', ['plan with that id'])
  return stored
}

/**
 * The next version of a plan, judged on facts outside the transaction and written only over the version it was judged on, together with
 * its audit entry and whatever else belongs to the change. Throws `http/conflict` when somebody else was quicker.
 */
export async function changePlan(
  ledger: Ledger,
  id: string,
  by: Principal,
  kind: string,
  next: (plan: Plan) => Promise<Plan>,
  within: (tx: LedgerTransaction, plan: Plan) => Promise<void> = async () => {},
): Promise<Plan> {
  const { body, version } = await storedPlan(ledger, id)
  const plan = await next(body)
  const written = await ledger.transaction(by, async (tx) => {
    const stored = await tx.putDocument(planKind(id), id, plan, { ifVersion: version })
    if (stored === null) return false
    await within(tx, plan)
    await tx.record(kind, { plan: id, case: plan.caseId, members: plan.members.length })
    return true
  })
  if (!written) throw new FirebreakError('http/conflict', ['Somebody else changed this plan'])
  return plan
}
