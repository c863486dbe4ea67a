import { FULL_SIZE, type Picture } from '../pdq/picture.ts'
import { DCT } from '../pdq/reference.ts'
import { compileCore, instantiate, PAGE_BYTES, type WasmMemory } from './wasm.ts'

interface PdqExports {
  readonly memory: WasmMemory<ArrayBuffer>
  heapBase(): number
  lumaRgb(from: number, to: number, width: number, height: number, stride: number): void
  lumaGrey(from: number, to: number, width: number, height: number, stride: number): void
  lumaPicked(from: number, to: number, columns: number, count: number, channels: number): void
  spectrum(luma: number, width: number, height: number, stride: number, dct: number, work: number, to: number): number
  bits(coefficients: number, keys: number, to: number): void
}

const COEFFICIENT_BYTES = 1024
const HASH_BYTES = 32

/** Quality and where to read the rest; valid until the next picture. */
export interface CoreResult {
  readonly hash: Uint8Array
  readonly coefficients: Float32Array
  readonly quality: number
}

/** The SIMD core and its memory: one picture at a time, memory kept for the next. */
export class PdqCore {
  readonly #core: PdqExports
  readonly #dct: number
  readonly #columns: number
  readonly #result: number
  readonly #turned: number
  readonly #pixels: number

  constructor() {
    this.#core = instantiate<PdqExports>(compileCore('pdq'))
    this.#dct = (this.#core.heapBase() + 63) & ~63
    this.#columns = this.#dct + 2 * DCT.byteLength
    this.#result = this.#columns + FULL_SIZE * 4
    this.#turned = this.#result + 2 * COEFFICIENT_BYTES + HASH_BYTES
    this.#pixels = this.#turned + COEFFICIENT_BYTES
    this.#reserve(this.#pixels)
    const table = new Float32Array(this.#core.memory.buffer, this.#dct, 2 * DCT.length)
    table.set(DCT)
    for (let i = 0; i < 16; i++) for (let j = 0; j < 64; j++) table[DCT.length + j * 16 + i] = DCT[i * 64 + j]!
  }

  /** Hashes a picture as it is, or where `shrink` is set and a side is longer than 512 its nearest neighbours at 512 × 512. */
  hash(picture: Picture, shrink: boolean): CoreResult {
    const smaller = shrink && (picture.width > FULL_SIZE || picture.height > FULL_SIZE)
    const width = smaller ? FULL_SIZE : picture.width
    const height = smaller ? FULL_SIZE : picture.height
    const stride = (width + 3) & ~3
    const { luma, work } = this.#place(picture, width, height, smaller)
    if (smaller) this.#loadPicked(picture, luma)
    else this.#load(picture, luma, stride)
    return this.#finish(luma, width, height, stride, work)
  }

  /** Hashes brightness values, row after row: the part that is compared with the C++ reference's core. */
  hashLuma(values: Float32Array, width: number, height: number): CoreResult {
    const stride = (width + 3) & ~3
    const { luma, work } = this.#place({ width: 0, height: 0, channels: 1 }, width, height, false)
    const memory = new Float32Array(this.#core.memory.buffer)
    for (let y = 0; y < height; y++) memory.set(values.subarray(y * width, (y + 1) * width), luma / 4 + y * stride)
    return this.#finish(luma, width, height, stride, work)
  }

  /** The hash of coefficients that are not those of the last picture: turned ones. Valid until the next call. */
  hashCoefficients(coefficients: Float32Array): Uint8Array {
    const { buffer } = this.#core.memory
    const hash = this.#result + 2 * COEFFICIENT_BYTES
    new Float32Array(buffer, this.#turned, 256).set(coefficients)
    this.#core.bits(this.#turned, this.#result + COEFFICIENT_BYTES, hash)
    return new Uint8Array(buffer, hash, HASH_BYTES)
  }

  #finish(luma: number, width: number, height: number, stride: number, work: number): CoreResult {
    const at = this.#result
    const quality = this.#core.spectrum(luma, width, height, stride, this.#dct, work, at)
    this.#core.bits(at, at + COEFFICIENT_BYTES, at + 2 * COEFFICIENT_BYTES)
    const { buffer } = this.#core.memory
    return {
      hash: new Uint8Array(buffer, at + 2 * COEFFICIENT_BYTES, HASH_BYTES),
      coefficients: new Float32Array(buffer, at, 256),
      quality,
    }
  }

  /** Where the brightness values and the working room lie, behind the pixels (or behind one row of them). */
  #place(picture: Omit<Picture, 'pixels'>, width: number, height: number, rowOnly: boolean) {
    const bytes = picture.width * picture.channels * (rowOnly ? 1 : picture.height)
    const rows = (height + 7) & ~7
    const stride = Math.max(64, (width + 3) & ~3)
    const luma = (this.#pixels + bytes + 16 + 63) & ~63
    const work = luma + rows * stride * 4
    this.#reserve(work + rows * stride * 4 + 2 * stride * 32 + 64 * 256 + 16 + 16 * 256)
    return { luma, work }
  }

  #load({ pixels, width, height, channels }: Picture, luma: number, stride: number): void {
    new Uint8Array(this.#core.memory.buffer).set(pixels, this.#pixels)
    if (channels === 3) this.#core.lumaRgb(this.#pixels, luma, width, height, stride)
    else this.#core.lumaGrey(this.#pixels, luma, width, height, stride)
  }

  #loadPicked({ pixels, width, height, channels }: Picture, luma: number): void {
    const memory = new Uint8Array(this.#core.memory.buffer)
    const columns = new Uint32Array(this.#core.memory.buffer, this.#columns, FULL_SIZE)
    for (let x = 0; x < FULL_SIZE; x++) columns[x] = Math.floor((x * width) / FULL_SIZE) * channels
    for (let y = 0; y < FULL_SIZE; y++) {
      const start = Math.floor((y * height) / FULL_SIZE) * width * channels
      memory.set(pixels.subarray(start, start + width * channels), this.#pixels)
      this.#core.lumaPicked(this.#pixels, luma + y * FULL_SIZE * 4, this.#columns, FULL_SIZE, channels)
    }
  }

  #reserve(bytes: number): void {
    const { memory } = this.#core
    const missing = bytes - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
  }
}
