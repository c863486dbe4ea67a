import { isIPv4, isIPv6 } from 'node:net'

/**
 * Which network a request came from: the first 24 bits of an IPv4 address, 48 of an IPv6 address, so that one household, school or
 * attacker counts as one. `forwarded` (X-Forwarded-For) counts only when the peer is this machine, that is a proxy beside us, and of it
 * only the last address, which that proxy wrote itself.
 */
export function senderNetwork(peer: string, forwarded: string | readonly string[] | undefined): string {
  const last = [forwarded ?? []].flat().join(',').split(',').at(-1)!.trim()
  return networkOf(isLoopback(peer) && (isIPv4(last) || isIPv6(last)) ? last : peer)
}

function networkOf(address: string): string {
  const plain = plainV4(address)
  if (isIPv4(plain)) return plain.split('.').slice(0, 3).join('.')
  if (!isIPv6(plain)) return ''
  const [head = '', tail] = plain.replace(/%.*$/, '').toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right]
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

function isLoopback(address: string): boolean {
  return address === '::1' || plainV4(address).startsWith('127.')
}

function plainV4(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

/** Networks told apart within a minute; further ones share one count, so that no flood of addresses fills the memory. */
const TOLD_APART = 50_000

/** Counts requests per network and minute; keeps no address longer than that. */
export class PerNetwork {
  readonly #most: number
  readonly #taken = new Map<string, number>()
  #minute = -1

  constructor(mostPerMinute: number) {
    this.#most = mostPerMinute
  }

  /** Whether one more of this network may pass now. */
  take(network: string, now: number): boolean {
    const minute = Math.floor(now / 60_000)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#taken.clear()
    }
    const key = this.#taken.size < TOLD_APART || this.#taken.has(network) ? network : ''
    const taken = (this.#taken.get(key) ?? 0) + 1
    this.#taken.set(key, taken)
    return taken <= this.#most
  }
}
