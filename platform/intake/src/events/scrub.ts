type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Names under which platforms send raw identifiers by mistake. */
const RAW_KEY =
  /^(?:e?-?mail(?:_?address)?|phone(?:_?number)?|msisdn|tel|ip(?:_?v?[46])?(?:_?addr(?:ess)?)?|device_?id|imei|idfa|gaid|card(?:_?number)?|iban|payment(?:_?id)?)$/i
/** Keys whose values are names of accounts, where user@server is a handle and not an e-mail address. */
const NAME_KEY = /^(?:handle|acct|backups|author|name)$/
const EMAIL = /[^\s@<>"',;:()]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+/giu
const PHONE = /\+\d[\d\s().-]{7,20}\d/gu
const DEEPEST = 16

/** The path of the first key that names a raw identifier, or null. */
export function carriesRawIdentifier(data: Json, depth = 0): string | null {
  if (typeof data !== 'object' || data === null || depth > DEEPEST) return null
  for (const [key, value] of Object.entries(data)) {
    if (!Array.isArray(data) && RAW_KEY.test(key)) return key
    const below = carriesRawIdentifier(value, depth + 1)
    if (below) return `${key}.${below}`
  }
  return null
}

/** The same data with e-mail addresses and phone numbers taken out of its texts. */
export function withoutRawIdentifiers<T extends Json>(data: T): T {
  return scrub(data, '', 0) as T
}

function scrub(value: Json, key: string, depth: number): Json {
  if (typeof value === 'string')
    return NAME_KEY.test(key) ? value : value.replace(EMAIL, '[removed]').replace(PHONE, '[removed]')
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return null
  if (Array.isArray(value)) return value.map((item) => scrub(item, key, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, scrub(item, name, depth + 1)]))
}
