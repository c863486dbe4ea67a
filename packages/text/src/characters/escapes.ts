import { decodeHTML } from 'entities'

/** A character written as an escape: its code point, how many UTF-16 units it took, and which notation. */
export interface Escape {
  readonly cp: number
  readonly length: number
  readonly notation: 'entity' | 'percent'
}

const ENTITY = /&(?:#[xX]0{0,20}[0-9a-fA-F]{1,6}|#0{0,20}[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?/y
const PERCENT = /%(?:25)*[0-9a-fA-F]{2}/y
const PERCENT_UNIT = /%(?:25)*u[0-9a-fA-F]{4}/y
/** Of JavaScript, of style sheets (with leading zeros) and octal ones. */
const BACKSLASH = /\\(?:u\{0{0,20}[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|0[0-9a-fA-F]{3,5} ?|[01][0-7]{2})/y
const DOUBLE = /&amp;(?=(?:amp;)*#?[A-Za-z0-9]{2,8};)/y

/** The escape that begins at `at`, or undefined where the sign stands for itself. Escaped escapes are undone too. */
export function escapeAt(text: string, at: number): Escape | undefined {
  const sign = text.charCodeAt(at)
  if (sign === 0x26) return entityAt(text, at)
  return sign === 0x25 ? percentAt(text, at) : backslashAt(text, at)
}

function entityAt(text: string, at: number): Escape | undefined {
  DOUBLE.lastIndex = at
  if (DOUBLE.test(text)) {
    const inner = entityAt(`&${text.slice(at + 5, at + 60)}`, 0)
    if (inner) return { ...inner, length: inner.length + 4 }
  }
  ENTITY.lastIndex = at
  const found = ENTITY.exec(text)?.[0]
  if (found === undefined || (!found.endsWith(';') && found[1] !== '#')) return undefined
  const decoded = decodeHTML(found)
  const cp = decoded.codePointAt(0)!
  if (decoded === found || String.fromCodePoint(cp) !== decoded) return undefined
  return { cp, length: found.length, notation: 'entity' }
}

function byteAt(text: string, at: number): { byte: number; length: number } | undefined {
  PERCENT.lastIndex = at
  const found = PERCENT.exec(text)?.[0]
  return found === undefined ? undefined : { byte: Number.parseInt(found.slice(-2), 16), length: found.length }
}

/** UTF-8 in percent notation; broken sequences stand for themselves. */
function percentAt(text: string, at: number): Escape | undefined {
  const first = byteAt(text, at)
  if (!first) return percentUnitAt(text, at)
  const more = first.byte < 0x80 ? 0 : first.byte >= 0xf0 ? 3 : first.byte >= 0xe0 ? 2 : first.byte >= 0xc0 ? 1 : -1
  if (more < 0) return undefined
  let { length } = first
  let cp = more === 0 ? first.byte : first.byte & (0x3f >> more)
  for (let i = 0; i < more; i++) {
    const next = byteAt(text, at + length)
    if (!next || (next.byte & 0xc0) !== 0x80) return undefined
    cp = (cp << 6) | (next.byte & 0x3f)
    length += next.length
  }
  return cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff) ? undefined : { cp, length, notation: 'percent' }
}

/** The "%u0061" of old scripts. */
function percentUnitAt(text: string, at: number): Escape | undefined {
  PERCENT_UNIT.lastIndex = at
  const found = PERCENT_UNIT.exec(text)?.[0]
  if (found === undefined) return undefined
  const cp = Number.parseInt(found.slice(-4), 16)
  return cp >= 0xd800 && cp <= 0xdfff ? undefined : { cp, length: found.length, notation: 'percent' }
}

function backslashAt(text: string, at: number): Escape | undefined {
  BACKSLASH.lastIndex = at
  const found = BACKSLASH.exec(text)?.[0]
  if (found === undefined) return undefined
  const isOctal = /^\\[01][0-7]{2}$/.test(found)
  const cp = Number.parseInt(found.replace(/[^0-9a-fA-F]/g, ''), isOctal ? 8 : 16)
  return cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff) ? undefined : { cp, length: found.length, notation: 'entity' }
}
