/** Kinds of hash that banks hold. Video is matched by its frames, each a `pdq`. */
export const HASH_KINDS = ['pdq', 'md5', 'sha1', 'sha256'] as const
/** One of `HASH_KINDS`. */
export type HashKind = (typeof HASH_KINDS)[number]

/** Bytes of each kind of hash. */
export const HASH_BYTES: Readonly<Record<HashKind, number>> = { pdq: 32, md5: 16, sha1: 20, sha256: 32 }

/** Whether a name is a kind of hash; safe for any outside string. */
export function isHashKind(name: unknown): name is HashKind {
  return (HASH_KINDS as readonly unknown[]).includes(name)
}

/** A hash from its hexadecimal spelling (either case), or null when it is not one of this kind. */
export function hashFromHex(kind: HashKind, hex: string): Uint8Array | null {
  const text = hex.trim()
  if (text.length !== HASH_BYTES[kind] * 2 || !/^[0-9a-fA-F]+$/.test(text)) return null
  return new Uint8Array(Buffer.from(text, 'hex'))
}

/** The lower-case hexadecimal spelling. */
export function hexOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('hex')
}
