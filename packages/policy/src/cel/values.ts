/**
 * CEL values in JavaScript: int is a bigint, double a number, uint a `Uint`, bytes a Uint8Array, list an array, map a
 * `CelMap`, a declared object a plain object, a type a `TypeValue`. What is no value is a `Stop`.
 */
export class Uint {
  readonly value: bigint
  constructor(value: bigint) {
    this.value = value
  }
}

/** The value of an expression such as `type(1)`. */
export class TypeValue {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/**
 * Not a value: an error, or a fact that is not known. Both travel through operators as CEL says (`false && unknown` is
 * false); an unknown never counts as false.
 */
export class Stop {
  readonly kind: 'error' | 'unknown'
  readonly message: string
  /** Names of the facts that were missing. */
  readonly facts: readonly string[]
  constructor(kind: 'error' | 'unknown', message: string, facts: readonly string[] = []) {
    this.kind = kind
    this.message = message
    this.facts = facts
  }
}

/** An error as a value. */
export const failed = (message: string): Stop => new Stop('error', message)
/** Facts that nobody knows, as a value. */
export const unknown = (...facts: string[]): Stop => new Stop('unknown', `not known: ${facts.join(', ')}`, facts)
/** What `dyn` let through and no form of a function takes. */
export const noOverload = (name: string): Stop => failed(`no such overload: ${name}`)

/** Thrown, not returned: no `||` may absorb it. */
export class OverBudget extends Error {}

/** What two halves of `&&` or `||` amount to when neither decides: what is not known outlives an error. */
export function undecided(a: unknown, b: unknown): Stop {
  const left = a instanceof Stop ? a : typeof a === 'boolean' ? null : noOverload('logical operator')
  const right = b instanceof Stop ? b : typeof b === 'boolean' ? null : noOverload('logical operator')
  if (left?.kind === 'unknown' && right?.kind === 'unknown') return unknown(...new Set([...left.facts, ...right.facts]))
  if (left?.kind === 'unknown') return left
  if (right?.kind === 'unknown') return right
  return left ?? right ?? noOverload('logical operator')
}

/** An immutable CEL map; numbers that are equal are one key, whatever their type. */
export class CelMap {
  readonly #entries = new Map<string, readonly [unknown, unknown]>()

  get size(): number {
    return this.#entries.size
  }
  /** False when the key is there already or may not be one. */
  add(key: unknown, value: unknown): boolean {
    const name = keyName(key)
    if (name === null || this.#entries.has(name)) return false
    this.#entries.set(name, [key, value])
    return true
  }
  has(key: unknown): boolean {
    const name = keyName(key)
    return name !== null && this.#entries.has(name)
  }
  get(key: unknown): unknown {
    const name = keyName(key)
    return name === null ? undefined : this.#entries.get(name)?.[1]
  }
  keys(): unknown[] {
    return [...this.#entries.values()].map(([key]) => key)
  }
  entries(): Iterable<readonly [unknown, unknown]> {
    return this.#entries.values()
  }
}

function keyName(key: unknown): string | null {
  if (typeof key === 'string') return `s${key}`
  if (typeof key === 'bigint') return `n${key}`
  if (typeof key === 'boolean') return `b${key}`
  if (key instanceof Uint) return `n${key.value}`
  if (typeof key === 'number' && Number.isInteger(key)) return `n${BigInt(key)}`
  return null
}

const plain = (value: unknown): unknown => (value instanceof Uint ? value.value : value)
const isNumber = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint'

/** CEL equality: numbers by value across types, lists and maps by content, values of different types unequal. */
export function equals(left: unknown, right: unknown): boolean {
  const a = plain(left)
  const b = plain(right)
  // biome-ignore lint/suspicious/noDoubleEquals: between bigint and number it compares mathematically, as CEL asks
  if (isNumber(a) && isNumber(b)) return a == b
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => equals(one, b[i]))
  if (a instanceof CelMap && b instanceof CelMap)
    return a.size === b.size && [...a.entries()].every(([key, value]) => b.has(key) && equals(value, b.get(key)))
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return a.length === b.length && a.every((byte, i) => byte === b[i])
  return a instanceof TypeValue && b instanceof TypeValue && a.name === b.name
}

/** Negative, zero or positive; NaN where a number is none; null where the two have no order. */
export function compare(left: unknown, right: unknown): number | null {
  const a = plain(left)
  const b = plain(right)
  if (isNumber(a) && isNumber(b)) return typeof a === typeof b ? ordered(a, b) : ordered(Number(a), Number(b))
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b)
  return null
}

function ordered(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : a >= b ? 0 : Number.NaN
}

/** By code points, not UTF-16 units. */
function compareText(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue
    return a.codePointAt(i)! - b.codePointAt(i)!
  }
  return a.length - b.length
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

/** The CEL name of a value's type. */
export function typeOf(value: unknown): string {
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'double'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (value === null) return 'null_type'
  if (value instanceof Uint) return 'uint'
  if (value instanceof Uint8Array) return 'bytes'
  if (Array.isArray(value)) return 'list'
  if (value instanceof CelMap) return 'map'
  return value instanceof TypeValue ? 'type' : 'object'
}
