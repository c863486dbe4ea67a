/**
 * PDQ in plain TypeScript, slow and right: every operation in the order and the single precision of the C++ reference
 * (facebook/ThreatExchange, pdq/cpp), so that hashes agree bit for bit. The SIMD core is tested against this.
 */
import { FULL_SIZE, type Picture } from './picture.ts'

const f = Math.fround
const RED = f(0.299)
const GREEN = f(0.587)
const BLUE = f(0.114)

/** The picture behind the hash: 64 × 64 brightness values, the 16 × 16 lowest frequencies, and the quality. */
export interface Spectrum {
  readonly coefficients: Float32Array
  readonly quality: number
}

/** Smaller pictures have no hash: all zero, quality 0. */
export const SMALLEST = 5

/** Rows 1 to 16 of the discrete cosine transform over 64 values, row after row. */
export const DCT: Float32Array = dctRows()

function dctRows(): Float32Array {
  const rows = new Float32Array(16 * 64)
  const scale = f(Math.sqrt(2 / 64))
  for (let i = 0; i < 16; i++)
    for (let j = 0; j < 64; j++) rows[i * 64 + j] = scale * Math.cos((Math.PI / 2 / 64) * (i + 1) * (2 * j + 1))
  return rows
}

/** Nearest neighbour without regard to the aspect ratio, and only where a side is longer than 512. */
export function shrink(picture: Picture): Picture {
  const { pixels, width, height, channels } = picture
  if (width <= FULL_SIZE && height <= FULL_SIZE) return picture
  const small = new Uint8Array(FULL_SIZE * FULL_SIZE * channels)
  for (let y = 0; y < FULL_SIZE; y++) {
    const row = Math.floor((y * height) / FULL_SIZE) * width
    for (let x = 0; x < FULL_SIZE; x++) {
      const from = (row + Math.floor((x * width) / FULL_SIZE)) * channels
      const to = (y * FULL_SIZE + x) * channels
      for (let c = 0; c < channels; c++) small[to + c] = pixels[from + c]!
    }
  }
  return { pixels: small, width: FULL_SIZE, height: FULL_SIZE, channels }
}

export function lumaOf({ pixels, width, height, channels }: Picture): Float32Array {
  const luma = new Float32Array(width * height)
  if (channels === 1) {
    luma.set(pixels)
    return luma
  }
  for (let i = 0, p = 0; i < luma.length; i++, p += 3) {
    luma[i] = f(f(f(RED * pixels[p]!) + f(GREEN * pixels[p + 1]!)) + f(BLUE * pixels[p + 2]!))
  }
  return luma
}

/** A box filter along one line as a running sum; rounding depends on the order of additions, hence this exact order. */
function boxLine(from: Float32Array, to: Float32Array, start: number, length: number, stride: number, window: number) {
  const half = (window + 2) >> 1
  let sum = 0
  let inside = 0
  let left = start
  let right = start
  let out = start
  const step = (add: boolean, drop: boolean, write: boolean) => {
    if (add) {
      sum = f(sum + from[right]!)
      right += stride
      if (!drop) inside++
    }
    if (drop) {
      sum = f(sum - from[left]!)
      left += stride
      if (!add) inside--
    }
    if (write) {
      to[out] = sum / inside
      out += stride
    }
  }
  for (let i = 0; i < half - 1; i++) step(true, false, false)
  for (let i = 0; i < window - half + 1; i++) step(true, false, true)
  for (let i = 0; i < length - window; i++) step(true, true, true)
  for (let i = 0; i < half - 1; i++) step(false, true, true)
}

function boxWindow(length: number): number {
  return Math.floor((length + 127) / 128)
}

/** Two passes of the box filter along rows, then columns: together nearly a tent (Jarosz). */
function blur(luma: Float32Array, width: number, height: number): void {
  const other = new Float32Array(luma.length)
  for (let pass = 0; pass < 2; pass++) {
    for (let y = 0; y < height; y++) boxLine(luma, other, y * width, width, 1, boxWindow(width))
    for (let x = 0; x < width; x++) boxLine(other, luma, x, height, width, boxWindow(height))
  }
}

function decimate(luma: Float32Array, width: number, height: number): Float32Array {
  const small = new Float32Array(64 * 64)
  for (let i = 0; i < 64; i++) {
    const row = Math.floor(((i + 0.5) * height) / 64) * width
    for (let j = 0; j < 64; j++) small[i * 64 + j] = luma[row + Math.floor(((j + 0.5) * width) / 64)]!
  }
  return small
}

function gradient(u: number, v: number): number {
  return Math.abs(Math.trunc(f(f(f(u - v) * 100) / 255)))
}

function qualityOf(small: Float32Array): number {
  let sum = 0
  for (let i = 0; i < 64; i++) {
    for (let j = 0; j < 64; j++) {
      const here = small[i * 64 + j]!
      if (i < 63) sum += gradient(here, small[(i + 1) * 64 + j]!)
      if (j < 63) sum += gradient(here, small[i * 64 + j + 1]!)
    }
  }
  return Math.min(100, Math.floor(sum / 90))
}

function transform(small: Float32Array): Float32Array {
  const half = new Float32Array(16 * 64)
  for (let i = 0; i < 16; i++) {
    for (let j = 0; j < 64; j++) {
      let sum = 0
      for (let k = 0; k < 64; k++) sum = f(sum + f(DCT[i * 64 + k]! * small[k * 64 + j]!))
      half[i * 64 + j] = sum
    }
  }
  const coefficients = new Float32Array(16 * 16)
  for (let i = 0; i < 16; i++) {
    for (let j = 0; j < 16; j++) {
      let sum = 0
      for (let k = 0; k < 64; k++) sum = f(sum + f(half[i * 64 + k]! * DCT[j * 64 + k]!))
      coefficients[i * 16 + j] = sum
    }
  }
  return coefficients
}

/** Coefficients and quality of a picture as it is, without the step to 512 × 512 (video frames are hashed like this). */
export function referenceSpectrum(picture: Picture): Spectrum {
  const { width, height } = picture
  if (width < SMALLEST || height < SMALLEST) return { coefficients: new Float32Array(256), quality: 0 }
  let small = lumaOf(picture)
  if (width !== 64 || height !== 64) {
    blur(small, width, height)
    small = decimate(small, width, height)
  }
  return { coefficients: transform(small), quality: qualityOf(small) }
}
