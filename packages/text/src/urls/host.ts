import { domainToASCII } from 'node:url'
import { ipv4Of, ipv6Of } from './address.ts'
import { escapeOnce, fromBytes, unescapeAll } from './escapes.ts'

/** The canonical host of `user:password@host:port`, escapes and all; empty when nothing is left. */
export function canonicalHost(authority: string): string {
  const named = withoutPort(authority.slice(authority.lastIndexOf('@') + 1))
  if (named.startsWith('[')) return ipv6Of(named) ?? named.toLowerCase()
  const ascii = named.includes('%') ? inAscii(named) : named
  const dotted = withoutSpareDots(ascii)
  return ipv4Of(dotted) ?? lower(dotted)
}

function withoutPort(host: string): string {
  const colon = host.lastIndexOf(':')
  return colon >= 0 && /^\d*$/.test(host.slice(colon + 1)) ? host.slice(0, colon) : host
}

/** Names beyond ASCII as Punycode (UTS #46); what no name can hold stays escaped. 0x80 alone is a byte, not a character. */
function inAscii(escaped: string): string {
  const bytes = unescapeAll(escaped)
  if (!/[\x81-\xff]/.test(bytes)) return escaped
  const text = fromBytes(bytes)
  return (text && domainToASCII(text)) || escaped
}

function withoutSpareDots(host: string): string {
  const first = host.charCodeAt(0)
  const last = host.charCodeAt(host.length - 1)
  if (first !== 46 && last !== 46 && !host.includes('..')) return host
  return host.replace(/\.{2,}/g, '.').replace(/^\.|\.$/g, '')
}

/** Lower case for letters only: escapes keep their upper-case digits. */
function lower(host: string): string {
  return host.includes('%')
    ? escapeOnce(unescapeAll(host).replace(/[A-Z]+/g, (run) => run.toLowerCase()))
    : host.toLowerCase()
}
