import { readFileSync } from 'node:fs'
import { readingMasks, sortOfCode } from '../characters/simple-text.ts'

interface SkimExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  sortsAt(): number
  readingsAt(): number
  thirdAt(): number
  placesAt(): number
  textAt(): number
  begin(length: number): void
  more(inner: number): number
  isDone(): number
  isDrawn(): number
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
let places: Int32Array
let owner: Int32Array | undefined

function make(size: number): void {
  const missing = textAt + size - core.memory.buffer.byteLength
  if (missing > 0) core.memory.grow(Math.ceil(missing / PAGE_BYTES))
  bytes = Buffer.from(core.memory.buffer)
  words = new Int32Array(core.memory.buffer)
  places = words.subarray(core.placesAt() / 4)
}

make(PAGE_BYTES)
bytes!.fill(0x80, core.sortsAt(), core.sortsAt() + 0x1000)
bytes!.set(sortOfCode, core.sortsAt())
words!.set(readingMasks, core.readingsAt() / 4)

/**
 * The places of a text where a key may begin, in pairs: offset times four (plus 2: words may end anywhere there, plus 1:
 * read backwards) and the six classes from there on. Calls `visit` with some of them at a time, valid until it returns.
 * False: the text is not simple, or too long. Some nanoseconds a character.
 */
export function skimText(
  text: string,
  third: Int32Array,
  anywhere: boolean,
  visit: (pairs: Int32Array, count: number) => void,
): boolean {
  if (text.length > MAX_LENGTH) return false
  if (textAt + 2 * text.length > bytes.length) make(2 * text.length)
  if (owner !== third) words.set(third, core.thirdAt() / 4)
  owner = third
  bytes.write(text, textAt, 'utf16le')
  core.begin(text.length)
  do {
    const count = core.more(anywhere ? 2 : 0)
    if (count < 0) return false
    if (count > 0) visit(places, count)
  } while (core.isDone() === 0)
  return true
}

/** Whether the text skimmed last may hold tags or letters drawn with several signs. */
export const mayBeDrawn = (): boolean => core.isDrawn() !== 0
