import { FirebreakError } from '@firebreak/kernel'
import { HASH_BITS, HASH_BYTES } from '../hash.ts'
import { Generation } from './generation.ts'
import { chunkBytes, type Plan } from './plan.ts'

const MAGIC = 0x49524246 // "FBRI", little endian
/** Rises with the layout and with the order of bits. */
const VERSION = 1
const HEADER_WORDS = 16

/**
 * One buffer: 16 words of header (magic, version, checksum, places, indexed places, radius, chunks), the width of each
 * chunk, marks of removed entries, starts and entries of each chunk, hashes in permuted bit order. Little endian.
 */
export function storeIndex(generation: Generation, radius: number): ArrayBuffer {
  const { core, plan, indexed, count } = generation
  const widths = plan?.widths ?? []
  const buffer = new ArrayBuffer(bytesOf(widths, indexed, count))
  const words = new Uint32Array(buffer)
  const bytes = new Uint8Array(buffer)
  words.set([MAGIC, VERSION, 0, count, indexed, radius, widths.length])
  words.set(widths, HEADER_WORDS)
  eachPart(widths, indexed, count, generation, (at, from, size) =>
    bytes.set(core.bytes.subarray(from, from + size), at),
  )
  words[2] = checksum(words)
  return buffer
}

/** The index in a buffer, and its radius. Throws `media/index-buffer` or `media/index-version` where it is not one. */
export function readIndex(buffer: ArrayBuffer | SharedArrayBuffer): { generation: Generation; radius: number } {
  if (buffer.byteLength < HEADER_WORDS * 4 || buffer.byteLength % 4 !== 0) throw broken('too short')
  const words = new Uint32Array(buffer)
  const [magic, version, sum, count, indexed, radius, chunks] = words as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (magic !== MAGIC) throw broken('another kind of file')
  if (version !== VERSION) throw new FirebreakError('media/index-version', [version, VERSION])
  if (radius > HASH_BITS || indexed > count || chunks > HASH_BITS) throw broken('impossible header')
  const widths = [...words.subarray(HEADER_WORDS, HEADER_WORDS + chunks)]
  if (buffer.byteLength !== bytesOf(widths, indexed, count)) throw broken('cut short or of another length')
  if (checksum(words) !== sum) throw broken('the checksum differs')
  const plan: Plan | null = chunks > 0 ? { widths } : null
  const generation = Generation.empty(plan, indexed, count)
  const bytes = new Uint8Array(buffer)
  eachPart(widths, indexed, count, generation, (at, to, size) =>
    generation.core.bytes.set(bytes.subarray(at, at + size), to),
  )
  generation.restore(count)
  return { generation, radius }
}

/** Calls with: place in the buffer, address in the memory, bytes. */
function eachPart(
  widths: readonly number[],
  indexed: number,
  count: number,
  { layout }: Generation,
  copy: (at: number, address: number, size: number) => void,
): void {
  let at = 4 * (HEADER_WORDS + widths.length)
  const part = (address: number, size: number, room = size) => {
    copy(at, address, size)
    at += room
  }
  part(layout.removed, (count + 7) >>> 3, markBytes(count))
  for (const [i, width] of widths.entries()) {
    part(layout.starts[i]!, 4 * (2 ** width + 2))
    part(layout.entries[i]!, 4 * indexed)
  }
  part(layout.hashes, count * HASH_BYTES)
}

function markBytes(count: number): number {
  return ((count + 31) >>> 5) * 4
}

function bytesOf(widths: readonly number[], indexed: number, count: number): number {
  const chunks = widths.reduce((sum, width) => sum + chunkBytes(width, indexed), 0)
  return 4 * (HEADER_WORDS + widths.length) + markBytes(count) + chunks + count * HASH_BYTES
}

/** Over everything but its own word. */
function checksum(words: Uint32Array): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < words.length; i++) if (i !== 2) sum = Math.imul(sum ^ words[i]!, 0x01000193)
  return sum >>> 0
}

function broken(why: string): FirebreakError {
  return new FirebreakError('media/index-buffer', [why])
}
