import { arithmetic, negate, toDouble, toInt, toUint } from './numbers.ts'
import { pattern } from './regex.ts'
import { BOOL, BYTES, type CelType, DOUBLE, DYN, INT, listOf, mapOf, param, STRING, TYPE, UINT } from './types.ts'
import { CelMap, compare, equals, failed, noOverload, Stop, TypeValue, typeOf, Uint } from './values.ts'

/** One typed form of a function. */
export interface Overload {
  readonly params: readonly CelType[]
  readonly result: CelType
}

/** A function of the language: its typed forms for the checker, and one implementation that checks what `dyn` let through. */
export interface CelFunction {
  readonly overloads: readonly Overload[]
  readonly run: (...args: never[]) => unknown
  /** Called as `a.name(b)` rather than `name(a, b)`. Absent: as a plain function only; `both`: either way. */
  readonly method?: true | 'both'
  /** Steps one call may take, given the largest sizes of its arguments. Absent: 1. */
  readonly steps?: (sizes: readonly number[]) => number
  /** Largest size of the result. Absent: 1. */
  readonly size?: (sizes: readonly number[]) => number
}

const A = param('A')
const B = param('B')
const over = (params: readonly CelType[], result: CelType): Overload => ({ params, result })
const numbers = [INT, UINT, DOUBLE]
const ordered = [...numbers, STRING, BOOL, BYTES]
const first = (sizes: readonly number[]): number => sizes[0] ?? 1
const least = (sizes: readonly number[]): number => Math.max(1, Math.min(...sizes))
const sum = (sizes: readonly number[]): number => sizes.reduce((all, one) => all + one, 0)
const PER_STEP = 16

const orders: Overload[] = [
  ...ordered.map((one) => over([one, one], BOOL)),
  ...numbers.flatMap((one) => numbers.filter((two) => two !== one).map((two) => over([one, two], BOOL))),
]

function order(name: string, holds: (order: number) => boolean): CelFunction {
  const run = (a: unknown, b: unknown): unknown => {
    const result = compare(a, b)
    return result === null ? noOverload(name) : holds(result)
  }
  return { overloads: orders, run, steps: (sizes) => 1 + least(sizes) / PER_STEP }
}

function calculation(operator: '-' | '*' | '/' | '%'): CelFunction {
  const types = operator === '%' ? [INT, UINT] : numbers
  return {
    overloads: types.map((one) => over([one, one], one)),
    run: (a: unknown, b: unknown) => arithmetic(operator, a, b),
  }
}

function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'string' && typeof b === 'string') return a + b
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
  if (a instanceof Uint8Array && b instanceof Uint8Array) return new Uint8Array([...a, ...b])
  return arithmetic('+', a, b)
}

function contains(one: unknown, all: unknown): unknown {
  if (Array.isArray(all)) return all.some((other) => equals(one, other))
  return all instanceof CelMap ? all.has(one) : noOverload('_in_')
}

function at(all: unknown, key: unknown): unknown {
  if (all instanceof CelMap) return all.has(key) ? all.get(key) : failed('no such key')
  if (!Array.isArray(all)) return noOverload('_[_]')
  const place = key instanceof Uint ? Number(key.value) : typeof key === 'bigint' ? Number(key) : key
  if (typeof place !== 'number' || !Number.isInteger(place)) return failed('invalid_argument: not a list index')
  return place >= 0 && place < all.length ? all[place] : failed('invalid_argument: index out of bounds')
}

function size(value: unknown): unknown {
  if (typeof value === 'string') return BigInt(value.length < 2 ? value.length : codePoints(value))
  if (Array.isArray(value) || value instanceof Uint8Array) return BigInt(value.length)
  return value instanceof CelMap ? BigInt(value.size) : noOverload('size')
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

const onText = (name: string, work: (text: string, other: string) => unknown): CelFunction => ({
  overloads: [over([STRING, STRING], BOOL)],
  run: (text: unknown, other: unknown) =>
    typeof text === 'string' && typeof other === 'string' ? work(text, other) : noOverload(name),
  method: true,
  steps: (sizes) => 1 + first(sizes) / PER_STEP,
})

/** Matching takes about a step for each character: the engine is linear in the text for a pattern of bounded size. */
function matches(text: string, source: string): unknown {
  const regex = pattern(source)
  return regex instanceof Stop ? regex : regex.test(text)
}

function toText(value: unknown): unknown {
  if (typeof value === 'string') return value
  if (value instanceof Uint) return String(value.value)
  if (value instanceof Uint8Array) return decoded(value)
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : noOverload('string')
}

function decoded(bytes: Uint8Array): unknown {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return failed('invalid UTF-8')
  }
}

const TRUE = new Set(['1', 't', 'true', 'TRUE', 'True'])
const FALSE = new Set(['0', 'f', 'false', 'FALSE', 'False'])

function toBool(value: unknown): unknown {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string') return noOverload('bool')
  return TRUE.has(value) ? true : FALSE.has(value) ? false : failed('type conversion error')
}

function toBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return value
  return typeof value === 'string' ? new TextEncoder().encode(value) : noOverload('bytes')
}

const conversion = (result: CelType, from: readonly CelType[], run: (value: unknown) => unknown): CelFunction => ({
  overloads: from.map((one) => over([one], result)),
  run,
  steps: (sizes) => 1 + first(sizes) / PER_STEP,
  size: first,
})

/** The standard functions and operators of the subset, by CEL's own names. */
export const STANDARD: Readonly<Record<string, CelFunction>> = {
  '_==_': {
    overloads: [over([A, A], BOOL)],
    run: equals,
    steps: (sizes) => 1 + least(sizes) / PER_STEP,
  },
  '_!=_': {
    overloads: [over([A, A], BOOL)],
    run: (a: unknown, b: unknown) => !equals(a, b),
    steps: (sizes) => 1 + least(sizes) / PER_STEP,
  },
  '_<_': order('_<_', (result) => result < 0),
  '_<=_': order('_<=_', (result) => result <= 0),
  '_>_': order('_>_', (result) => result > 0),
  '_>=_': order('_>=_', (result) => result >= 0),
  '_+_': {
    overloads: [
      ...[...numbers, STRING, BYTES].map((one) => over([one, one], one)),
      over([listOf(A), listOf(A)], listOf(A)),
    ],
    run: add,
    steps: (sizes) => 1 + sum(sizes) / PER_STEP,
    size: sum,
  },
  '_-_': calculation('-'),
  '_*_': calculation('*'),
  '_/_': calculation('/'),
  '_%_': calculation('%'),
  '-_': { overloads: [over([INT], INT), over([DOUBLE], DOUBLE)], run: negate },
  '_[_]': {
    overloads: [
      over([listOf(A), INT], A),
      over([listOf(A), UINT], A),
      over([listOf(A), DOUBLE], A),
      over([mapOf(A, B), A], B),
    ],
    run: at,
  },
  '@in': {
    overloads: [over([A, listOf(A)], BOOL), over([A, mapOf(A, B)], BOOL)],
    run: contains,
    steps: (sizes) => 1 + (sizes[1] ?? 1) / 4,
  },
  size: {
    overloads: [STRING, BYTES, listOf(A), mapOf(A, B)].map((one) => over([one], INT)),
    run: size,
    method: 'both',
    steps: (sizes) => 1 + first(sizes) / PER_STEP,
  },
  contains: onText('contains', (text, other) => text.includes(other)),
  startsWith: onText('startsWith', (text, other) => text.startsWith(other)),
  endsWith: onText('endsWith', (text, other) => text.endsWith(other)),
  matches: { ...onText('matches', matches), method: 'both', steps: (sizes) => 50 + 4 * first(sizes) },
  int: conversion(INT, [INT, UINT, DOUBLE, STRING], toInt),
  uint: conversion(UINT, [UINT, INT, DOUBLE, STRING], toUint),
  double: conversion(DOUBLE, [DOUBLE, INT, UINT, STRING], toDouble),
  string: conversion(STRING, [STRING, INT, UINT, DOUBLE, BOOL, BYTES], toText),
  bool: conversion(BOOL, [BOOL, STRING], toBool),
  bytes: conversion(BYTES, [BYTES, STRING], toBytes),
  dyn: conversion(DYN, [A], (value) => value),
  type: conversion(TYPE, [A], (value) => (value instanceof Stop ? value : new TypeValue(typeOf(value)))),
}

/** Names of types, which are values themselves. */
export const TYPE_VALUES: Readonly<Record<string, TypeValue>> = Object.fromEntries(
  ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'null_type', 'type'].map((name) => [
    name,
    new TypeValue(name),
  ]),
)
