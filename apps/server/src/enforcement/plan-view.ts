import type { Opened, Plan, PlanMember, Receipt } from '@firebreak/enforcement'
import { openedKey } from '@firebreak/enforcement'
import type { Pseudonyms } from '@firebreak/networks'

/** A plan as answers give it: stand-ins for ids unless revealed; where the evidence lies is told only when it is opened. */
export function planView(plan: Plan, opened: Opened, name: Pseudonyms | null) {
  const called = name ?? ((account: string) => account)
  const { members, dissent, protectedMembers, accounts, factsDigest: _facts, ...rest } = plan
  return {
    ...rest,
    pseudonymous: name !== null,
    members: members.map((member) => memberView(member, opened, called, name !== null)),
    accounts: accounts?.map(called) ?? null,
    dissent: {
      leaveIfStricter: dissent.leaveIfStricter.map(called),
      joinIfWider: dissent.joinIfWider.map(called),
    },
    protectedMembers: protectedMembers.map(called),
    rehearsal: rest.rehearsal && {
      ...rest.rehearsal,
      wouldFail: rest.rehearsal.wouldFail.map((one) => ({ ...one, account: called(one.account) })),
    },
  }
}

function memberView(member: PlanMember, opened: Opened, called: (account: string) => string, hide: boolean) {
  const { account, grounds, actions, linkKinds, probability } = member
  return {
    account: called(account),
    grounds,
    actions,
    linkKinds,
    probability,
    ...(hide ? {} : { reason: member.reason }),
    conduct:
      member.grounds === 'conduct'
        ? member.conduct.map(({ id, kind, at }, place) => ({
            place,
            kind,
            at,
            finding: opened.get(openedKey(account, id)) ?? null,
          }))
        : [],
  }
}

export function receiptView(receipt: Receipt, name: Pseudonyms | null) {
  return { ...receipt, account: name ? name(receipt.account) : receipt.account }
}
