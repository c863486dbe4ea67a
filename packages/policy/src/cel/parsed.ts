import type { parse } from '@bufbuild/cel'
import type { Node } from './tree.ts'
import { BOOL, BYTES, type CelType, common, DOUBLE, DYN, INT, NULL, STRING, UINT } from './types.ts'
import { Uint } from './values.ts'

/** An expression as the parser gives it. */
export type Parsed = ReturnType<typeof parse>['expr']

export interface MapEntry {
  readonly keyKind: { case: 'mapKey'; value: Parsed } | { case: 'fieldKey'; value: string } | { case: undefined }
  readonly value?: Parsed | undefined
  readonly optionalEntry: boolean
}

export interface Comprehension {
  readonly iterVar: string
  readonly iterVar2: string
  readonly iterRange?: Parsed | undefined
  readonly accuVar: string
  readonly accuInit?: Parsed | undefined
  readonly loopCondition?: Parsed | undefined
  readonly loopStep?: Parsed | undefined
  readonly result?: Parsed | undefined
}

type ConstantKind = Extract<NonNullable<Parsed['exprKind']>, { case: 'constExpr' }>['value']['constantKind']

/** A constant as a checked node; null for one that rules do not have, or that is too large. */
export function constant(kind: ConstantKind, at: number): Node | null {
  const value = (type: CelType, value: unknown): Node => ({ kind: 'constant', value, type, at })
  switch (kind.case) {
    case 'boolValue':
      return value(BOOL, kind.value)
    case 'int64Value':
      if (kind.value > 2n ** 63n - 1n || kind.value < -(2n ** 63n)) return null
      return value(INT, kind.value)
    case 'uint64Value':
      if (kind.value > 2n ** 64n - 1n) return null
      return value(UINT, new Uint(kind.value))
    case 'doubleValue':
      return value(DOUBLE, kind.value)
    case 'stringValue':
      return value(STRING, kind.value)
    case 'bytesValue':
      return value(BYTES, kind.value)
    case 'nullValue':
      return value(NULL, null)
    default:
      return null
  }
}

/** The type of a list's items. */
export function together(nodes: readonly Node[]): CelType {
  const [first, ...rest] = nodes.map((one) => one.type)
  return rest.reduce(common, first ?? DYN)
}

/** `a.b.c` as it is written; null where something else than names is selected from. */
export function pathOf(expr: { operand?: Parsed | undefined; field: string }): string | null {
  const kind = expr.operand?.exprKind
  if (kind?.case === 'identExpr') return `${kind.value.name}.${expr.field}`
  if (kind?.case !== 'selectExpr' || kind.value.testOnly) return null
  const before = pathOf(kind.value as { operand?: Parsed | undefined; field: string })
  return before === null ? null : `${before}.${expr.field}`
}

/** An operator as people write it. */
export const operator = (name: string): string => name.replaceAll(/[_@]/g, '') || name
