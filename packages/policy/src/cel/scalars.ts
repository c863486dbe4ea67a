import type { Frame, Run } from './compile.ts'
import type { Node } from './tree.ts'
import { Stop } from './values.ts'

type Call = Extract<Node, { kind: 'call' }>
type Test = (a: never, b: never) => boolean
const TESTS: Readonly<Record<string, Test>> = {
  '_==_': (a, b) => a === b,
  '_!=_': (a, b) => a !== b,
  '_<_': (a, b) => a < b,
  '_<=_': (a, b) => a <= b,
  '_>_': (a, b) => a > b,
  '_>=_': (a, b) => a >= b,
}
const EQUALITY = ['_==_', '_!=_']

/** Between two of the same plain type JavaScript's own operators mean what CEL's do; most leaves compare with a constant. */
export function sameScalar<F>({ name, args: nodes }: Call, [left, right]: readonly Run<F>[]): Run<F> | null {
  const test = TESTS[name]
  const kinds = nodes.map((one) => one.type.kind)
  const plain = EQUALITY.includes(name) ? ['string', 'bool', 'int', 'double'] : ['int', 'double']
  if (test === undefined || kinds[0] !== kinds[1] || !plain.includes(kinds[0]!)) return null
  const constant = nodes[1]!.kind === 'constant' ? nodes[1]!.value : undefined
  return constant === undefined ? comparing(name, left!, right!) : comparingWith(name, left!, constant)
}

/** Written out once for each operator: a shared closure would be called with all of them and never be made fast. */
function comparingWith<F>(name: string, left: Run<F>, given: unknown): Run<F> {
  const value = given as number
  const of = left as (frame: Frame<F>) => number | Stop
  switch (name) {
    case '_==_':
      return (frame) => {
        const a = of(frame)
        return a instanceof Stop ? a : a === value
      }
    case '_!=_':
      return (frame) => {
        const a = of(frame)
        return a instanceof Stop ? a : a !== value
      }
    case '_<_':
      return (frame) => {
        const a = of(frame)
        return a instanceof Stop ? a : a < value
      }
    case '_<=_':
      return (frame) => {
        const a = of(frame)
        return a instanceof Stop ? a : a <= value
      }
    case '_>_':
      return (frame) => {
        const a = of(frame)
        return a instanceof Stop ? a : a > value
      }
    default:
      return (frame) => {
        const a = of(frame)
        return a instanceof Stop ? a : a >= value
      }
  }
}

function comparing<F>(name: string, left: Run<F>, right: Run<F>): Run<F> {
  const test = TESTS[name]!
  return (frame) => {
    const a = left(frame)
    if (a instanceof Stop) return a
    const b = right(frame)
    return b instanceof Stop ? b : test(a as never, b as never)
  }
}
