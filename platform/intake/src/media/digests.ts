import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** Exact digests that banks of known media hold. */
export const DIGESTS = ['md5', 'sha1', 'sha256'] as const
/** One of `DIGESTS`. */
export type DigestType = (typeof DIGESTS)[number]

/** Exact digests of bytes, in lower-case hexadecimal. MD5 and SHA-1 only because banks of known media still hold them. */
export function digestBytes(bytes: Uint8Array, types: readonly DigestType[]): Record<DigestType, string> {
  return Object.fromEntries(types.map((type) => [type, createHash(type).update(bytes).digest('hex')])) as Record<
    DigestType,
    string
  >
}

/** The same of a file of any size, in one reading. Rejects with the error of the file system. */
export async function digestFile(path: string, types: readonly DigestType[]): Promise<Record<DigestType, string>> {
  const hashes = types.map((type) => [type, createHash(type)] as const)
  for await (const part of createReadStream(path, { highWaterMark: 1_048_576 })) {
    for (const [, hash] of hashes) hash.update(part as Uint8Array)
  }
  return Object.fromEntries(hashes.map(([type, hash]) => [type, hash.digest('hex')])) as Record<DigestType, string>
}
