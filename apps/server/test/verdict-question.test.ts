import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { plainQuestion, questionSchema } from '../src/http/routes/verdict-question.ts'

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('', 'a'.repeat(32), 'a'.repeat(33), 'a'.repeat(256), 'a'.repeat(257), 'a'.repeat(10_001)),
)
const anything = fc.oneof({ weight: 6, arbitrary: text }, fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>)
const flag = fc.oneof(fc.boolean() as fc.Arbitrary<unknown>, anything)
const subject = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constantFrom('account', 'content'), id: text }) as fc.Arbitrary<unknown>,
  },
  {
    weight: 3,
    arbitrary: fc.record(
      { type: anything, id: anything, text: anything, author: anything, connected: flag, more: anything },
      { requiredKeys: [] },
    ) as fc.Arbitrary<unknown>,
  },
  fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<unknown>,
)
const viewer = fc.oneof(
  anything,
  fc.record({ type: fc.constantFrom('account', 'content'), id: text, recent: fc.array(text) }, { requiredKeys: [] }),
)
const question = fc.record(
  {
    surface: fc.oneof(fc.constantFrom('recommend_accounts', 'search', 'nowhere'), anything),
    viewer,
    context: fc.oneof(fc.record({ locale: text, ageBand: text }, { requiredKeys: [] }), anything),
    subjects: fc.oneof(
      { weight: 8, arbitrary: fc.array(subject, { maxLength: 6 }) as fc.Arbitrary<unknown> },
      anything,
    ),
    more: anything,
  },
  { requiredKeys: ['surface', 'subjects'], noNullPrototype: true },
)

const name = fc.string({ minLength: 1, maxLength: 20 })
const right = fc.record(
  {
    surface: fc.constantFrom('recommend_accounts', 'search', 'message'),
    viewer: fc.oneof(
      name as fc.Arbitrary<unknown>,
      fc.record({ type: fc.constant('account'), id: name, recent: fc.array(name) }, { requiredKeys: ['id'] }),
    ),
    context: fc.record({ jurisdiction: name.map((one) => one.slice(0, 16)), locale: name }, { requiredKeys: [] }),
    subjects: fc.array(
      fc.record(
        { type: name, id: name, text: fc.string(), author: name, connected: fc.boolean() },
        { requiredKeys: ['type', 'id'] },
      ),
      { minLength: 1, maxLength: 6 },
    ),
  },
  { requiredKeys: ['surface', 'subjects'], noNullPrototype: true },
)

test('the short way in lets nothing pass that the schema refuses, and reads what it passes as the schema does', () => {
  let passed = 0
  fc.assert(
    fc.property(fc.oneof(question as fc.Arbitrary<unknown>, right), (drawn) => {
      // As it would arrive.
      const body = JSON.parse(JSON.stringify(drawn)) as unknown
      const plain = plainQuestion(body)
      const read = questionSchema.safeParse(body)
      assert.equal(plain !== null, read.success)
      if (plain !== null) {
        passed++
        assert.deepEqual(plain, read.data)
      }
    }),
    { numRuns: 2_000 },
  )
  assert.ok(passed > 50, `only ${passed} of the questions were right: the test tests nothing`)
})

test('lists of no candidate, of a thousand and of one more are told apart', () => {
  const of = (count: number) => ({
    surface: 'recommend_accounts',
    subjects: Array.from({ length: count }, (_, i) => ({ type: 'account', id: `acct-${i}` })),
  })
  for (const [count, right] of [
    [0, false],
    [1, true],
    [1_000, true],
    [1_001, false],
  ] as const) {
    assert.equal(plainQuestion(of(count)) !== null, right)
    assert.equal(questionSchema.safeParse(of(count)).success, right)
  }
})
