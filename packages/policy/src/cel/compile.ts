import { sameScalar } from './scalars.ts'
import type { Node } from './tree.ts'
import { CelMap, failed, noOverload, OverBudget, Stop, undecided } from './values.ts'

/** What an expression runs in. `left` counts down the steps it may still take. */
export interface Frame<F> {
  facts: F
  readonly locals: unknown[]
  left: number
}

/** How each declared fact is read; undefined means: not known. */
export type Readers<F> = Readonly<Record<string, (facts: F) => unknown>>

/** A compiled expression: a value, or a `Stop`. Throws `OverBudget` when its steps run out, nothing else. */
export type Run<F> = (frame: Frame<F>) => unknown

/** Turns a checked tree into closures. */
export function compile<F>(node: Node, readers: Readers<F>): Run<F> {
  const down = (one: Node): Run<F> => compile(one, readers)
  switch (node.kind) {
    case 'constant':
      return () => node.value
    case 'fact':
      return fact(node.name, readers[node.name])
    case 'local':
      return ({ locals }) => locals[node.slot]
    case 'field':
      return node.of.type.kind === 'object' && !node.present
        ? member(down(node.of), node.field, factPath(node))
        : field(down(node.of), node.field, node.present)
    case 'and':
      return and(down(node.left), down(node.right))
    case 'or':
      return or(down(node.left), down(node.right))
    case 'not':
      return not(down(node.of))
    case 'not-strictly-false':
      return notStrictlyFalse(down(node.of))
    case 'surely':
      return surely(down(node.of))
    case 'choice':
      return choice(down(node.test), down(node.yes), down(node.no))
    case 'list':
      return list(node.items.map(down))
    case 'map':
      return map(node.entries.map(([key, value]) => [down(key), down(value)]))
    case 'loop':
      return loop(node, down)
    case 'call':
      return call(node, node.args.map(down))
  }
}

function fact<F>(name: string, read: ((facts: F) => unknown) | undefined): Run<F> {
  if (read === undefined) {
    const missing = failed(`there is no fact "${name}"`)
    return () => missing
  }
  const missing = new Stop('unknown', `not known: ${name}`, [name])
  return ({ facts }) => {
    const value = read(facts)
    return value === undefined ? missing : value
  }
}

/** A declared object's field: there is nothing to look up by key, and null means not known. */
function member<F>(of: Run<F>, name: string, path: string): Run<F> {
  const missing = new Stop('unknown', `not known: ${path}`, [path])
  return (frame) => {
    const value = of(frame)
    if (value instanceof Stop) return value
    return (value as Readonly<Record<string, unknown>>)[name] ?? missing
  }
}

function factPath(node: Node): string {
  if (node.kind === 'field') return `${factPath(node.of)}.${node.field}`
  return node.kind === 'fact' || node.kind === 'local' ? node.name : '?'
}

function field<F>(of: Run<F>, name: string, present: boolean): Run<F> {
  const missing = new Stop('unknown', `not known: ${name}`, [name])
  return (frame) => {
    const value = of(frame)
    if (value instanceof Stop) return value
    if (value instanceof CelMap) {
      if (present) return value.has(name)
      return value.has(name) ? value.get(name) : failed(`no such key: ${name}`)
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return noOverload(`select ${name}`)
    const held = (value as Readonly<Record<string, unknown>>)[name]
    if (present) return held !== undefined
    return held === undefined ? missing : held
  }
}

function and<F>(left: Run<F>, right: Run<F>): Run<F> {
  return (frame) => {
    const a = left(frame)
    if (a === false) return false
    const b = right(frame)
    if (b === false) return false
    return a === true && b === true ? true : undecided(a, b)
  }
}

function or<F>(left: Run<F>, right: Run<F>): Run<F> {
  return (frame) => {
    const a = left(frame)
    if (a === true) return true
    const b = right(frame)
    if (b === true) return true
    return a === false && b === false ? false : undecided(a, b)
  }
}

function not<F>(of: Run<F>): Run<F> {
  return (frame) => {
    const value = of(frame)
    if (typeof value === 'boolean') return !value
    return value instanceof Stop ? value : noOverload('!_')
  }
}

function notStrictlyFalse<F>(of: Run<F>): Run<F> {
  return (frame) => of(frame) !== false
}

/** The one place where not knowing becomes false, written out by whoever means it. An error stays one. */
function surely<F>(of: Run<F>): Run<F> {
  return (frame) => {
    const value = of(frame)
    return value instanceof Stop && value.kind === 'unknown' ? false : value
  }
}

function choice<F>(test: Run<F>, yes: Run<F>, no: Run<F>): Run<F> {
  return (frame) => {
    const value = test(frame)
    if (value === true) return yes(frame)
    if (value === false) return no(frame)
    return value instanceof Stop ? value : noOverload('_?_:_')
  }
}

function list<F>(items: readonly Run<F>[]): Run<F> {
  return (frame) => {
    const values: unknown[] = []
    for (const item of items) {
      const value = item(frame)
      if (value instanceof Stop) return value
      values.push(value)
    }
    return values
  }
}

function map<F>(entries: readonly (readonly [Run<F>, Run<F>])[]): Run<F> {
  return (frame) => {
    const made = new CelMap()
    for (const [key, value] of entries) {
      const k = key(frame)
      if (k instanceof Stop) return k
      const v = value(frame)
      if (v instanceof Stop) return v
      if (!made.add(k, v)) return failed('a map key that is repeated or of a type that keys may not have')
    }
    return made
  }
}

function loop<F>(node: Extract<Node, { kind: 'loop' }>, down: (node: Node) => Run<F>): Run<F> {
  const [over, start, goesOn, step, result] = [node.over, node.start, node.goesOn, node.step, node.result].map(down)
  return (frame) => {
    const range = over!(frame)
    if (range instanceof Stop) return range
    const items = range instanceof CelMap ? range.keys() : range
    if (!Array.isArray(items)) return noOverload('comprehension')
    const { locals } = frame
    let total = start!(frame)
    for (const item of items) {
      spend(frame, 2 + (Array.isArray(total) ? total.length / 16 : 0))
      locals[node.total] = total
      if (goesOn!(frame) === false) break
      locals[node.item] = item
      total = step!(frame)
    }
    locals[node.total] = total
    return result!(frame)
  }
}

/** Takes steps off the budget; throws when none is left. */
function spend<F>(frame: Frame<F>, steps: number): void {
  frame.left -= steps
  if (frame.left < 0) throw new OverBudget('the rule took more steps than a rule may take')
}

type Call = Extract<Node, { kind: 'call' }>

function call<F>(node: Call, args: readonly Run<F>[]): Run<F> {
  const fast = sameScalar(node, args) ?? oneOfConstants(node, args)
  if (fast) return fast
  const run = node.target.run as (...values: unknown[]) => unknown
  const { steps } = node.target
  return (frame) => {
    const values: unknown[] = []
    let unknowns: Stop | null = null
    for (const arg of args) {
      const value = arg(frame)
      if (value instanceof Stop) {
        if (value.kind === 'error') return unknowns ?? value
        unknowns = unknowns ? (undecided(unknowns, value) as Stop) : value
      }
      values.push(value)
    }
    if (unknowns) return unknowns
    spend(frame, steps === undefined ? 1 : steps(values.map(sizeOf)))
    return run(...values)
  }
}

/** `x in ['a', 'b']` with everything written out. */
function oneOfConstants<F>({ name, args: [one, all] }: Call, [value]: readonly Run<F>[]): Run<F> | null {
  if (name !== '@in' || one?.type.kind !== 'string' || all?.kind !== 'list') return null
  const items = all.items.map((item) => (item.kind === 'constant' ? item.value : undefined))
  if (!items.every((item) => typeof item === 'string')) return null
  const set = new Set<unknown>(items)
  return (frame) => {
    const found = value!(frame)
    return found instanceof Stop ? found : set.has(found)
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length
  return value instanceof CelMap ? value.size : 1
}
