import { FirebreakError } from '@firebreak/kernel'
import type { GraphParts } from './graph.ts'
import { IdTable } from './id-table.ts'
import type { RelationRows } from './relation-rows.ts'

/** "FBGR", little-endian, then the version, the length of a JSON header, the header, and the arrays at 8-byte steps. */
const MAGIC = 0x5247_4246
const VERSION = 2
const PREFIX_BYTES = 16

type Stored = Uint8Array | Uint32Array | Float32Array | Float64Array
type Kind = 'u8' | 'u32' | 'f32' | 'f64'
interface Section {
  readonly kind: Kind
  readonly start: number
  readonly length: number
}
interface Header {
  readonly nodeCount: number
  readonly accountCount: number
  readonly selfLoops: number
  readonly leadsToItem: readonly boolean[]
  readonly listed: readonly boolean[] | null
  readonly relations: readonly { name: string; edgeCount: number; duplicates: number }[]
  readonly sections: Readonly<Record<string, Section>>
}

const KINDS = { u8: Uint8Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array } as const

export function writeGraph(parts: GraphParts): ArrayBuffer {
  const arrays = arraysOf(parts)
  const sections: Record<string, Section> = {}
  let bodyBytes = 0
  for (const [name, array] of arrays) {
    sections[name] = { kind: kindOf(array), start: bodyBytes, length: array.length }
    bodyBytes += padded(array.byteLength)
  }
  const header: Header = {
    nodeCount: parts.ids.size,
    accountCount: parts.accountCount,
    selfLoops: parts.selfLoops,
    leadsToItem: parts.leadsToItem,
    listed: parts.listing?.listed ?? null,
    relations: parts.relations.map(({ name, edgeCount, duplicates }) => ({ name, edgeCount, duplicates })),
    sections,
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const bodyStart = PREFIX_BYTES + padded(text.length)
  const buffer = new ArrayBuffer(bodyStart + bodyBytes)
  new Uint32Array(buffer, 0, 4).set([MAGIC, VERSION, text.length, bodyStart])
  new Uint8Array(buffer).set(text, PREFIX_BYTES)
  for (const [name, array] of arrays)
    new Uint8Array(buffer).set(
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      bodyStart + sections[name]!.start,
    )
  return buffer
}

export function readGraph(buffer: ArrayBuffer): GraphParts {
  const { header, bodyStart } = readHeader(buffer)
  const section = (name: string): Stored | null => readSection(buffer, bodyStart, header.sections[name])
  const { nodeCount, accountCount } = header
  if (!(accountCount >= 0 && accountCount <= nodeCount)) throw damaged('more accounts than nodes')
  const need = <T extends Stored>(name: string, length: number): T => {
    const array = section(name)
    if (array === null || (length >= 0 && array.length !== length)) throw damaged(`section ${name} does not fit`)
    return array as T
  }
  const relations = header.relations.map((about, i): RelationRows => {
    const offsets = need<Uint32Array>(`offsets${i}`, nodeCount + 1)
    const arcs = need<Uint32Array>(`arcs${i}`, offsets[nodeCount]!)
    checkRows(offsets, arcs, nodeCount)
    const optional = (of: string, length: number) => (header.sections[of] ? need<Stored>(of, length) : null)
    const at = section(`repeatedAt${i}`) as Uint32Array | null
    return {
      ...about,
      offsets,
      arcs,
      weights: optional(`weights${i}`, arcs.length) as Float32Array | null,
      repeated: at && { at, weights: need<Float32Array>(`repeatedWeights${i}`, at.length) },
      times: optional(`times${i}`, arcs.length) as Float64Array | null,
    }
  })
  const ends = need<Uint32Array>('idEnds', nodeCount)
  const bytes = need<Uint8Array>('idBytes', nodeCount === 0 ? 0 : ends[nodeCount - 1]!)
  return {
    ids: IdTable.from(bytes, ends),
    relations,
    accountCount,
    leadsToItem: header.leadsToItem,
    listing: header.listed && { listed: header.listed, rank: need<Uint32Array>('rank', nodeCount) },
    selfLoops: header.selfLoops,
  }
}

function arraysOf(parts: GraphParts): [string, Stored][] {
  const { bytes, ends } = parts.ids.parts()
  const arrays: [string, Stored][] = [
    ['idBytes', bytes],
    ['idEnds', ends],
  ]
  if (parts.listing) arrays.push(['rank', parts.listing.rank])
  parts.relations.forEach(({ offsets, arcs, weights, repeated, times }, i) => {
    arrays.push([`offsets${i}`, offsets], [`arcs${i}`, arcs])
    if (weights) arrays.push([`weights${i}`, weights])
    if (repeated) arrays.push([`repeatedAt${i}`, repeated.at], [`repeatedWeights${i}`, repeated.weights])
    if (times) arrays.push([`times${i}`, times])
  })
  return arrays
}

function readHeader(buffer: ArrayBuffer): { header: Header; bodyStart: number } {
  if (buffer.byteLength < PREFIX_BYTES) throw damaged('too short')
  const [magic, version, headerLength, bodyStart] = new Uint32Array(buffer, 0, 4) as unknown as number[]
  if (magic !== MAGIC) throw damaged('it does not begin with FBGR')
  if (version !== VERSION) throw new FirebreakError('graph/buffer-version', [version, VERSION])
  if (PREFIX_BYTES + headerLength! > bodyStart! || bodyStart! > buffer.byteLength) throw damaged('cut short')
  try {
    const text = new TextDecoder().decode(new Uint8Array(buffer, PREFIX_BYTES, headerLength))
    return { header: JSON.parse(text) as Header, bodyStart: bodyStart! }
  } catch {
    throw damaged('its header cannot be read')
  }
}

function readSection(buffer: ArrayBuffer, bodyStart: number, section: Section | undefined): Stored | null {
  if (!section) return null
  const kind = KINDS[section.kind]
  if (bodyStart + section.start + section.length * kind.BYTES_PER_ELEMENT > buffer.byteLength)
    throw damaged('cut short')
  return new kind(buffer, bodyStart + section.start, section.length)
}

/** One pass, so that no later query can run outside an array. */
function checkRows(offsets: Uint32Array, arcs: Uint32Array, nodeCount: number): void {
  for (let u = 0; u < nodeCount; u++) if (offsets[u]! > offsets[u + 1]!) throw damaged('row starts run backwards')
  for (let i = 0; i < arcs.length; i++) if (arcs[i]! >>> 2 >= nodeCount) throw damaged('an edge leads nowhere')
}

function damaged(why: string): FirebreakError {
  return new FirebreakError('graph/buffer', [why])
}

function kindOf(array: Stored): Kind {
  if (array instanceof Uint8Array) return 'u8'
  if (array instanceof Uint32Array) return 'u32'
  return array instanceof Float32Array ? 'f32' : 'f64'
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}
