import {
  fetchMedia,
  type GuardedClient,
  type HashedMedia,
  type HashingPool,
  type HashType,
  mediaKind,
} from '@firebreak/intake'
import { type Hashed, hashFromHex, type MediaHash, type MediaPort, type StepFailure } from '@firebreak/signals'

const DIGESTS = ['md5', 'sha1', 'sha256'] as const

/** Fetching with the address guard, hashing in child processes. A video's frames are PDQ hashes, each once. */
export function mediaPort(client: GuardedClient, pool: Pick<HashingPool, 'hash'>): MediaPort {
  return {
    async fetch(url, signal) {
      const fetched = await fetchMedia(client, url, { signal })
      return fetched.ok ? { ok: true, bytes: fetched.bytes } : { ok: false, code: fetched.code, retry: fetched.retry }
    },
    async hash(bytes, signal) {
      const family = mediaKind(bytes)?.family
      const picture: HashType[] = family === 'picture' ? ['pdq'] : family === 'video' ? ['vpdq'] : []
      if (picture.length === 0) return { ok: false, code: 'media/unsupported', retry: false }
      return hashedOf(await pool.hash(bytes, [...picture, ...DIGESTS], signal))
    },
  }
}

/** Digests without a picture hash are half a comparison: said with the reason. */
function hashedOf({ hashes, failures }: HashedMedia): Hashed | StepFailure {
  const made = new Map<string, MediaHash>()
  for (const { type, hash: hex, quality } of hashes) {
    const kind = type === 'vpdq' ? 'pdq' : type
    const hash = hashFromHex(kind, hex)
    if (hash !== null) made.set(`${kind} ${hex}`, { kind, hash, ...(quality === null ? {} : { quality }) })
  }
  const [failure] = failures
  if (made.size === 0) return { ok: false, code: failure?.code ?? 'media/undecodable', retry: failure?.retry ?? false }
  const missing = failure === undefined ? {} : { missing: { code: failure.code, retry: failure.retry } }
  return { ok: true, hashes: [...made.values()], ...missing }
}
