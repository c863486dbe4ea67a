import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  type Action,
  approvalsNeeded,
  type CandidateFacts,
  type ConductEvidence,
  type Draft,
  draftPlan,
  exclusionOf,
  isSanction,
  mayApprove,
  type Opened,
  obstacles,
  openedKey,
  type Plan,
} from '../src/index.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const disable: readonly [Action] = [{ kind: 'disable' }]
const otherwise = { kind: 'limit-visibility', days: 30 } as const

const seen: ConductEvidence = {
  id: 'e1',
  kind: 'content',
  at: '2026-05-01T00:00:00Z',
  sentence: 'offered a paper lantern',
  ref: 'content:p1',
}

function candidate(given: Partial<CandidateFacts> = {}): CandidateFacts {
  return {
    account: 'acct-1',
    role: 'member',
    probability: 0.9,
    member: true,
    markedVictim: false,
    protected: false,
    followers: 10,
    minorsTouched: null,
    openAppeals: 0,
    conduct: [],
    standing: [],
    sentence: 'follows both seeds',
    linkKinds: ['follow'],
    ...given,
  }
}

function draftOf(candidates: CandidateFacts[], includeProtected?: ReadonlySet<string>): Draft {
  return draftPlan({
    candidates,
    sanctions: disable,
    otherwise,
    threshold: 0.5,
    ...(includeProtected ? { includeProtected } : {}),
  })
}

function planOf(draft: Draft, given: Partial<Plan> = {}): Plan {
  return {
    id: 'plan-1',
    caseId: 'case-1',
    policy: 'child-safety/network',
    createdAt: new Date(NOW).toISOString(),
    createdBy: 'ada',
    state: 'rehearsed',
    schedule: { mode: 'at-once', from: new Date(NOW).toISOString(), perMinute: 60 },
    accounts: null,
    factsDigest: 'same',
    rehearsal: null,
    approvals: [],
    ...draft,
    ...given,
  }
}

const facts = { opened: new Map() as Opened, factsDigest: 'same', caseExpiresAt: NOW + 1, now: NOW }

test('an account that did nothing itself can only have its visibility limited', () => {
  const [member] = draftOf([candidate()]).members
  assert.equal(member?.grounds, 'association')
  assert.deepEqual(member?.actions, [otherwise])
})

test('an account with conduct of its own gets what the plan asks for', () => {
  const [member] = draftOf([candidate({ conduct: [seen] })]).members
  assert.equal(member?.grounds, 'conduct')
  assert.deepEqual(member?.actions, disable)
})

test('victims, audience and bystanders are never in a plan, whatever they did and however likely they are', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('likely-victim', 'audience', 'bystander', 'member', 'hub', 'bridge'),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      (role, probability, member, markedVictim, isProtected, conduct) => {
        const one = candidate({
          role,
          probability,
          member,
          markedVictim,
          protected: isProtected,
          conduct: conduct ? [seen] : [],
        })
        const { members } = draftOf([one], new Set(['acct-1']))
        if (markedVictim || ['likely-victim', 'audience', 'bystander'].includes(role) || !member)
          assert.equal(members.length, 0)
        for (const { grounds, actions } of members) if (grounds === 'association') assert.ok(!actions.some(isSanction))
      },
    ),
  )
})

test('victims are counted among the excluded and named nowhere', () => {
  const draft = draftOf([
    candidate({ account: 'acct-child', role: 'likely-victim' }),
    candidate({ account: 'acct-2', markedVictim: true }),
  ])
  assert.equal(draft.excluded.victim, 2)
  assert.ok(!JSON.stringify(draft).includes('acct-child'))
  assert.ok(!JSON.stringify(draft).includes('acct-2'))
})

test('a protected account stays out unless asked in by name, and then two people must approve', () => {
  const press = candidate({ protected: true, conduct: [seen] })
  assert.equal(draftOf([press]).members.length, 0)
  const draft = draftOf([press], new Set(['acct-1']))
  assert.equal(draft.members.length, 1)
  assert.equal(approvalsNeeded(draft), 2)
})

test('one sanctioned account needs no second person; two do; limiting visibility needs none', () => {
  const conduct = [seen]
  assert.equal(approvalsNeeded(draftOf([candidate({ conduct })])), 0)
  assert.equal(approvalsNeeded(draftOf([candidate({ conduct }), candidate({ account: 'acct-2', conduct })])), 1)
  assert.equal(approvalsNeeded(draftOf([candidate(), candidate({ account: 'acct-2' })])), 0)
})

test('dissent names who would leave a stricter cut and who would join a wider one', () => {
  const { dissent } = draftOf([
    candidate({ account: 'sure', probability: 0.9 }),
    candidate({ account: 'barely', probability: 0.52 }),
    candidate({ account: 'nearly', probability: 0.47, member: false }),
    candidate({ account: 'far', probability: 0.1, member: false }),
    candidate({ account: 'child', probability: 0.47, member: false, role: 'likely-victim' }),
  ])
  assert.deepEqual(dissent, { leaveIfStricter: ['barely'], joinIfWider: ['nearly'] })
})

test('somebody already under the same action is not acted on twice', () => {
  const draft = draftOf([candidate({ conduct: [seen], standing: disable })])
  assert.equal(draft.members.length, 0)
  assert.equal(draft.excluded['already-standing'], 1)
})

test('a plan cannot be approved before a human opened all its evidence', () => {
  const plan = planOf(draftOf([candidate({ conduct: [seen] })]))
  assert.deepEqual(obstacles(plan, facts, 'approval'), [{ code: 'evidence-unopened', accounts: ['acct-1'] }])
  const opened: Opened = new Map([[openedKey('acct-1', 'e1'), 'supports']])
  assert.deepEqual(obstacles(plan, { ...facts, opened }, 'approval'), [])
})

test('a plan is refused when the facts changed, its case expired, or nobody rehearsed it', () => {
  const plan = planOf(draftOf([candidate()]))
  assert.deepEqual(obstacles(plan, { ...facts, factsDigest: 'other' }, 'approval'), [{ code: 'stale' }])
  assert.deepEqual(obstacles(plan, { ...facts, now: NOW + 1 }, 'approval'), [{ code: 'case-expired' }])
  assert.deepEqual(obstacles({ ...plan, state: 'draft' }, facts, 'execution'), [{ code: 'not-rehearsed' }])
})

test('the author cannot approve, and nobody approves twice', () => {
  const plan = planOf(draftOf([]), { approvals: [{ by: 'grace', at: '' }] })
  assert.equal(mayApprove(plan, 'ada'), false)
  assert.equal(mayApprove(plan, 'grace'), false)
  assert.equal(mayApprove(plan, 'mary'), true)
})

test('two sanctioned accounts are not carried out without the second approval', () => {
  const conduct = [seen]
  const opened: Opened = new Map([
    [openedKey('acct-1', 'e1'), 'supports'],
    [openedKey('acct-2', 'e1'), 'supports'],
  ])
  const plan = planOf(draftOf([candidate({ conduct }), candidate({ account: 'acct-2', conduct })]), {
    state: 'rehearsed',
  })
  const found = obstacles(plan, { ...facts, opened }, 'execution')
  assert.ok(found.some(({ code }) => code === 'approvals-missing'))
  const approved: Plan = { ...plan, state: 'approved', approvals: [{ by: 'grace', at: '' }] }
  assert.deepEqual(obstacles(approved, { ...facts, opened }, 'execution'), [])
})

test('a victim mark outweighs every other reason', () => {
  assert.equal(exclusionOf(candidate({ markedVictim: true, protected: true, role: 'hub' })), 'victim')
})

test('a member whose opened evidence supports nothing keeps the plan from being approved', () => {
  const plan = planOf(draftOf([candidate({ conduct: [seen] })]))
  const opened: Opened = new Map([[openedKey('acct-1', 'e1'), 'does-not-support']])
  assert.deepEqual(obstacles(plan, { ...facts, opened }, 'approval'), [
    { code: 'evidence-unsupported', accounts: ['acct-1'] },
  ])
})
