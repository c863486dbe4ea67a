import { HASH_KINDS, type HashKind, hashFromHex, hexOf, type MediaHash } from '@firebreak/signals'
import type { FastifyRequest } from 'fastify'
import { type FormFile, filesIn } from '../form.ts'
import { signedIn } from '../gate.ts'

/** HMA's names of the kinds that are matched here. */
export const SIGNAL_TYPES: Readonly<Record<HashKind, string>> = {
  pdq: 'pdq',
  md5: 'video_md5',
  sha1: 'sha1',
  sha256: 'sha256',
}
/** A content's number there is one for all banks: bank and entry in one, within a double's whole numbers. */
export const ENTRIES = 2 ** 32

/** An answer as HMA gives an error: a status and a message. */
export class HmaError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The query of a request to HMA's addresses. */
export type Query = Readonly<Record<string, string | undefined>>
export function parsed(type: string, signal: string): MediaHash {
  const kind = HASH_KINDS.find((one) => SIGNAL_TYPES[one] === type || one === type)
  if (kind === undefined) throw new HmaError(400, `No such SignalType '${type}'`)
  const hash = hashFromHex(kind, signal)
  if (hash === null) throw new HmaError(400, `invalid signal type: not a ${type} hash`)
  return { kind, hash }
}

/** Fetched with the guard against private addresses, hashed in a child process. */
async function hashesAt(request: FastifyRequest): Promise<readonly MediaHash[]> {
  const { media } = signedIn(request).instance.signals
  const fetched = await media.fetch(needed(request.query as Query, 'url'), AbortSignal.timeout(30_000))
  if (!fetched.ok) throw new HmaError(400, `the url could not be fetched (${fetched.code})`)
  return hashesOf(request, fetched.bytes)
}

async function hashesOf(request: FastifyRequest, bytes: Uint8Array): Promise<readonly MediaHash[]> {
  const { media } = signedIn(request).instance.signals
  const hashed = await media.hash(bytes, AbortSignal.timeout(60_000))
  if (!hashed.ok) throw new HmaError(400, `the medium could not be hashed (${hashed.code})`)
  // A hash that could not be made must not look like one that met nothing.
  if (hashed.missing !== undefined) throw new HmaError(400, `the medium could not be hashed (${hashed.missing.code})`)
  return hashed.hashes
}

/** The types asked for, else what HMA makes of such a medium. One of each kind: of an animation the first frame. */
function wanted(request: FastifyRequest, hashes: readonly MediaHash[], content: 'photo' | 'video'): MediaHash[] {
  const asked = (request.query as Query).types
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const names = asked ?? (content === 'video' ? ['video_md5'] : ['pdq'])
  const first = new Map<HashKind, MediaHash>()
  for (const hash of hashes) if (!first.has(hash.kind)) first.set(hash.kind, hash)
  return [...first.values()].filter(({ kind }) => names.includes(SIGNAL_TYPES[kind]))
}

/** The hashes of the medium that a request names by `url`, or brings as its only file. */
export async function hashesIn(request: FastifyRequest): Promise<MediaHash[]> {
  const { url, content_type } = request.query as Query
  if (url) return wanted(request, await hashesAt(request), content_type === 'video' ? 'video' : 'photo')
  const { name, bytes } = fileOf(request)
  return wanted(request, await hashesOf(request, bytes), name === 'video' ? 'video' : 'photo')
}

function fileOf(request: FastifyRequest): FormFile {
  const files = Buffer.isBuffer(request.body) ? filesIn(request.body, request.headers['content-type'] ?? '') : []
  const [file] = files
  if (file === undefined) throw new HmaError(400, 'Missing multipart/form-data file upload')
  if (files.length > 1) throw new HmaError(400, 'Only one file allowed per request')
  if (file.name !== 'photo' && file.name !== 'video') throw new HmaError(400, `no such content_type: '${file.name}'`)
  return file
}

export function signalsOf(hashes: readonly MediaHash[]): Record<string, string> {
  return Object.fromEntries(hashes.map(({ kind, hash }) => [SIGNAL_TYPES[kind], hexOf(hash)]))
}

export function contentId(bank: number, entry: number): number {
  return bank * ENTRIES + entry
}

export function needed(query: Query, name: string): string {
  const value = query[name]
  if (value === undefined || value === '') throw new HmaError(400, `Field \`${name}\` is required`)
  return value
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || ['true', '1', 'yes'].includes(String(value).toLowerCase())
}
