import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes as systemRandomBytes,
} from 'node:crypto'

/** Encryption at rest and keyed hashes, under keys that never leave it. */
export interface Sealer {
  /** AES-256-GCM: iv (12) ‖ tag (16) ‖ ciphertext. */
  seal(plain: Uint8Array): Buffer
  /** Throws when the key is wrong or a byte was changed. */
  unseal(sealed: Uint8Array): Buffer
  /** HMAC-SHA-256 of a text: equal for equal texts, and without the key not to be guessed from likely ones. */
  keyed(purpose: string, text: string): Buffer
}

const IV = 12
const TAG = 16

/** A sealer over one secret of 32 bytes, with a key of its own for each use. */
export function sealerFrom(secret: Uint8Array, randomBytes: (size: number) => Uint8Array = systemRandomBytes): Sealer {
  const key = createSecretKey(createHmac('sha256', secret).update('firebreak/signals/seal/1').digest())
  const hashKey = createSecretKey(createHmac('sha256', secret).update('firebreak/signals/keyed/1').digest())
  return {
    seal(plain) {
      const iv = randomBytes(IV)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const body = cipher.update(plain)
      cipher.final()
      return Buffer.concat([iv, cipher.getAuthTag(), body])
    },
    unseal(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV))
      decipher.setAuthTag(sealed.subarray(IV, IV + TAG))
      return Buffer.concat([decipher.update(sealed.subarray(IV + TAG)), decipher.final()])
    },
    keyed: (purpose, text) => createHmac('sha256', hashKey).update(`${purpose}\0${text}`).digest(),
  }
}

/** JSON, sealed. */
export function sealJson(sealer: Sealer, value: unknown): Buffer {
  return sealer.seal(Buffer.from(JSON.stringify(value)))
}

/** What `sealJson` sealed. */
export function unsealJson<T>(sealer: Sealer, sealed: Uint8Array): T {
  return JSON.parse(sealer.unseal(sealed).toString('utf8')) as T
}
