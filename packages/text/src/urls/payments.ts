import { hash } from 'node:crypto'

/** Kinds of payment identifier; the part after the colon names the network or service. */
export type PaymentKind =
  | 'wallet:bitcoin'
  | 'wallet:ethereum'
  | 'wallet:monero'
  | 'wallet:tron'
  | 'wallet:litecoin'
  | 'bank:iban'
  | 'handle:cashapp'
  | 'handle:paypal'
  | 'handle:venmo'
  | 'handle:upi'

/**
 * A wallet or payment handle in a text, in one spelling. `raw` is a personal identifier: hash it with the operator's key at the edge
 * and store the hash only.
 */
export interface PaymentRef {
  readonly kind: PaymentKind
  readonly raw: string
  readonly start: number
  readonly end: number
}

interface Form {
  readonly kind: PaymentKind
  readonly pattern: RegExp
  /** The one spelling, or null when a checksum fails. */
  readonly read: (found: string) => string | null
}

const lower = (text: string): string => text.toLowerCase()
const FORMS: readonly Form[] = [
  {
    kind: 'wallet:bitcoin',
    pattern: /\bbc1[02-9ac-hj-np-z]{11,71}\b/gi,
    read: (text) => (bech32(lower(text)) ? lower(text) : null),
  },
  {
    kind: 'wallet:litecoin',
    pattern: /\bltc1[02-9ac-hj-np-z]{11,71}\b/gi,
    read: (text) => (bech32(lower(text)) ? lower(text) : null),
  },
  {
    kind: 'wallet:bitcoin',
    pattern: /\b[13][1-9A-HJ-NP-Za-km-z]{25,34}\b/g,
    read: (text) => (base58check(text) ? text : null),
  },
  { kind: 'wallet:tron', pattern: /\bT[1-9A-HJ-NP-Za-km-z]{33}\b/g, read: (text) => (base58check(text) ? text : null) },
  { kind: 'wallet:ethereum', pattern: /\b0x[0-9a-f]{40}\b/gi, read: lower },
  { kind: 'wallet:monero', pattern: /\b[48][1-9A-HJ-NP-Za-km-z]{94}\b/g, read: (text) => text },
  { kind: 'bank:iban', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g, read: iban },
  { kind: 'handle:cashapp', pattern: /\bcash\.(?:app|me)\/\$?([a-z][\w-]{0,19})/gi, read: lower },
  { kind: 'handle:cashapp', pattern: /(?<![\w$])\$([a-z][a-z0-9_-]{2,19})\b/gi, read: lower },
  { kind: 'handle:paypal', pattern: /\bpaypal\.(?:me|com\/paypalme)\/([\w-]{1,20})/gi, read: lower },
  { kind: 'handle:venmo', pattern: /\bvenmo\.com\/(?:u\/)?([\w-]{5,30})/gi, read: lower },
  {
    kind: 'handle:upi',
    pattern: /\b([\w.-]{2,64}@(?:upi|ybl|ibl|axl|paytm|ok(?:axis|hdfcbank|icici|sbi)|apl|yapl))\b/gi,
    read: lower,
  },
]

/** Wallets and payment handles in a text, checksums checked where the form has one (BIP 173, base58check, ISO 13616). Linear. */
export function findPayments(text: string): PaymentRef[] {
  const found: PaymentRef[] = []
  for (const { kind, pattern, read } of FORMS)
    for (const match of text.matchAll(pattern)) {
      const raw = read(match[1] ?? match[0])
      if (raw !== null) found.push({ kind, raw, start: match.index, end: match.index + match[0].length })
    }
  return found.sort((a, b) => a.start - b.start)
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** BIP 173 and BIP 350. */
function bech32(text: string): boolean {
  const one = text.lastIndexOf('1')
  const prefix = [...text.slice(0, one)].map((char) => char.charCodeAt(0))
  const data = [...text.slice(one + 1)].map((char) => BECH32.indexOf(char))
  const check = polymod([...prefix.map((c) => c >> 5), 0, ...prefix.map((c) => c & 31), ...data])
  return check === 1 || check === 0x2bc830a3
}

function polymod(values: readonly number[]): number {
  let check = 1
  for (const value of values) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    for (const [i, generator] of GENERATOR.entries()) if ((top >> i) & 1) check ^= generator
  }
  return check >>> 0
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function base58check(text: string): boolean {
  let number = 0n
  for (const char of text) number = number * 58n + BigInt(BASE58.indexOf(char))
  const bytes = Buffer.from(number.toString(16).padStart(50, '0'), 'hex')
  if (bytes.length !== 25) return false
  const once = hash('sha256', bytes.subarray(0, 21), 'buffer')
  return hash('sha256', once, 'buffer').subarray(0, 4).equals(bytes.subarray(21))
}

/** ISO 13616: the rearranged number leaves 1 when divided by 97. */
function iban(text: string): string | null {
  const plain = text.replaceAll(' ', '')
  if (plain.length < 15 || plain.length > 34) return null
  const digits = (plain.slice(4) + plain.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  let rest = 0
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1 ? plain : null
}
