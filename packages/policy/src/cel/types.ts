/** A CEL type of the supported subset (README: which parts of CEL are left out). Objects are declared facts, never protobuf messages. */
export type CelType =
  | { readonly kind: 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'null' | 'dyn' | 'type' }
  | { readonly kind: 'list'; readonly of: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'object'; readonly name: string; readonly fields: Readonly<Record<string, CelType>> }
  | { readonly kind: 'param'; readonly name: string }

/** The plain types. `DYN` is checked at run time; `NULL` has one value. */
export const BOOL: CelType = { kind: 'bool' }
export const INT: CelType = { kind: 'int' }
export const UINT: CelType = { kind: 'uint' }
export const DOUBLE: CelType = { kind: 'double' }
export const STRING: CelType = { kind: 'string' }
export const BYTES: CelType = { kind: 'bytes' }
export const NULL: CelType = { kind: 'null' }
export const DYN: CelType = { kind: 'dyn' }
export const TYPE: CelType = { kind: 'type' }
/** A list of one type. */
export const listOf = (of: CelType): CelType => ({ kind: 'list', of })
/** A map from keys of one type to values of one type. */
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: 'map', key, value })
/** A declared object; fields that are null or absent at run time are not known. */
export const objectOf = (name: string, fields: Readonly<Record<string, CelType>>): CelType => ({
  kind: 'object',
  name,
  fields,
})
/** A type parameter of a function's form. */
export const param = (name: string): CelType => ({ kind: 'param', name })

/** A type as people read it. */
export function typeName(type: CelType): string {
  if (type.kind === 'list') return `list(${typeName(type.of)})`
  if (type.kind === 'map') return `map(${typeName(type.key)}, ${typeName(type.value)})`
  if (type.kind === 'object' || type.kind === 'param') return type.name
  return type.kind
}

/** Whether a value of `given` may stand where `wanted` is; binds type parameters. `dyn` fits everything and is checked at run time. */
export function fits(wanted: CelType, given: CelType, bound: Map<string, CelType>): boolean {
  if (wanted.kind === 'param') return fitsParam(wanted.name, given, bound)
  if (wanted.kind === 'dyn' || given.kind === 'dyn') return true
  if (wanted.kind === 'list' && given.kind === 'list') return fits(wanted.of, given.of, bound)
  if (wanted.kind === 'map' && given.kind === 'map')
    return fits(wanted.key, given.key, bound) && fits(wanted.value, given.value, bound)
  if (wanted.kind === 'object' && given.kind === 'object') return wanted.name === given.name
  return wanted.kind === given.kind
}

function fitsParam(name: string, given: CelType, bound: Map<string, CelType>): boolean {
  const known = bound.get(name)
  if (known === undefined || known.kind === 'dyn') {
    bound.set(name, given)
    return true
  }
  if (!fits(known, given, bound)) return false
  bound.set(name, moreGeneral(known, given))
  return true
}

/** A type with its parameters filled in; an unbound one is `dyn`. */
export function filled(type: CelType, bound: ReadonlyMap<string, CelType>): CelType {
  if (type.kind === 'param') return bound.get(type.name) ?? DYN
  if (type.kind === 'list') return listOf(filled(type.of, bound))
  if (type.kind === 'map') return mapOf(filled(type.key, bound), filled(type.value, bound))
  return type
}

/** The type of something that is one or the other: the same, or `dyn` where they differ. */
export function common(a: CelType, b: CelType): CelType {
  if (typeName(a) === typeName(b)) return a
  if (a.kind === 'list' && b.kind === 'list') return listOf(common(a.of, b.of))
  if (a.kind === 'map' && b.kind === 'map') return mapOf(common(a.key, b.key), common(a.value, b.value))
  return DYN
}

function moreGeneral(a: CelType, b: CelType): CelType {
  return fits(a, b, new Map()) && hasDyn(b) ? b : a
}

function hasDyn(type: CelType): boolean {
  if (type.kind === 'list') return hasDyn(type.of)
  if (type.kind === 'map') return hasDyn(type.key) || hasDyn(type.value)
  return type.kind === 'dyn'
}
