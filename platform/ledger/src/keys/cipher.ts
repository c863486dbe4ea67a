import { createCipheriv, createDecipheriv, hash, type KeyObject } from 'node:crypto'

const IV = 12
const TAG = 16

/** AES-256-GCM; a KeyObject costs a quarter of raw key bytes. The result is iv (12) ‖ tag (16) ‖ ciphertext. The iv must be fresh for each message under one key. */
export function seal(key: KeyObject | Uint8Array, iv: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const body = cipher.update(plain)
  cipher.final()
  const sealed = Buffer.allocUnsafe(IV + TAG + body.length)
  sealed.set(iv, 0)
  sealed.set(cipher.getAuthTag(), IV)
  sealed.set(body, IV + TAG)
  return sealed
}

/** Throws when the key is wrong or a byte was changed. */
export function unseal(key: KeyObject | Uint8Array, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV))
  decipher.setAuthTag(sealed.subarray(IV, IV + TAG))
  return Buffer.concat([decipher.update(sealed.subarray(IV + TAG)), decipher.final()])
}

/** A key for one purpose from the master key, so that no key is used for two things. */
export function derive(master: Uint8Array, purpose: string): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`firebreak/${purpose}/1\0`), master]), 'buffer')
}

/** 128 bits of a keyed hash: stable, and without the key not to be guessed from likely inputs. */
export function keyedHash(key: Uint8Array, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(key.length + Buffer.byteLength(text))
  bytes.set(key, 0)
  bytes.write(text, key.length)
  return hash('sha256', bytes, 'buffer').subarray(0, 16)
}
