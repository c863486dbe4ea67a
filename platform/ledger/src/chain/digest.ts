import { createHash, hash } from 'node:crypto'

/** What a chain entry stands for. Append only. */
export const CHAIN_KINDS = { event: 1, label: 2, document: 3, audit: 4, removal: 5 } as const
export type ChainKind = keyof typeof CHAIN_KINDS

export const GENESIS = Buffer.alloc(32)

/** SHA-256 over a row's salt and canonical form: without the salt, which erasure destroys, a digest tells nothing about its row. */
export function digestOf(salt: Uint8Array, fields: readonly unknown[]): Buffer {
  const text = JSON.stringify(fields)
  const bytes = Buffer.allocUnsafe(salt.length + Buffer.byteLength(text))
  bytes.set(salt, 0)
  bytes.write(text, salt.length)
  return hash('sha256', bytes, 'buffer')
}

/** The next link: SHA-256(hash before ‖ position as 8 bytes ‖ kind ‖ digest). */
export function linkOf(before: Uint8Array, seq: number, kind: number, digest: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(73)
  bytes.set(before, 0)
  bytes.writeBigUInt64BE(BigInt(seq), 32)
  bytes.writeUInt8(kind, 40)
  bytes.set(digest, 41)
  return hash('sha256', bytes, 'buffer')
}

/** The kind of an entry that stands for a run of rows. */
export const RUN = 0
/** A row in a run: its kind (1 byte) and its digest. */
export const ENTRY_BYTES = 33

/** What links a run of rows into the chain: SHA-256(first position as 8 bytes ‖ kind and digest of each row). */
export function blockDigest(first: number, digests: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(8 + digests.length)
  bytes.writeBigUInt64BE(BigInt(first))
  bytes.set(digests, 8)
  return hash('sha256', bytes, 'buffer')
}

/** SHA-256 over positions in ascending order, fed one by one. */
export class PositionsDigest {
  readonly #hash = createHash('sha256')
  count = 0

  add(seq: number): void {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeBigUInt64BE(BigInt(seq))
    this.#hash.update(bytes)
    this.count++
  }

  digest(): Buffer {
    return this.#hash.digest()
  }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
