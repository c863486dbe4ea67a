import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  ACTIONS,
  type AgeBand,
  DEFAULT_POLICY,
  defaultRuleSet,
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
  RETURNER,
  ruleFacts,
  SURFACES,
  type Surface,
  TEXT_ACTIONS,
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

test('an account that probably came back is kept from viewers in contact and from other suspects, from nobody else', () => {
  const returner = { ...member(0.3), value: RETURNER }
  assert.equal(judge(ask([returner]), DEFAULT_POLICY).action, 'allow')
  assert.equal(judge(ask([returner], { viewer: contacted }), DEFAULT_POLICY).rule, 'contagion-limit')
  const viewer = { labels: [member()], contacted: false }
  assert.equal(judge(ask([returner], { viewer }), DEFAULT_POLICY).rule, 'suspects-apart')
  assert.equal(isContact([returner], NOW, policyWith({ contactFrom: 0.9 })), true)
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
  value: fc.constantFrom(NETWORK_MEMBER, NETWORK_ADJACENT, 'something-else', 'known-media', 'listed-text'),
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
  strict: fc.boolean(),
  outreachMinors: fc.constant(6),
})

const ages = fc.constantFrom<AgeBand>('minor', 'adult', 'unknown')
const texts = fc.option(
  fc.record({
    terms: fc.array(
      fc.record({
        entry: fc.constant('entry-1'),
        list: fc.constantFrom('one', 'two'),
        tier: fc.constantFrom('exact' as const, 'fuzzy' as const),
        action: fc.constantFrom(...TEXT_ACTIONS, 'review'),
      }),
      { maxLength: 2 },
    ),
    links: fc.constant([]),
  }),
  { nil: undefined },
)
const questions = fc.record({
  surface: fc.constantFrom<Surface>(...SURFACES),
  type: fc.constantFrom('account', 'content', 'connections'),
  subject: labels,
  author: labels,
  viewer: labels,
  contact: fc.boolean(),
  acted: fc.boolean(),
  list: lists,
  ages: fc.tuple(ages, ages),
  related: fc.option(fc.boolean(), { nil: undefined }),
  counts: fc.option(fc.nat(14), { nil: undefined }),
  text: texts,
})

test('judging in steps, with tables and parts settled early, always agrees with the rules as they are written', () => {
  fc.assert(
    fc.property(policies, questions, (policy, given) => {
      const minors =
        given.counts === undefined
          ? {}
          : { 'outreach.minors/7d': given.counts, 'outreach.minors/30d': 2 * given.counts }
      const counts = { ...minors, 'blocked-by/30d': 1, 'reported-by/30d': 0 }
      const facts: Facts = {
        surface: given.surface,
        subjectType: given.type,
        at: NOW,
        subject: { labels: given.subject },
        author: { labels: given.author, actedOnMembers: given.acted, age: given.ages[0], counts },
        viewer: { labels: given.viewer, contacted: given.contact, age: given.ages[1], counts },
        list: given.list,
        ...(given.related === undefined ? {} : { related: given.related }),
        ...(given.text ? { text: given.text } : {}),
      }
      const rules = defaultRuleSet(policy)
      const read = ruleFacts(facts, policy)
      const wanted = judge(facts, policy, rules)
      for (const oneType of [false, true])
        assert.deepEqual(rules.begin(read, given.text !== undefined, oneType).judge(read), wanted)
    }),
    { numRuns: 500 },
  )
})

test('more suspicion never makes a verdict milder, and public reasons come from the fixed list', () => {
  const rank = (labels: LabelFact[], rest: Partial<Facts>) => {
    const { action, reason } = judge(ask(labels, rest), DEFAULT_POLICY, rules)
    assert.ok(PUBLIC_REASONS.includes(reason))
    return ACTIONS.indexOf(action)
  }
  const rules = defaultRuleSet(DEFAULT_POLICY)
  for (const surface of SURFACES)
    for (const viewer of [[], [adjacent()], [member()]])
      for (const contact of [false, true]) {
        const rest = { surface, viewer: { labels: viewer, contacted: contact } }
        const [none, near, inside] = [[], [adjacent()], [member()]].map((one) => rank(one, rest))
        assert.ok(none! <= near!)
        if (REACH[surface] === 'amplifies') assert.ok(near! <= inside!)
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
