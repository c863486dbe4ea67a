import assert from 'node:assert/strict'
import test from 'node:test'
import {
  getConformanceSuite,
  type IncrementalTest,
  type IncrementalTestSuite,
} from '@bufbuild/cel-spec/testdata/tests.js'
import { bound, CelMap, check, compile, DYN, equals, isProblem, Stop, TypeValue, Uint } from '../src/cel/index.ts'

/**
 * The published conformance suite of CEL, as far as rules use the language. Left out: protobuf messages and enums, wrapper
 * and well-known types, timestamps and durations, optionals, two-variable macros, and the extension libraries.
 */
const SECTIONS = [
  'basic',
  'comparisons',
  'conversions',
  'fields',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'namespace',
  'parse',
  'plumbing',
  'string',
  'unknowns',
  'type_deduction',
]
const OUTSIDE =
  /google\.protobuf|TestAllTypes|NestedTestAllTypes|GlobalEnum|timestamp|duration|optional|proto2|proto3|cel\.expr|\b(get(FullYear|Month|Date|Hours|Minutes|Seconds|DayOfWeek|DayOfMonth|DayOfYear))\b/

function plain(value: { kind: { case: string | undefined; value?: unknown } }): unknown {
  const { case: name, value: held } = value.kind
  if (name === 'uint64Value') return new Uint(held as bigint)
  if (name === 'nullValue') return null
  if (name === 'typeValue') return new TypeValue(held as string)
  if (name === 'listValue') return (held as { values: never[] }).values.map(plain)
  if (name !== 'mapValue') return held
  const map = new CelMap()
  for (const { key, value } of (held as { entries: { key: never; value: never }[] }).entries)
    map.add(plain(key), plain(value))
  return map
}

function* flat(suite: IncrementalTestSuite): Iterable<IncrementalTest> {
  yield* suite.tests
  for (const one of suite.suites) yield* flat(one)
}

/** Null: passed; else what went wrong. */
function outcome({ original }: IncrementalTest): string | null {
  const bindings = Object.entries(original.bindings).map(
    ([name, { kind }]) =>
      [
        name,
        kind.case === 'value' ? plain(kind.value as never) : new Stop('unknown', 'bound to no value', [name]),
      ] as const,
  )
  const facts = Object.fromEntries([
    ...original.typeEnv.map(({ name }) => [name, { type: DYN }] as const),
    ...bindings.map(([name]) => [name, { type: DYN }] as const),
  ])
  const wanted = original.resultMatcher
  const fails = wanted.case === 'evalError' || wanted.case === 'anyEvalErrors'
  const lenient = original.disableCheck
  const checked = check(original.expr, { facts, lenient, container: original.container })
  if (isProblem(checked)) return fails ? null : `refused: ${checked.message}`
  bound(checked, facts)
  const readers = Object.fromEntries(bindings.map(([name, value]) => [name, () => value]))
  const value = compile(checked, readers)({ facts: {}, locals: [], left: 1e6 })
  if (value instanceof Stop) return fails && value.kind === 'error' ? null : value.message
  if (fails) return 'an error was expected'
  const right =
    wanted.case === 'value'
      ? plain(wanted.value as never)
      : wanted.case === 'typedResult' && wanted.value.result
        ? plain(wanted.value.result as never)
        : true
  if (typeof right === 'number' && Number.isNaN(right)) return Number.isNaN(value) ? null : 'not NaN'
  return equals(value, right) ? null : `got ${String(value)}, not ${String(right)}`
}

test('the public CEL conformance tests of the supported subset pass to at least 99 %', (t) => {
  const counted = { ran: 0, passed: 0, outside: 0 }
  for (const suite of getConformanceSuite().suites) {
    if (!SECTIONS.includes(suite.name)) continue
    for (const one of flat(suite)) {
      const bound = JSON.stringify(one.original, (_, value) => (typeof value === 'bigint' ? String(value) : value))
      if (OUTSIDE.test(bound.replaceAll('"$typeName":"cel.expr.', '')) || /"objectValue"|"enumValue"/.test(bound)) {
        counted.outside++
        continue
      }
      counted.ran++
      const wrong = outcome(one)
      if (wrong === null) counted.passed++
      else t.diagnostic(`${suite.name}/${one.name}: ${one.original.expr.slice(0, 100)} → ${wrong}`)
    }
  }
  t.diagnostic(`${counted.passed} of ${counted.ran} pass; ${counted.outside} in these sections are outside the subset`)
  assert.ok(counted.ran > 800, `only ${counted.ran} tests ran`)
  assert.ok(counted.passed >= 0.99 * counted.ran, `${counted.passed} of ${counted.ran}`)
})
