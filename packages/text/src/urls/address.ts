/** An IPv4 address in any spelling that resolvers take (decimal, octal, hex, one to four parts) as four decimal parts, or null. */
export function ipv4Of(host: string): string | null {
  if (!mayBeIpv4(host)) return null
  if (!/^(?:0x[0-9a-f]+|[0-9.])+$/i.test(host)) return null
  const parts = host.split('.')
  if (parts.length > 4) return null
  const bytes: number[] = []
  for (const [i, part] of parts.entries()) {
    const value = numberOf(part)
    if (value === null) return null
    const width = i === parts.length - 1 ? 5 - parts.length : 1
    for (let byte = width - 1; byte >= 0; byte--) bytes.push(Math.floor(value / 256 ** byte) % 256)
  }
  return bytes.join('.')
}

function mayBeIpv4(host: string): boolean {
  const first = host.charCodeAt(0)
  return first >= 48 && first <= 57
}

function numberOf(part: string): number | null {
  const value = /^0x[0-9a-f]+$/i.test(part)
    ? Number.parseInt(part.slice(2), 16)
    : /^0[0-7]*$/.test(part)
      ? Number.parseInt(part, 8)
      : /^[1-9]\d*$/.test(part)
        ? Number(part)
        : Number.NaN
  return Number.isNaN(value) || value > 0xffff_ffff ? null : value
}

/**
 * A bracketed IPv6 address in the shortest spelling (RFC 5952); mapped (`::ffff:…`) and NAT64 (`64:ff9b::…`) ones as the IPv4
 * address they stand for. Null when it is none.
 */
export function ipv6Of(host: string): string | null {
  if (!host.startsWith('[') || !host.endsWith(']') || !URL.canParse(`http://${host}/`)) return null
  const short = new URL(`http://${host}/`).hostname
  const carried = /^\[(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(short)
  if (!carried) return short
  const [high, low] = [Number.parseInt(carried[1]!, 16), Number.parseInt(carried[2]!, 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
