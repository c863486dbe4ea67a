import { hash } from 'node:crypto'

/** 256 random bits as text, with a prefix that secret scanners can find. */
export function newToken(prefix: string, randomBytes: (size: number) => Uint8Array): string {
  return `${prefix}_${Buffer.from(randomBytes(32)).toString('base64url')}`
}

/** Plain SHA-256 is enough for a token of full entropy; passwords need argon2id instead. */
export function tokenHash(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
