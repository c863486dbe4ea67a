import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The keys of one data directory, each for one purpose, all from one 32-byte file that never leaves it. */
export interface Secrets {
  /** Keys identifiers at the edge. */
  readonly identifiers: Uint8Array
  readonly pseudonyms: Uint8Array
  /** Makes appeal links. */
  readonly appeals: Uint8Array
  /** Keys reporters, request keys and receipts. */
  readonly reports: Uint8Array
  /** Seals bank entries, media addresses and hashes, and the credentials of exchanges and detectors. */
  readonly banks: Uint8Array
  /** Seals the lexicon. */
  readonly lexicon: Uint8Array
  /** A short public name of this directory, for its cookie. */
  readonly name: string
  seal(text: string): string
  unseal(sealed: string): string
}

/** Reads the directory's key file, or makes it (mode 0600) on the first start. */
export function openSecrets(dir: string): Secrets {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const file = join(dir, 'edge.key')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' })
  return secretsFrom(readFileSync(file))
}

export function secretsFrom(key: Uint8Array): Secrets {
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', key, '', `firebreak/${purpose}`, 32))
  const sealing = derive('seal')
  return {
    identifiers: derive('identifiers'),
    pseudonyms: derive('pseudonyms'),
    appeals: derive('appeals'),
    reports: derive('reports'),
    lexicon: derive('lexicon'),
    banks: derive('banks'),
    name: Buffer.from(derive('name')).toString('hex').slice(0, 8),
    seal: (text) => seal(sealing, text),
    unseal: (sealed) => unseal(sealing, sealed),
  }
}

function seal(key: Uint8Array, text: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
}

function unseal(key: Uint8Array, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}
