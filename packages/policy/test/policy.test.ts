import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  compilePolicy,
  DEFAULT_POLICY,
  EXPOSURES,
  type Facts,
  isContact,
  isSurface,
  judge,
  type LabelFact,
  NETWORK_ADJACENT,
  NETWORK_MEMBER,
  PUBLIC_REASONS,
  policyVersion,
  policyWith,
  publicVerdict,
  REACH,
  STANDINGS,
  SURFACES,
  type Surface,
  situationIndex,
  situationOf,
} from '../src/index.ts'

const NOW = 1_000_000
const member = (probability: number | null = 0.9, expiresAt = NOW + 1): LabelFact => ({
  value: NETWORK_MEMBER,
  probability,
  caseId: 'case-1',
  expiresAt,
})
const adjacent = (probability = 0.1): LabelFact => ({ ...member(probability), value: NETWORK_ADJACENT })
const ask = (labels: LabelFact[], rest: Partial<Facts> = {}): Facts => ({
  surface: 'recommend_accounts',
  at: NOW,
  subject: { labels },
  ...rest,
})
const contacted = { labels: [], contacted: true }

test('a likely member is recommended to nobody, and the platform is not told why', () => {
  const verdict = judge(ask([member()]), DEFAULT_POLICY)
  assert.equal(verdict.rule, 'member-not-amplified')
  assert.deepEqual(publicVerdict(verdict), { action: 'drop', reason: 'not-eligible' })
})

test('content is judged by its author too', () => {
  const facts = ask([], { surface: 'recommend_content', author: { labels: [member()] } })
  assert.equal(judge(facts, DEFAULT_POLICY).action, 'drop')
})

test('below the threshold, after its expiry or with the guard off, a label withholds nothing', () => {
  assert.equal(judge(ask([member(0.49)]), DEFAULT_POLICY).action, 'allow')
  assert.equal(judge(ask([member(0.5)]), DEFAULT_POLICY).action, 'drop')
  assert.equal(judge(ask([member(0.9, NOW)]), DEFAULT_POLICY).action, 'allow')
  assert.equal(judge(ask([member()]), policyWith({ on: false })).action, 'allow')
})

test('a label without a probability was set by a person and counts as certain', () => {
  assert.equal(judge(ask([member(null)]), policyWith({ threshold: 1 })).action, 'drop')
})

test('a viewer in contact with a network is not offered its near neighbours; other viewers still are', () => {
  assert.equal(judge(ask([adjacent()]), DEFAULT_POLICY).action, 'allow')
  assert.equal(judge(ask([adjacent()], { viewer: contacted }), DEFAULT_POLICY).rule, 'contagion-limit')
  assert.equal(judge(ask([], { viewer: contacted }), DEFAULT_POLICY).action, 'allow')
})

test('who acted on members itself is not proposed to a viewer in contact, labelled or not', () => {
  const subject = { labels: [], actedOnMembers: true }
  assert.equal(judge(ask([], { subject, viewer: contacted }), DEFAULT_POLICY).rule, 'contagion-limit')
  assert.equal(judge(ask([], { subject }), DEFAULT_POLICY).action, 'allow')
})

test('a list that holds a quarter of members is contact by itself; a few of many, or two of four, are not', () => {
  const near = (members: number, size: number) =>
    judge(ask([adjacent()], { list: { members, adjacent: 0, size } }), DEFAULT_POLICY)
  assert.equal(near(5, 20).rule, 'contagion-limit')
  assert.equal(near(4, 20).action, 'allow')
  assert.equal(near(2, 4).action, 'allow')
  assert.equal(near(3, 5).action, 'drop')
})

test("a list that is mostly the network's own is not shown at all, its strangers included; a short one may be chance", () => {
  const stranger = (members: number, near: number, size: number) =>
    judge(ask([], { list: { members, adjacent: near, size } }), DEFAULT_POLICY)
  assert.equal(stranger(4, 14, 20).rule, 'flooded-list')
  assert.equal(stranger(4, 13, 20).action, 'allow')
  assert.equal(stranger(4, 0, 4).action, 'allow')
  assert.equal(
    judge(ask([], { surface: 'search', list: { members: 20, adjacent: 0, size: 20 } }), DEFAULT_POLICY).action,
    'allow',
  )
})

test('acting on an account far from certain is contact only from its own threshold on', () => {
  assert.equal(isContact([adjacent(0.05)], NOW, DEFAULT_POLICY), true)
  assert.equal(isContact([adjacent(0.049)], NOW, DEFAULT_POLICY), false)
  assert.equal(isContact([member(0.9, NOW)], NOW, DEFAULT_POLICY), false)
  assert.equal(isContact([member(null)], NOW, policyWith({ contactFrom: 1 })), true)
})

test('accounts under suspicion are not connected with each other', () => {
  const viewer = { labels: [member()], contacted: false }
  assert.equal(judge(ask([adjacent()], { viewer }), DEFAULT_POLICY).rule, 'suspects-apart')
  assert.equal(judge(ask([], { viewer }), DEFAULT_POLICY).action, 'allow')
})

test('suspicion lowers a rank in search but closes no door', () => {
  for (const surface of SURFACES) {
    const { action } = judge(ask([member()], { surface, viewer: contacted }), DEFAULT_POLICY)
    const expected = { amplifies: 'drop', ranks: 'downrank', opens: 'allow' }[REACH[surface]]
    assert.equal(action, expected, surface)
  }
})

const labelArbitrary = fc.record({
  value: fc.constantFrom(NETWORK_MEMBER, NETWORK_ADJACENT, 'something-else'),
  probability: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  caseId: fc.constant(null),
  expiresAt: fc.constantFrom(NOW - 1, NOW, NOW + 1, Number.POSITIVE_INFINITY),
})
const lists = fc.record({ members: fc.nat(10), adjacent: fc.nat(10), size: fc.constant(20) })
const labels = fc.array(labelArbitrary, { maxLength: 3 })
const policies = fc.record({
  on: fc.boolean(),
  threshold: fc.double({ min: 0, max: 1, noNaN: true }),
  adjacency: fc.double({ min: 0, max: 1, noNaN: true }),
  contactFrom: fc.constant(0.05),
  contactShare: fc.constant(0.25),
  floodedShare: fc.constant(0.7),
  downrankFactor: fc.constant(0.2),
})

test('the table computed ahead of time always agrees with judging the facts one by one', () => {
  fc.assert(
    fc.property(
      policies,
      fc.constantFrom<Surface>(...SURFACES),
      labels,
      labels,
      labels,
      fc.boolean(),
      fc.boolean(),
      lists,
      (...given) => {
        const [policy, surface, subject, author, viewer, contact, acted, list] = given
        const facts: Facts = {
          surface,
          at: NOW,
          subject: { labels: subject },
          author: { labels: author, actedOnMembers: acted },
          viewer: { labels: viewer, contacted: contact },
          list,
        }
        const now = situationOf(facts, policy)
        const index = situationIndex(
          SURFACES.indexOf(surface),
          STANDINGS.indexOf(now.subject),
          acted,
          STANDINGS.indexOf(now.viewer),
          EXPOSURES.indexOf(now.exposure),
        )
        assert.deepEqual(compilePolicy(policy).verdicts[index], judge(facts, policy))
      },
    ),
  )
})

test('more suspicion never makes a verdict milder, and public reasons come from the fixed list', () => {
  const rank = { allow: 0, downrank: 1, caution: 2, interstitial: 3, drop: 4, hold: 5 }
  const table = compilePolicy(DEFAULT_POLICY).verdicts
  for (const [s] of SURFACES.entries())
    for (const v of [0, 1, 2])
      for (const c of [0, 1, 2]) {
        const actions = [0, 1, 2].map((subject) => table[situationIndex(s, subject, false, v, c)]!)
        assert.ok(actions.every(({ reason }) => PUBLIC_REASONS.includes(reason)))
        assert.ok(rank[actions[0]!.action] <= rank[actions[1]!.action])
        if (REACH[SURFACES[s]!] === 'amplifies') assert.ok(rank[actions[1]!.action] <= rank[actions[2]!.action])
      }
})

test('names of surfaces are checked by value, so that object internals are not surfaces', () => {
  for (const name of ['__proto__', 'constructor', 'toString', '', 'Search']) assert.equal(isSurface(name), false)
  assert.ok(SURFACES.every(isSurface))
})

test('each policy has its own version name, and a threshold outside 0..1 is refused', () => {
  assert.notEqual(policyVersion(DEFAULT_POLICY), policyVersion(policyWith({ threshold: 0.6 })))
  for (const threshold of [-0.1, 1.1, Number.NaN]) {
    assert.throws(() => policyWith({ threshold }), { code: 'input/invalid' })
  }
})
