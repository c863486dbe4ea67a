import { parse } from '@bufbuild/cel'
import { type CelFunction, STANDARD, TYPE_VALUES } from './functions.ts'
import { type Comprehension, constant, type MapEntry, operator, type Parsed, pathOf, together } from './parsed.ts'
import { pattern } from './regex.ts'
import type { Loop, Node } from './tree.ts'
import { BOOL, type CelType, common, DYN, filled, fits, listOf, mapOf, TYPE, typeName } from './types.ts'
import { failed, Stop } from './values.ts'

/** A fact a rule may read. `most` bounds a string's characters or a list's or map's entries (default: `MOST`). */
export interface FactType {
  readonly type: CelType
  readonly most?: number
}

/** What expressions are checked against. */
export interface Declarations {
  readonly facts: Readonly<Record<string, FactType>>
  readonly functions?: Readonly<Record<string, CelFunction>>
  /** Names are looked up in this namespace first. */
  readonly container?: string
  /** Lets names and overloads pass that the checker cannot settle; they fail at run time. For conformance tests only. */
  readonly lenient?: boolean
}

/** Why an expression is refused; `line` and `column` begin with 1. */
export interface Problem {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Deepest nesting of an expression. */
const DEEPEST = 64
/** Longest source of an expression, in characters. */
export const LONGEST_EXPRESSION = 8_000

class Refused extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

/** Parses and type-checks; returns the checked tree or the first problem. Cost: linear in the source. */
export function check(source: string, declarations: Declarations): Node | Problem {
  if (source.length > LONGEST_EXPRESSION) return place(source, 0, `longer than ${LONGEST_EXPRESSION} characters`)
  let parsed: ReturnType<typeof parse>
  try {
    if (deepest(source) > DEEPEST) return place(source, 0, `nested deeper than ${DEEPEST}`)
    parsed = parse(source)
  } catch (error) {
    const { location, rawMessage, message } = error as {
      location?: { start: { offset: number } }
      rawMessage?: string
      message: string
    }
    return place(source, location?.start.offset ?? 0, `not an expression: ${rawMessage ?? message}`)
  }
  try {
    return new Checker(declarations, parsed.sourceInfo?.positions ?? {}).node(parsed.expr, new Map())
  } catch (error) {
    if (error instanceof Refused) return place(source, error.at, error.message)
    throw error
  }
}

/** Whether a check ended in a problem. */
export function isProblem(result: object): result is Problem {
  return 'line' in result
}

/** Line and column of an offset. */
export function place(source: string, offset: number, message: string): Problem {
  const before = source.slice(0, offset).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1, message }
}

/** Brackets and prefix operators open at once; looked at before parsing, so that the parser's own recursion is bounded. */
function deepest(source: string): number {
  let depth = 0
  let most = 0
  for (const sign of source) {
    if ('([{'.includes(sign)) most = Math.max(most, ++depth)
    else if (')]}'.includes(sign)) depth--
  }
  return most
}

/** Stands for a function nobody declared, where the checker is told to let it pass. */
const MISSING: CelFunction = { overloads: [], run: () => failed('unknown function') }

type Locals = ReadonlyMap<string, { readonly slot: number; readonly type: CelType }>

class Checker {
  readonly #declared: Declarations
  readonly #positions: Readonly<Record<string, number>>
  #slots = 0

  constructor(declared: Declarations, positions: Readonly<Record<string, number>>) {
    this.#declared = declared
    this.#positions = positions
  }

  node(expr: Parsed | undefined, locals: Locals): Node {
    const at = this.#positions[String(expr?.id ?? 0)] ?? 0
    const kind = expr?.exprKind
    switch (kind?.case) {
      case 'constExpr':
        return this.#constant(kind.value.constantKind, at)
      case 'identExpr':
        return this.#name(kind.value.name, at, locals)
      case 'selectExpr':
        return this.#select(kind.value, at, locals)
      case 'callExpr':
        return this.#call(kind.value, at, locals)
      case 'listExpr': {
        const items = kind.value.elements.map((one) => this.node(one, locals))
        return { kind: 'list', items, type: listOf(together(items)), at }
      }
      case 'structExpr':
        return this.#map(kind.value, at, locals)
      case 'comprehensionExpr':
        return this.#loop(kind.value, at, locals)
      default:
        throw new Refused(at, 'an empty expression')
    }
  }

  #constant(kind: Parameters<typeof constant>[0], at: number): Node {
    const node = constant(kind, at)
    if (node === null) throw new Refused(at, 'a number too large, or a constant that is not part of the rule language')
    return node
  }

  #name(name: string, at: number, locals: Locals): Node {
    const local = locals.get(name)
    if (local) return { kind: 'local', ...local, name, at }
    const known = this.#resolve(name, at)
    if (known) return known
    if (this.#declared.lenient) return { kind: 'fact', name, type: DYN, at }
    throw new Refused(at, `there is no fact "${name}"${this.#similar(name)}`)
  }

  #resolve(name: string, at: number): Node | null {
    for (const full of this.#candidates(name)) {
      const fact = Object.hasOwn(this.#declared.facts, full) ? this.#declared.facts[full] : undefined
      if (fact) return { kind: 'fact', name: full, type: fact.type, at }
      if (Object.hasOwn(TYPE_VALUES, full)) return { kind: 'constant', value: TYPE_VALUES[full], type: TYPE, at }
    }
    return null
  }

  #candidates(name: string): string[] {
    if (name.startsWith('.')) return [name.slice(1)]
    const parts = (this.#declared.container ?? '').split('.').filter((part) => part !== '')
    return [...parts.map((_, i) => [...parts.slice(0, parts.length - i), name].join('.')), name]
  }

  #similar(name: string): string {
    const start = name.split('.')[0]!
    const near = Object.keys(this.#declared.facts).filter((one) => one.startsWith(`${start}.`))
    return near.length > 0 ? `; known are ${near.slice(0, 12).join(', ')}` : ''
  }

  #select(expr: { operand?: Parsed | undefined; field: string; testOnly: boolean }, at: number, locals: Locals): Node {
    const path = expr.testOnly ? null : pathOf(expr)
    if (path !== null && !locals.has(path.split('.')[0]!)) {
      const known = this.#resolve(path, at)
      if (known) return known
      if (this.#isPrefix(path)) throw new Refused(at, `there is no fact "${path}"${this.#similar(path)}`)
    }
    const of = this.node(expr.operand, locals)
    return { kind: 'field', of, field: expr.field, present: expr.testOnly, type: this.#fieldType(of, expr, at), at }
  }

  /** Whether a path can only be a fact: its first name is one of a group of facts and nothing by itself. */
  #isPrefix(path: string): boolean {
    const parts = path.split('.')
    const isFact = parts.some((_, i) => Object.hasOwn(this.#declared.facts, parts.slice(0, i + 1).join('.')))
    return !isFact && Object.keys(this.#declared.facts).some((one) => one.startsWith(`${parts[0]}.`))
  }

  #fieldType(of: Node, { field, testOnly }: { field: string; testOnly: boolean }, at: number): CelType {
    if (of.type.kind === 'object') {
      const type = Object.hasOwn(of.type.fields, field) ? of.type.fields[field] : undefined
      if (!type)
        throw new Refused(
          at,
          `${typeName(of.type)} has no "${field}"; it has ${Object.keys(of.type.fields).join(', ')}`,
        )
      return testOnly ? BOOL : type
    }
    if (of.type.kind === 'map') return testOnly ? BOOL : of.type.value
    if (of.type.kind === 'dyn' || this.#declared.lenient) return testOnly ? BOOL : DYN
    throw new Refused(at, `${typeName(of.type)} has no fields`)
  }

  #call(expr: { function: string; target?: Parsed | undefined; args: Parsed[] }, at: number, locals: Locals): Node {
    const name = expr.function
    const operands = [...(expr.target ? [expr.target] : []), ...expr.args]
    const given = () => operands.map((one) => this.node(one, locals))
    if (name === '_&&_' || name === '_||_') {
      const [left, right] = given().map((one) => this.#bool(one, name))
      return { kind: name === '_&&_' ? 'and' : 'or', left: left!, right: right!, type: BOOL, at }
    }
    if (name === 'surely' && operands.length === 1 && !expr.target)
      return { kind: 'surely', of: this.#bool(given()[0]!, name), type: BOOL, at }
    if (name === '!_' || name === '@not_strictly_false') {
      const of = this.#bool(given()[0]!, name)
      return { kind: name === '!_' ? 'not' : 'not-strictly-false', of, type: BOOL, at }
    }
    if (name === '_?_:_') return this.#choice(given(), at)
    return this.#function(name, given(), expr.target !== undefined, at)
  }

  #bool(node: Node, name: string): Node {
    if (node.type.kind === 'bool' || node.type.kind === 'dyn' || this.#declared.lenient) return node
    throw new Refused(node.at, `"${operator(name)}" needs a bool, not ${typeName(node.type)}`)
  }

  #choice([test, yes, no]: readonly Node[], at: number): Node {
    this.#bool(test!, '?:')
    const type = common(yes!.type, no!.type)
    if (type.kind === 'dyn' && yes!.type.kind !== 'dyn' && no!.type.kind !== 'dyn' && !this.#declared.lenient)
      throw new Refused(at, `the two results differ: ${typeName(yes!.type)} and ${typeName(no!.type)}`)
    return { kind: 'choice', test: test!, yes: yes!, no: no!, type, at }
  }

  #function(name: string, args: readonly Node[], method: boolean, at: number): Node {
    const target = this.#target(name) ?? (this.#declared.lenient ? MISSING : undefined)
    if (target === MISSING) return { kind: 'call', name, args, target, type: DYN, at }
    if (!target || (method && target.method === undefined) || (!method && target.method === true))
      throw new Refused(at, `there is no function "${name}"${target ? ' called this way' : ''}`)
    this.#patternOf(name, args)
    const types = args.map((one) => one.type)
    for (const { params, result } of target.overloads) {
      const bound = new Map<string, CelType>()
      if (params.length === types.length && params.every((one, i) => fits(one, types[i]!, bound)))
        return { kind: 'call', name, args, target, type: filled(result, bound), at }
    }
    if (this.#declared.lenient && target.overloads.some(({ params }) => params.length === args.length))
      return { kind: 'call', name, args, target, type: DYN, at }
    const forms = [...new Set(target.overloads.map(({ params }) => `(${params.map(typeName).join(', ')})`))]
    throw new Refused(
      at,
      `"${operator(name)}" does not take (${types.map(typeName).join(', ')}); it takes ${forms.slice(0, 6).join(' or ')}`,
    )
  }

  #target(name: string): CelFunction | undefined {
    const { functions } = this.#declared
    if (functions && Object.hasOwn(functions, name)) return functions[name]
    return Object.hasOwn(STANDARD, name) ? STANDARD[name] : undefined
  }

  /** A rule's patterns are written out in it, so that a bad one is refused before anything runs. */
  #patternOf(name: string, args: readonly Node[]): void {
    const source = name === 'matches' ? args[1] : undefined
    if (source === undefined) return
    if (source.kind !== 'constant' || typeof source.value !== 'string') {
      if (this.#declared.lenient) return
      throw new Refused(source.at, 'the pattern of "matches" must be written out as a string')
    }
    const regex = pattern(source.value)
    if (regex instanceof Stop && !this.#declared.lenient) throw new Refused(source.at, regex.message)
  }

  #map(expr: { messageName: string; entries: readonly MapEntry[] }, at: number, locals: Locals): Node {
    if (expr.messageName !== '') throw new Refused(at, `"${expr.messageName}" is not part of the rule language`)
    const entries = expr.entries.map(({ keyKind, value, optionalEntry }) => {
      if (keyKind.case !== 'mapKey' || optionalEntry) throw new Refused(at, 'only plain map entries are supported')
      return [this.node(keyKind.value, locals), this.node(value, locals)] as const
    })
    const type = mapOf(together(entries.map(([key]) => key)), together(entries.map(([, value]) => value)))
    return { kind: 'map', entries, type, at }
  }

  #loop(expr: Comprehension, at: number, locals: Locals): Node {
    if (expr.iterVar2 !== '') throw new Refused(at, 'macros with two variables are not supported')
    const over = this.node(expr.iterRange, locals)
    const itemType = this.#itemType(over, at)
    const start = this.node(expr.accuInit, locals)
    const item = { slot: this.#slots++, type: itemType }
    const total = this.#slots++
    const inside = (type: CelType): Locals =>
      new Map([...locals, [expr.iterVar, item], [expr.accuVar, { slot: total, type }]])
    const first = this.node(expr.loopStep, inside(start.type))
    const within = inside(first.type)
    const loop: Loop = {
      kind: 'loop',
      over,
      item: item.slot,
      total,
      start,
      goesOn: this.node(expr.loopCondition, within),
      step: this.node(expr.loopStep, within),
      result: this.node(expr.result, within),
    }
    return { ...loop, type: loop.result.type, at }
  }

  #itemType(over: Node, at: number): CelType {
    if (over.type.kind === 'list') return over.type.of
    if (over.type.kind === 'map') return over.type.key
    if (over.type.kind === 'dyn' || this.#declared.lenient) return DYN
    throw new Refused(at, `cannot go through a ${typeName(over.type)}; it must be a list or a map`)
  }
}
