import assert from 'node:assert/strict'
import test from 'node:test'
import {
  ageBandOf,
  type CompiledRule,
  compileRule,
  DEFAULT_PACK,
  DEFAULT_POLICY,
  defaultRuleSet,
  type Facts,
  isProblem,
  judge,
  policyWith,
  publicVerdict,
  RuleSet,
  type RuleSource,
  ruleFacts,
  type Unsettled,
} from '../src/index.ts'

const base: RuleSource = {
  id: 'a-rule',
  says: 'For the tests.',
  when: 'true',
  action: 'drop',
  reason: 'not-eligible',
  owner: 'tests',
  state: 'LIVE',
}
const facts = (rest: Partial<Facts> = {}): Facts => ({
  surface: 'recommend_accounts',
  at: 0,
  subject: { labels: [] },
  ...rest,
})
const label = (value: string, rest = {}) => ({ value, probability: 0.8, caseId: null, expiresAt: 1, ...rest })

function compiled(when: string, rest: Partial<RuleSource> = {}): CompiledRule {
  const rule = compileRule({ ...base, ...rest, when })
  assert.ok(!isProblem(rule), isProblem(rule) ? rule.message : '')
  return rule
}
const setOf = (...rules: CompiledRule[]) => new RuleSet(rules, DEFAULT_POLICY, 'test')
const applies = (when: string, given: Partial<Facts> = {}): boolean =>
  judge(facts(given), DEFAULT_POLICY, setOf(compiled(when))).action === 'drop'
function refused(when: string): string {
  const rule = compileRule({ ...base, when })
  assert.ok(isProblem(rule), `${when} was accepted`)
  return `${rule.line}:${rule.column} ${rule.message}`
}

test('a rule with a type error is refused with its place and what was expected', () => {
  assert.match(refused(`surface > 3`), /^1:\d+ ">" does not take \(string, int\)/)
  assert.match(
    refused(`reach == 'ranks'\n  && subject.labels == 1`),
    /^2:\d+ "==" does not take \(list\(Label\), int\)/,
  )
  assert.match(refused(`'seashell'`), /must be a bool/)
  assert.match(refused(`subject.colour == 'red'`), /Party has no "colour"; it has type, labels, standing/)
  assert.match(refused(`list.lenght > 3`), /there is no fact "list.lenght"; known are list.members/)
  assert.match(refused(`hasLabel(subject, 3)`), /"hasLabel" does not take \(Party, int\); it takes \(Party, string\)/)
  assert.match(refused(`surface == `), /not an expression/)
  assert.match(refused(`launch(subject)`), /there is no function "launch"/)
  assert.match(refused(`surface && true`), /"&&" needs a bool, not string/)
})

test('a rule without a bound that fits is refused before it runs', () => {
  const nested = `subject.labels.all(a, subject.labels.all(b, subject.labels.all(c, a.value + b.value != c.value)))`
  assert.match(refused(nested), /^1:15 the rule may take [\d,]+ steps; 100,000 are allowed/)
  assert.match(refused(`${'('.repeat(200)}true${')'.repeat(200)}`), /nested deeper than 64/)
  assert.match(refused(`true || ${'x'.repeat(9_000)}`), /longer than 8000 characters/)
})

test('only patterns of the linear-time engine are taken, written out and of bounded size', () => {
  assert.match(refused(`surface.matches('(a)\\\\1')`), /not a pattern of the linear-time engine/)
  assert.match(refused(`surface.matches('(?=a)b')`), /not a pattern of the linear-time engine/)
  assert.match(refused(`surface.matches('((a{1,30}){1,30}){1,30}')`), /multiply to more than 1,000/)
  assert.match(refused(`surface.matches('(a?){500}a{2}')`), /(instructions|multiply)/)
  assert.match(refused(`surface.matches(reach)`), /must be written out/)
  assert.ok(applies(`surface.matches('^recommend_(accounts|content)$')`))
})

test('what is not known is not false: such a rule does not apply, does not open, and is named', () => {
  const rule = compiled(`context.jurisdiction != 'XX' && reach == 'amplifies'`)
  const rules = setOf(rule)
  const read = ruleFacts(facts(), DEFAULT_POLICY)
  const unsettled: Unsettled[] = []
  assert.equal(rules.begin(read).judge(read, unsettled).action, 'allow')
  assert.deepEqual(unsettled, [{ rule: 'a-rule', why: 'unknown', detail: 'not known: context.jurisdiction' }])
  assert.equal(rules.tallies()[0]!.tally.unknowns, 1)
  assert.equal(applies(`!(context.jurisdiction == 'XX')`), false)
  assert.equal(applies(`context.jurisdiction == 'XX' || reach == 'amplifies'`), true)
  assert.equal(applies(`surely(context.jurisdiction == 'XX')`), false)
  assert.equal(applies(`!surely(context.jurisdiction == 'XX')`), true)
})

test('a text that nobody looked at is unknown; a subject without a text has none', () => {
  const rules = defaultRuleSet(DEFAULT_POLICY)
  const read = ruleFacts(facts({ surface: 'search', text: null }), DEFAULT_POLICY)
  const unsettled: Unsettled[] = []
  assert.equal(rules.begin(read).judge(read, unsettled).action, 'allow')
  assert.ok(unsettled.some(({ rule, why }) => rule === 'text-listed' && why === 'unknown'))
})

test('a rule that breaks closes what amplifies and marks the rest; it never opens silently', () => {
  const broken = setOf(compiled(`1 / list.size == 1`))
  const on = (surface: Facts['surface']) =>
    judge(facts({ surface, list: { members: 0, adjacent: 0, size: 0 } }), DEFAULT_POLICY, broken)
  assert.deepEqual([on('recommend_accounts').action, on('recommend_accounts').reason], ['drop', 'not-available'])
  assert.deepEqual([on('link_open').action, on('link_open').reason], ['allow', 'unchecked'])
})

test('a rule that runs out of steps counts as broken, whatever stands beside it', () => {
  const rule = compiled(`subject.labels.all(a, subject.labels.all(b, a.probability == b.probability)) || true`)
  const many = Array.from({ length: 5_000 }, (_, i) => label(`label-${i}`))
  const rules = setOf(rule)
  const verdict = judge(facts({ subject: { labels: many } }), DEFAULT_POLICY, rules)
  assert.equal(verdict.reason, 'not-available')
  assert.equal(judge(facts(), DEFAULT_POLICY, rules).action, 'drop')
})

test('the words of the field: labels, banks, counts, terms, relations', () => {
  const subject = { labels: [label('spam'), label('known-media', { source: 'bank:seashells' })], age: 'minor' as const }
  assert.ok(applies(`hasLabel(subject, 'spam') && hasLabel(subject, 'spam', 0.7)`, { subject }))
  assert.ok(!applies(`hasLabel(subject, 'spam', 0.9)`, { subject }))
  assert.ok(applies(`inBank(subject, 'seashells') && !inBank(subject, 'other')`, { subject }))
  assert.ok(applies(`ageBand(subject) == 'minor' && ageBand(viewer) == 'unknown'`, { subject }))
  const viewer = { labels: [], contacted: false, counts: { 'contact.started/24h': 3 } }
  assert.ok(applies(`countIn(viewer, 'contact.started', '24h') >= 3`, { viewer }))
  assert.ok(!applies(`countIn(viewer, 'contact.started', '7d') >= 0`, { viewer }), 'a count nobody kept is unknown')
  const hit = { entry: 'e1', list: 'lanterns', tier: 'exact' as const, action: 'drop' }
  assert.ok(applies(`matchesTerm(text, 'lanterns')`, { text: { terms: [hit], links: [] } }))
  assert.ok(!applies(`matchesTerm(text, 'lanterns')`, { text: { terms: [{ ...hit, tier: 'fuzzy' }], links: [] } }))
  assert.ok(applies(`related(viewer, author)`, { related: true, viewer }))
})

test('background rules are counted and decide nothing; drafts and expired rules are not even judged', () => {
  const rules = setOf(
    compiled('true', { id: 'shadow', state: 'BACKGROUND' }),
    compiled('true', { id: 'draft', state: 'DRAFT' }),
    compiled('true', { id: 'old', state: 'EXPIRED' }),
  )
  const read = ruleFacts(facts(), DEFAULT_POLICY)
  assert.equal(rules.begin(read).judge(read).action, 'allow')
  assert.deepEqual(
    rules.tallies().map(({ rule, tally }) => [rule.id, tally.hits]),
    [['shadow', 1]],
  )
})

test('the strictest action decides, wherever its rule stands', () => {
  const rules = setOf(
    compiled('true', { id: 'lower', action: 'downrank', reason: 'limited-reach' }),
    compiled('true', { id: 'hold', action: 'hold', reason: 'not-available' }),
    compiled('true', { id: 'drop' }),
  )
  assert.equal(judge(facts(), DEFAULT_POLICY, rules).rule, 'hold')
})

test('every rule of the default pack compiles, says what it means in a sentence, and stays far below the step limit', () => {
  for (const source of DEFAULT_PACK) {
    const rule = compileRule(source)
    assert.ok(!isProblem(rule), source.id)
    assert.match(source.says, /^[A-Z].{20,300}\.$/)
    assert.ok(rule.steps < 2_000, `${source.id}: ${rule.steps}`)
  }
})

test('a known medium takes its content off every surface; a near match only out of what is proposed; neither touches an account', () => {
  const on = (surface: Facts['surface'], value: string, subjectType: string) =>
    judge(facts({ surface, subjectType, subject: { labels: [label(value)] } }), DEFAULT_POLICY)
  for (const surface of ['recommend_content', 'search', 'link_open', 'profile', 'message'] as const) {
    assert.equal(on(surface, 'known-media', 'content').action, 'drop')
    assert.equal(on(surface, 'known-media', 'content').reason, 'not-available')
    const near = surface === 'recommend_content' ? 'drop' : 'allow'
    for (const value of ['known-media-look', 'listed-text']) assert.equal(on(surface, value, 'content').action, near)
    for (const value of ['known-media', 'known-media-look', 'listed-text'])
      assert.equal(on(surface, value, 'account').action, 'allow')
  }
})

test('an exact and a near match, and a listed text, are told apart by nobody outside', () => {
  const told = ['known-media', 'known-media-look', 'listed-text'].map((value) => {
    const given = facts({ surface: 'recommend_content', subjectType: 'content', subject: { labels: [label(value)] } })
    return JSON.stringify(publicVerdict(judge(given, DEFAULT_POLICY)))
  })
  assert.equal(new Set(told).size, 1)
})

const person = (age: 'minor' | 'adult' | 'unknown', counts = {}) => ({ labels: [], age, counts })
const none = { 'outreach.minors/7d': 0, 'outreach.minors/30d': 0, 'blocked-by/30d': 0, 'reported-by/30d': 0 }
const pair = (
  viewer: 'minor' | 'adult' | 'unknown',
  author: 'minor' | 'adult' | 'unknown',
  rest: Partial<Facts> = {},
) =>
  facts({
    viewer: { ...person(viewer, none), contacted: false },
    subject: person(author, none),
    ...rest,
  })

test('an adult and a minor who are not connected are not proposed to each other, connected ones are', () => {
  for (const [viewer, author] of [
    ['adult', 'minor'],
    ['minor', 'adult'],
  ] as const)
    for (const surface of ['recommend_accounts', 'follow_prompt', 'message'] as const) {
      assert.equal(judge(pair(viewer, author, { surface, related: false }), DEFAULT_POLICY).action, 'drop')
      assert.equal(
        judge(pair(viewer, author, { surface }), DEFAULT_POLICY).action,
        'drop',
        'not known is not connected',
      )
      assert.equal(judge(pair(viewer, author, { surface, related: true }), DEFAULT_POLICY).action, 'allow')
    }
  assert.equal(judge(pair('minor', 'minor', { related: false }), DEFAULT_POLICY).action, 'allow')
  assert.equal(judge(pair('adult', 'adult', { related: false }), DEFAULT_POLICY).action, 'allow')
})

test('whom a minor is connected with is shown to its connections alone', () => {
  const list = (related?: boolean): Facts => ({
    ...facts({ surface: 'profile', subjectType: 'connections', author: person('minor', none) }),
    viewer: { ...person('adult', none), contacted: false },
    ...(related === undefined ? {} : { related }),
  })
  assert.equal(judge(list(false), DEFAULT_POLICY).action, 'drop')
  assert.equal(judge(list(), DEFAULT_POLICY).action, 'drop')
  assert.equal(judge(list(true), DEFAULT_POLICY).action, 'allow')
  assert.equal(judge(pair('adult', 'minor', { surface: 'profile', related: false }), DEFAULT_POLICY).action, 'allow')
})

test('an unknown age opens nothing in strict mode and withholds nobody outside it', () => {
  const strict = policyWith({ strict: true })
  for (const [viewer, author] of [
    ['unknown', 'minor'],
    ['minor', 'unknown'],
  ] as const) {
    assert.equal(judge(pair(viewer, author, { related: false }), DEFAULT_POLICY).action, 'allow')
    assert.equal(judge(pair(viewer, author, { related: false }), strict).action, 'drop')
  }
  assert.equal(judge(pair('unknown', 'unknown', { related: false }), strict).action, 'allow')
})

test('whoever approaches many minors gets no further prompt towards minors or unknown ages, and no verdict says why', () => {
  const many = { ...none, 'outreach.minors/7d': 6, 'outreach.minors/30d': 6, 'blocked-by/30d': 1 }
  const from = (counts: Record<string, number>, author: 'minor' | 'unknown' | 'adult') =>
    judge(
      facts({
        surface: 'follow_prompt',
        viewer: { ...person('adult', counts), contacted: false },
        subject: person(author, none),
        related: true,
      }),
      DEFAULT_POLICY,
    )
  assert.equal(from(many, 'minor').action, 'drop')
  assert.equal(from(many, 'unknown').action, 'drop')
  assert.equal(from(many, 'adult').action, 'allow')
  assert.equal(from({ ...many, 'blocked-by/30d': 0 }, 'minor').action, 'allow')
  assert.equal(from({ ...many, 'outreach.minors/30d': 18, 'blocked-by/30d': 0 }, 'minor').action, 'drop')
  assert.equal(from({ ...many, 'outreach.minors/7d': 1, 'outreach.minors/30d': 12 }, 'minor').action, 'drop')
  assert.equal(from(many, 'minor').rule, 'person-protection')
})

test('age bands are read as platforms write them; what cannot be settled is unknown', () => {
  for (const band of ['13-17', 'under13', 'minor', '0-12', '<18', '16-17']) assert.equal(ageBandOf(band), 'minor', band)
  for (const band of ['18+', 'adult', '18-24', '25-34', '>=18']) assert.equal(ageBandOf(band), 'adult', band)
  for (const band of ['16-24', '16+', 'under21', '', '?', undefined]) assert.equal(ageBandOf(band), 'unknown', band)
})
