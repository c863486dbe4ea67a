import { createHmac, timingSafeEqual } from 'node:crypto'

const MAC_BYTES = 18

/** The secret part of an appeal link: names one member of one plan. Nothing is stored for it, and it can be made again for a retry. */
export function appealToken(key: Uint8Array, planId: string, member: number): string {
  return `${planId}.${member}.${mac(key, planId, member).toString('base64url')}`
}

/** What a token names, or null for one that was not made here. Takes the same time for every wrong one. */
export function readAppealToken(key: Uint8Array, token: string): { planId: string; member: number } | null {
  const parts = /^([\w-]{1,64})\.(\d{1,7})\.([\w-]{24})$/.exec(token)
  if (!parts) return null
  const [, planId, member, given] = parts as unknown as [string, string, string, string]
  const right = mac(key, planId, Number(member))
  const bytes = Buffer.from(given, 'base64url')
  if (bytes.length !== right.length || !timingSafeEqual(bytes, right)) return null
  return { planId, member: Number(member) }
}

function mac(key: Uint8Array, planId: string, member: number): Buffer {
  return createHmac('sha256', key).update(`appeal\n${planId}\n${member}`).digest().subarray(0, MAC_BYTES)
}
