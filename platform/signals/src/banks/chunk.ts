import { HASH_BYTES, type HashKind } from './kinds.ts'
import { OPINION_CATEGORIES, type Opinion } from './opinions.ts'

/** An entry as it comes in. */
export interface NewEntry {
  readonly hash: Uint8Array
  readonly opinions: readonly Opinion[]
  /** What its source calls it; with it a later delta can change or withdraw it. */
  readonly sourceId?: string
  /** Milliseconds since 1970 after which it no longer matches. */
  readonly expiresAt?: number
  readonly note?: string
}

/** Entries of one kind, packed in columns: one message to seal, to store and to read for 65,536 of them. */
export interface Chunk {
  readonly kind: HashKind
  readonly count: number
  /** `count` hashes one after the other. */
  readonly hashes: Uint8Array
  readonly owners: readonly string[]
  /** Position in `owners` of each entry's first opinion. */
  readonly owner: Uint16Array
  /** Position in `OPINION_CATEGORIES` of each entry's first opinion. */
  readonly category: Uint8Array
  /** Minutes since 1970, 0 for never. */
  readonly expires: Uint32Array
  /** First 8 bytes of a keyed hash of each source id, little-endian, 0 for none; null when no entry has one. */
  readonly refs: BigUint64Array | null
  /** Opinions beyond the first, and notes, of the few that have them, by position. */
  readonly more: ReadonlyMap<number, { readonly opinions?: readonly Opinion[]; readonly note?: string }>
  /** Source ids, read only when somebody must be told of one. */
  sourceIds(): string[]
}

const MINUTE = 60_000

/** Entries in one chunk at most: 2 MB of PDQ hashes. */
export const CHUNK = 65_536

interface Header {
  readonly v: 1
  readonly kind: HashKind
  readonly count: number
  readonly owners: string[]
  readonly refs: boolean
  readonly idBytes: number
  readonly more: [number, { opinions?: Opinion[]; note?: string }][]
}

/** Bytes of a chunk: header length (4), header (JSON), then the columns. `refOf` is the keyed hash of a source id. */
export function packChunk(kind: HashKind, entries: readonly NewEntry[], refOf: (sourceId: string) => bigint): Buffer {
  const owners: string[] = []
  const more: Header['more'] = []
  const size = HASH_BYTES[kind]
  const refs = entries.some(({ sourceId }) => sourceId !== undefined)
  const ids = Buffer.from(refs ? entries.map(({ sourceId }) => encodeURIComponent(sourceId ?? '')).join('\n') : '')
  const columns = Buffer.alloc(entries.length * (size + 2 + 1 + 4 + (refs ? 8 : 0)))
  const at = offsets(entries.length, size)
  for (const [i, { hash, opinions, sourceId, expiresAt, note }] of entries.entries()) {
    const [first, ...rest] = opinions
    const owner = first?.owner ?? ''
    if (!owners.includes(owner)) owners.push(owner)
    columns.set(hash, i * size)
    columns.writeUInt16LE(owners.indexOf(owner), at.owner + i * 2)
    columns[at.category + i] = OPINION_CATEGORIES.indexOf(first?.category ?? 'INVESTIGATION_SEED')
    columns.writeUInt32LE(expiresAt === undefined ? 0 : Math.ceil(expiresAt / MINUTE), at.expires + i * 4)
    if (refs) columns.writeBigUInt64LE(sourceId === undefined ? 0n : refOf(sourceId), at.refs + i * 8)
    if (rest.length > 0 || note !== undefined)
      more.push([i, { ...(rest.length > 0 ? { opinions: rest } : {}), ...(note === undefined ? {} : { note }) }])
  }
  const header: Header = { v: 1, kind, count: entries.length, owners, refs, idBytes: ids.length, more }
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  return Buffer.concat([length, json, columns, ids])
}

/** The chunk in these bytes; columns are copied out so that the rest can go. */
export function unpackChunk(bytes: Uint8Array): Chunk {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = 4 + all.readUInt32LE(0)
  const { kind, count, owners, refs, more } = JSON.parse(all.toString('utf8', 4, start)) as Header
  const size = HASH_BYTES[kind]
  const at = offsets(count, size)
  const column = (from: number, width: number) =>
    all.buffer.slice(all.byteOffset + start + from, all.byteOffset + start + from + count * width)
  const idsFrom = start + at.refs + (refs ? count * 8 : 0)
  return {
    kind,
    count,
    hashes: new Uint8Array(column(0, size)),
    owners,
    owner: new Uint16Array(column(at.owner, 2)),
    category: new Uint8Array(column(at.category, 1)),
    expires: new Uint32Array(column(at.expires, 4)),
    refs: refs ? new BigUint64Array(column(at.refs, 8)) : null,
    more: new Map(more),
    sourceIds: () => (refs ? all.toString('utf8', idsFrom).split('\n').map(decodeURIComponent) : []),
  }
}

function offsets(count: number, size: number) {
  const owner = count * size
  const category = owner + count * 2
  const expires = category + count
  return { owner, category, expires, refs: expires + count * 4 }
}
