import { Secret, TOTP } from 'otpauth'

const PERIOD = 30

/** A new authenticator secret (160 bits, base32). */
export function newCodeSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** What an authenticator app scans. */
export function codeUri(secret: string, name: string): string {
  return totp(secret, name).toString()
}

/** The time step a code belongs to (one step of drift allowed), or null when it is wrong. A step may be used once only. */
export function codeStep(secret: string, code: string, atMs: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const drift = totp(secret, '').validate({ token: code, timestamp: atMs, window: 1 })
  return drift === null ? null : Math.floor(atMs / 1000 / PERIOD) + drift
}

/** The code of this moment; for set-up and tests. */
export function codeAt(secret: string, atMs: number): string {
  return totp(secret, '').generate({ timestamp: atMs })
}

function totp(secret: string, label: string): TOTP {
  return new TOTP({ issuer: 'Firebreak', label, algorithm: 'SHA1', digits: 6, period: PERIOD, secret })
}
