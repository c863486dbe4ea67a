import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pdqFrameHash, pdqHash } from '@firebreak/media'
import { DECODE_LIMITS, type DecodeLimits, decodeFrames } from './decode-image.ts'
import { DIGESTS, type DigestType, digestBytes, digestFile } from './digests.ts'
import { type MediaFailure, mediaFailure } from './failures.ts'
import { type MediaKind, mediaKind } from './media-kind.ts'
import { eachVideoFrame, type VideoLimits } from './video-frames.ts'

/** Every kind of hash that can be asked for. */
export const HASH_TYPES = ['pdq', 'vpdq', ...DIGESTS] as const
/** One of `HASH_TYPES`. */
export type HashType = (typeof HASH_TYPES)[number]

/** One hash of a medium, in lower-case hexadecimal. A video has one of type vpdq for each hashed frame. */
export interface MediaHash {
  readonly type: HashType
  readonly hash: string
  /** PDQ quality, 0 to 100; null for digests. */
  readonly quality: number | null
  /** Which frame of an animation or video. */
  readonly frame?: number
  readonly seconds?: number
}

/** Everything that could be said of a medium, and for which types nothing could be said and why. */
export interface HashedMedia {
  readonly hashes: readonly MediaHash[]
  readonly failures: readonly (MediaFailure & { readonly type: HashType })[]
  /** The file is broken; what could be decoded was hashed. */
  readonly damaged: boolean
}

/** Limits of pictures and of videos together; each has a default. */
export type MediaLimits = DecodeLimits & VideoLimits

/**
 * Hashes a medium held in memory: `pdq` for pictures (every distinct frame of an animation, the first one first), `vpdq`
 * for videos and animated GIF, and digests. A type that does not apply or fails becomes a failure, the others still come.
 * For `vpdq` the bytes lie in a private temporary file while ffmpeg runs; nothing is kept.
 */
export async function hashMedia(
  bytes: Uint8Array,
  types: readonly HashType[],
  limits: Partial<MediaLimits> = {},
): Promise<HashedMedia> {
  const kind = mediaKind(bytes)
  const exact = exactHashes(digestBytes(bytes, digestTypes(types)))
  const pictures = types.includes('pdq') ? await pictureHashes(bytes, limits) : NOTHING
  const frames = types.includes('vpdq') ? await inFile(bytes, (path) => videoHashes(path, kind, limits)) : NOTHING
  return together(exact, pictures, frames)
}

/** The same for a file, which may be larger than memory: only a picture within the byte limit is read whole. */
export async function hashMediaFile(
  path: string,
  types: readonly HashType[],
  limits: Partial<MediaLimits> = {},
): Promise<HashedMedia> {
  const kind = mediaKind(await firstBytes(path))
  const wanted = digestTypes(types)
  const exact = exactHashes(wanted.length > 0 ? await digestFile(path, wanted) : {})
  const pictures = types.includes('pdq') ? await pictureFile(path, kind, limits) : NOTHING
  const frames = types.includes('vpdq') ? await videoHashes(path, kind, limits) : NOTHING
  return together(exact, pictures, frames)
}

/** The hash that fits a file when nobody says which: vpdq for videos, else pdq (which fails for what is no picture). */
export async function fittingType(path: string): Promise<HashType> {
  return mediaKind(await firstBytes(path))?.family === 'video' ? 'vpdq' : 'pdq'
}

const NOTHING: HashedMedia = { hashes: [], failures: [], damaged: false }

function together(...parts: readonly HashedMedia[]): HashedMedia {
  return {
    hashes: parts.flatMap(({ hashes }) => hashes),
    failures: parts.flatMap(({ failures }) => failures),
    damaged: parts.some(({ damaged }) => damaged),
  }
}

function failing(type: HashType, failure: MediaFailure): HashedMedia {
  return { ...NOTHING, failures: [{ type, ...failure }] }
}

function digestTypes(types: readonly HashType[]): DigestType[] {
  return DIGESTS.filter((type) => types.includes(type))
}

function exactHashes(digests: Partial<Record<DigestType, string>>): HashedMedia {
  const hashes = Object.entries(digests).map(([type, hash]) => ({ type: type as DigestType, hash, quality: null }))
  return { ...NOTHING, hashes }
}

async function pictureFile(path: string, kind: MediaKind | null, limits: Partial<MediaLimits>): Promise<HashedMedia> {
  const { maxBytes } = { ...DECODE_LIMITS, ...limits }
  if (kind?.family !== 'picture') return failing('pdq', mediaFailure('media/unsupported', 'not a known picture format'))
  const { size } = await stat(path)
  if (size > maxBytes) return failing('pdq', mediaFailure('media/too-large', `more than ${maxBytes} bytes`))
  return await pictureHashes(await readFile(path), limits)
}

async function pictureHashes(bytes: Uint8Array, limits: Partial<MediaLimits>): Promise<HashedMedia> {
  const decoded = await decodeFrames(bytes, limits)
  if (!decoded.ok) return failing('pdq', decoded)
  const several = decoded.images.length > 1
  const seen = new Set<string>()
  const hashes = decoded.images.flatMap(({ pixels, width, height, channels }, frame): MediaHash[] => {
    const { hash, quality } = pdqHash(pixels, width, height, channels)
    if (seen.has(hash)) return []
    seen.add(hash)
    return [{ type: 'pdq', hash, quality, ...(several ? { frame } : {}) }]
  })
  const first = decoded.images[0]!
  if (first.width < 5 || first.height < 5)
    return failing('pdq', mediaFailure('media/too-small', `${first.width} × ${first.height}`))
  return { hashes, failures: [], damaged: first.damaged }
}

async function videoHashes(path: string, kind: MediaKind | null, limits: Partial<MediaLimits>): Promise<HashedMedia> {
  if (!kind) return failing('vpdq', mediaFailure('media/unsupported', 'not a known video format'))
  const hashes: MediaHash[] = []
  const result = await eachVideoFrame(path, kind, limits, ({ pixels, width, height, frame, seconds }) => {
    hashes.push({ type: 'vpdq', ...pdqFrameHash(pixels, width, height, 3), frame, seconds })
  })
  if (typeof result !== 'number') return { hashes, failures: [{ type: 'vpdq', ...result }], damaged: hashes.length > 0 }
  return result === 0 ? failing('vpdq', mediaFailure('media/no-video', 'no frames')) : { ...NOTHING, hashes }
}

async function inFile<T>(bytes: Uint8Array, work: (path: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'firebreak-media-'))
  try {
    const path = join(directory, 'medium')
    await writeFile(path, bytes, { mode: 0o600 })
    return await work(path)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(512), 0, 512, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
