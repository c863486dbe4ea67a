import { createHmac } from 'node:crypto'
import { isIP } from 'node:net'
import type { IdentifierKind } from './vocabulary.ts'

/** What is kept of a raw identifier: keyed hashes and the facts that were derived before hashing. */
export interface KeyedIdentifier {
  /** `kind:64 hex digits`; equal for equal identifiers under one key, meaningless without it. */
  readonly id: string
  /** The wider thing it lies in (an address block, an e-mail without its tag), keyed likewise; null when there is none. */
  readonly wider: string | null
  readonly facts: {
    /** Shared by many strangers (carrier NAT, private range): no evidence that two accounts are one person. */
    readonly shared: boolean
    readonly family?: 4 | 6
    readonly tagged?: boolean
  }
}

/**
 * Keys one raw identifier with HMAC-SHA-256. The value is brought to one form first (case, spaces, separators).
 * Null when it is not of its kind; the caller rejects the event. The raw value is in nothing that is returned.
 */
export function keyIdentifier(kind: IdentifierKind, raw: string, key: Uint8Array): KeyedIdentifier | null {
  const form = FORMS[kind](raw.normalize('NFKC').trim())
  if (!form) return null
  return {
    id: `${kind}:${keyed(key, kind, form.value)}`,
    wider: form.wider === null ? null : `${kind}-wider:${keyed(key, `${kind}-wider`, form.wider)}`,
    facts: form.facts,
  }
}

interface Form {
  readonly value: string
  readonly wider: string | null
  readonly facts: KeyedIdentifier['facts']
}

const FORMS: Record<IdentifierKind, (text: string) => Form | null> = {
  email: emailForm,
  phone: (text) => {
    const digits = text.replace(/[\s().-]/g, '').replace(/^00/, '+')
    return /^\+?\d{6,15}$/.test(digits) ? plain(digits) : null
  },
  ip: ipForm,
  device: (text) => (text.length >= 4 ? plain(text.toLowerCase()) : null),
  payment: (text) => (text.length >= 4 ? plain(text.replace(/[\s-]/g, '').toLowerCase()) : null),
}

function plain(value: string): Form {
  return { value, wider: null, facts: { shared: false } }
}

function emailForm(text: string): Form | null {
  const match = /^([^@\s]{1,64})@([^@\s]{3,255})$/.exec(text.toLowerCase())
  if (!match) return null
  const local = match[1]!
  const base = local.replace(/\+.*$/, '')
  const tagged = base !== local && base !== ''
  const value = `${local}@${match[2]}`
  return { value, wider: tagged ? `${base}@${match[2]}` : value, facts: { shared: false, tagged } }
}

function ipForm(text: string): Form | null {
  const family = isIP(text)
  if (family === 4) {
    const parts = text.split('.').map(Number)
    const block = parts.slice(0, 3).join('.')
    return { value: text, wider: block, facts: { shared: isSharedV4(parts), family: 4 } }
  }
  if (family !== 6) return null
  const groups = expandV6(text)
  if (groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff)
    return ipForm([groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.'))
  const first = groups[0]!
  const shared = (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || groups.slice(0, 7).every((g) => g === 0)
  return { value: groups.join(':'), wider: groups.slice(0, 3).join(':'), facts: { shared, family: 6 } }
}

/** Private (RFC 1918), loopback, link-local and carrier NAT (RFC 6598: 100.64.0.0/10) addresses. */
function isSharedV4([a = 0, b = 0]: readonly number[]): boolean {
  return (
    a === 10 ||
    a === 127 ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b < 128)
  )
}

function expandV6(text: string): number[] {
  const bare = text.replace(/%.*$/, '')
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(bare)
  const whole = dotted
    ? bare.replace(dotted[0], [1, 3].map((i) => ((+dotted[i]! << 8) | +dotted[i + 1]!).toString(16)).join(':'))
    : bare
  const [head = '', tail] = whole.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16))
}

function keyed(key: Uint8Array, purpose: string, value: string): string {
  return createHmac('sha256', key).update(`${purpose}\0${value}`).digest('hex')
}
