import { readFileSync } from 'node:fs'
import { readingMasks, sortOfCode } from '../characters/simple-text.ts'

interface SkimExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  sortsAt(): number
  readingsAt(): number
  thirdAt(): number
  placesAt(): number
  textAt(): number
  skim(length: number, inner: number): number
}

// The types that Node's own do not bring without those of a browser.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** Longer texts are read completely. */
const MAX_LENGTH = 1 << 20
const PAGE_BYTES = 65_536

const core = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(new URL('./skim.wasm', import.meta.url))), {})
  .exports as SkimExports
const textAt = core.textAt()

let bytes: Buffer
let words: Int32Array
let owner: Int32Array | undefined

function make(size: number): void {
  const missing = textAt + size - core.memory.buffer.byteLength
  if (missing > 0) core.memory.grow(Math.ceil(missing / PAGE_BYTES))
  bytes = Buffer.from(core.memory.buffer)
  words = new Int32Array(core.memory.buffer)
}

make(PAGE_BYTES)
bytes!.fill(0x80, core.sortsAt(), core.sortsAt() + 0x1000)
bytes!.set(sortOfCode, core.sortsAt())
words!.set(readingMasks, core.readingsAt() / 4)

/**
 * The places of a text where a key may begin, in pairs: offset times four (plus 2: words may end anywhere there, plus 1:
 * read backwards) and the six classes from there on. Valid until the next call. Undefined: the text is not simple, too
 * long, or has too many. Some 1 ns a character.
 */
export function skimText(text: string, third: Int32Array, anywhere: boolean): Int32Array | undefined {
  if (text.length > MAX_LENGTH) return undefined
  if (textAt + 2 * text.length > bytes.length) make(2 * text.length)
  if (owner !== third) words.set(third, core.thirdAt() / 4)
  owner = third
  bytes.write(text, textAt, 'utf16le')
  const count = core.skim(text.length, anywhere ? 2 : 0)
  if (count < 0) return undefined
  return count === 0 ? NONE : words.subarray(core.placesAt() / 4, core.placesAt() / 4 + 2 * count)
}

const NONE = new Int32Array(0)
