import { type FetchFailure, failed, type GuardedAnswer, type GuardedClient } from './guarded-fetch.ts'

/** What a fetched medium may be and cost. */
export interface MediaFetchLimits {
  /** Largest medium taken; 64 MiB unless told. */
  readonly maxBytes?: number
  /** Time for everything; 30 s unless told. */
  readonly timeoutMs?: number
  /** Accepted media types, as `type/` or `type/subtype`; pictures, videos and unnamed bytes unless told. */
  readonly types?: readonly string[]
  readonly signal?: AbortSignal
}

/** A medium's bytes, or why they could not be had. */
export type FetchedMedia =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly type: string; readonly url: string }
  | ({ readonly ok: false } & FetchFailure)

const TYPES = ['image/', 'video/', 'application/octet-stream', 'binary/octet-stream']
const LATER = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * Fetches one medium from an address that a platform or a stranger named. The declared type is only a first sieve (a
 * missing one passes): what the bytes are is decided by the decoder. Failures are values; `retry` says if later may work.
 */
export async function fetchMedia(
  client: GuardedClient,
  url: string,
  limits: MediaFetchLimits = {},
): Promise<FetchedMedia> {
  const { maxBytes = 64 * 1_048_576, timeoutMs = 30_000, types = TYPES, signal } = limits
  const result = await client.request(url, { maxBytes, timeoutMs, ...(signal ? { signal } : {}) })
  if (!result.ok) return result
  return (
    (refusal(result, types) as FetchedMedia | null) ?? {
      ok: true,
      bytes: result.bytes,
      type: typeOf(result),
      url: result.url,
    }
  )
}

function refusal(answer: GuardedAnswer, types: readonly string[]) {
  if (answer.status !== 200) return failed('fetch/status', `status ${answer.status}`, LATER.has(answer.status))
  const type = typeOf(answer)
  if (type === '' || types.some((prefix) => type.startsWith(prefix))) return null
  return failed('fetch/type', type, false)
}

function typeOf({ headers }: GuardedAnswer): string {
  return (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
}
