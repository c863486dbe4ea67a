import type { Layout } from '../radius/layout.ts'
import { compileCore, instantiate, sharedMemory, type WasmMemory } from './wasm.ts'

interface RadiusExports {
  heapBase(): number
  slotBytes(): number
  resultsAt(): number
  nextAt(): number
  permute(from: number, to: number, count: number, table: number): void
  sortChunk(
    hashes: number,
    count: number,
    removed: number,
    bit: number,
    width: number,
    starts: number,
    entries: number,
    values: number,
    order: number,
    parts: number,
  ): void
  search(
    slot: number,
    plan: number,
    chunks: number,
    hashes: number,
    removed: number,
    radius: number,
    most: number,
  ): number
  scan(slot: number, hashes: number, removed: number, first: number, end: number, radius: number): number
}

const module = compileCore('radius')
const constants = instantiate<RadiusExports>(module, sharedMemory(1, 1))

/** First address that belongs to an index, and the working room of one reader. */
export const CORE_BASE = constants.heapBase()
export const SLOT_BYTES = constants.slotBytes()
export const RESULTS_AT = constants.resultsAt()
export const NEXT_AT = constants.nextAt()

/** The core over one memory, with views that stay valid because the memory never grows. */
export interface RadiusCore {
  readonly exports: RadiusExports
  readonly memory: WasmMemory<SharedArrayBuffer>
  readonly bytes: Uint8Array
  readonly words: Uint32Array
}

/** New memory for a layout, all zero; pages cost memory only once written. */
export function memoryFor({ bytes }: Layout): WasmMemory<SharedArrayBuffer> {
  return sharedMemory(bytes, bytes)
}

export function coreOver(memory: WasmMemory<SharedArrayBuffer>): RadiusCore {
  return {
    exports: instantiate<RadiusExports>(module, memory),
    memory,
    bytes: new Uint8Array(memory.buffer),
    words: new Uint32Array(memory.buffer),
  }
}
