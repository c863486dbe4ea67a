import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import type { Action, DecisionData } from '@firebreak/review'

/** Kind of the documents that say what somebody has to carry on by hand. */
export const REFERRAL = 'referral'

/** A part of a decision that waits for a human: a term or link to list, a report to an authority, a case to open. */
export interface Referral {
  readonly decision: string
  readonly action: Action
  readonly target: DecisionData['target']
  readonly policy: string
  readonly at: string
  /** Why it could not go on by itself, where it might have. */
  readonly why?: string
  readonly done: { readonly by: string; readonly at: string; readonly note: string } | null
}

/** Referrals nobody has carried on yet, the newest first. */
export async function openReferrals(ledger: Pick<Ledger, 'documents'>): Promise<({ id: string } & Referral)[]> {
  const stored = await ledger.documents.list<Referral>(REFERRAL)
  return stored.filter(({ body }) => body.done === null).map(({ id, body }) => ({ id, ...body }))
}

/** Somebody says that it was done, and what. Throws `http/not-found`, or `http/conflict` when it was done already. */
export async function closeReferral(
  ledger: Pick<Ledger, 'documents'>,
  id: string,
  note: string,
  by: Principal,
  at: string,
): Promise<void> {
  const stored = await ledger.documents.get<Referral>(REFERRAL, id)
  if (!stored) throw new FirebreakError('http/not-found', ['referral with that id'])
  if (stored.body.done !== null) throw new FirebreakError('http/conflict', ['It was carried on already'])
  const done = { by: by.id, at, note }
  if (!(await ledger.documents.put(REFERRAL, id, { ...stored.body, done }, by, { ifVersion: stored.version })))
    throw new FirebreakError('http/conflict', ['Somebody else changed it'])
}
