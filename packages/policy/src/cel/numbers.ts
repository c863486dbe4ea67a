import { failed, noOverload, Stop, Uint } from './values.ts'

const INT_MIN = -(2n ** 63n)
const INT_MAX = 2n ** 63n - 1n
const UINT_MAX = 2n ** 64n - 1n

export const intOf = (value: bigint): bigint | Stop =>
  value >= INT_MIN && value <= INT_MAX ? value : failed('integer overflow')
export const uintOf = (value: bigint): Uint | Stop =>
  value >= 0n && value <= UINT_MAX ? new Uint(value) : failed('unsigned integer overflow')

type Operator = '+' | '-' | '*' | '/' | '%'

/** Arithmetic on two numbers of one type; overflow and division by zero are errors, not wrapped. */
export function arithmetic(operator: Operator, a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const result = whole(operator, a, b)
    return result instanceof Stop ? result : intOf(result)
  }
  if (typeof a === 'number' && typeof b === 'number') return fraction(operator, a, b)
  if (a instanceof Uint && b instanceof Uint) {
    const result = whole(operator, a.value, b.value)
    return result instanceof Stop ? result : uintOf(result)
  }
  return noOverload(`_${operator}_`)
}

function whole(operator: Operator, a: bigint, b: bigint): bigint | Stop {
  if (operator === '+') return a + b
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  if (b === 0n) return failed(operator === '/' ? 'division by zero' : 'modulus by zero')
  return operator === '/' ? a / b : a % b
}

function fraction(operator: Operator, a: number, b: number): number | Stop {
  if (operator === '+') return a + b
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  return operator === '/' ? a / b : noOverload('_%_')
}

/** `-value`. */
export function negate(value: unknown): unknown {
  if (typeof value === 'bigint') return intOf(-value)
  return typeof value === 'number' ? -value : noOverload('-_')
}

export function toInt(value: unknown): unknown {
  if (typeof value === 'bigint') return value
  if (value instanceof Uint) return intOf(value.value)
  if (typeof value === 'number') return fromDouble(value, -(2 ** 63), 2 ** 63, (number) => number)
  if (typeof value === 'string') return /^[+-]?\d{1,20}$/.test(value) ? intOf(BigInt(value)) : failed('not an integer')
  return noOverload('int')
}

export function toUint(value: unknown): unknown {
  if (value instanceof Uint) return value
  if (typeof value === 'bigint') return uintOf(value)
  if (typeof value === 'number') return fromDouble(value, -1, 2 ** 64, (number) => uintOf(number))
  if (typeof value === 'string')
    return /^\d{1,20}$/.test(value) ? uintOf(BigInt(value)) : failed('not an unsigned integer')
  return noOverload('uint')
}

function fromDouble(value: number, above: number, below: number, make: (number: bigint) => unknown): unknown {
  return value > above && value < below ? make(BigInt(Math.trunc(value))) : failed('integer overflow')
}

export function toDouble(value: unknown): unknown {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Uint) return Number(value.value)
  if (typeof value !== 'string') return noOverload('double')
  const number = value.trim() === value && value !== '' ? Number(value) : Number.NaN
  return Number.isNaN(number) && value !== 'NaN' ? failed('not a number') : number
}
