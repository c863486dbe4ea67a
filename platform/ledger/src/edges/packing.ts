/**
 * Neighbours as bytes, 16 each: other node (uint32), relation × 2 + direction (uint16), weight (float32), last time in ms (uint48).
 * A later entry for the same node, relation and direction replaces an earlier one; weight 0 means withdrawn.
 */
export interface Entry {
  readonly other: number
  readonly relation: number
  readonly inward: boolean
  readonly weight: number
  readonly at: number
}

export const ENTRY_BYTES = 16
/** 120 entries fit one database page's quarter, uncompressed and not moved out of line. */
export const CHUNK_BYTES = 120 * ENTRY_BYTES

export function packEntries(entries: readonly Entry[]): Buffer {
  const bytes = Buffer.allocUnsafe(entries.length * ENTRY_BYTES)
  let at = 0
  for (const entry of entries) {
    bytes.writeUInt32BE(entry.other, at)
    bytes.writeUInt16BE(entry.relation * 2 + (entry.inward ? 1 : 0), at + 4)
    bytes.writeFloatBE(entry.weight, at + 6)
    bytes.writeUIntBE(Math.max(0, entry.at), at + 10, 6)
    at += ENTRY_BYTES
  }
  return bytes
}

/** Folds a node's chunks, oldest first, into its current entries. */
export function foldChunks(chunks: readonly Buffer[]): Entry[] {
  const current = new Map<number, Entry>()
  for (const bytes of chunks) {
    for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
      const other = bytes.readUInt32BE(at)
      const code = bytes.readUInt16BE(at + 4)
      const weight = bytes.readFloatBE(at + 6)
      const key = other * 65_536 + code
      if (weight === 0) current.delete(key)
      else
        current.set(key, {
          other,
          relation: code >> 1,
          inward: (code & 1) === 1,
          weight,
          at: bytes.readUIntBE(at + 10, 6),
        })
    }
  }
  return [...current.values()]
}
