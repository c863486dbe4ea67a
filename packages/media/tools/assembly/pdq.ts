// The SIMD core of PDQ: four lines at once, each line with exactly the additions, subtractions and divisions of the
// scalar reference (src/pdq/reference.ts), so that single-precision rounding agrees bit for bit.

export function heapBase(): usize {
  return __heap_base
}

const CELL: usize = 16

/** Brightness of four pixels, each in the low three bytes of its lane. */
function lumaOf4(pixels: v128): v128 {
  const byte = i32x4.splat(0xff)
  const red = v128.and(pixels, byte)
  const green = v128.and(i32x4.shr_u(pixels, 8), byte)
  const blue = v128.and(i32x4.shr_u(pixels, 16), byte)
  return f32x4.add(
    f32x4.add(
      f32x4.mul(f32x4.convert_i32x4_s(red), f32x4.splat(0.299)),
      f32x4.mul(f32x4.convert_i32x4_s(green), f32x4.splat(0.587)),
    ),
    f32x4.mul(f32x4.convert_i32x4_s(blue), f32x4.splat(0.114)),
  )
}

/** Brightness of an RGB picture into rows of `stride` values. Reads up to 4 bytes past the last pixel. */
export function lumaRgb(from: usize, to: usize, width: i32, height: i32, stride: i32): void {
  for (let y = 0; y < height; y++) {
    let source = from + <usize>(y * width * 3)
    let target = to + ((<usize>(y * stride)) << 2)
    const end = target + ((<usize>width) << 2)
    for (; target < end; target += 16, source += 12) {
      const bytes = v128.load(source)
      v128.store(target, lumaOf4(v128.shuffle<i8>(bytes, bytes, 0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11)))
    }
  }
}

/** The same for one byte a pixel. */
export function lumaGrey(from: usize, to: usize, width: i32, height: i32, stride: i32): void {
  for (let y = 0; y < height; y++) {
    const source = from + <usize>(y * width)
    const target = to + ((<usize>(y * stride)) << 2)
    for (let x = 0; x < width; x++) store<f32>(target + ((<usize>x) << 2), <f32>load<u8>(source + <usize>x))
  }
}

/** One row of brightness from the pixels at `columns` (byte offsets; a multiple of 4 of them). Reads a byte past a pixel. */
export function lumaPicked(from: usize, to: usize, columns: usize, count: i32, channels: i32): void {
  const end = to + ((<usize>count) << 2)
  for (; to < end; to += 16, columns += 16) {
    let pixels = v128.load32_zero(from + <usize>load<u32>(columns))
    pixels = v128.load32_lane(from + <usize>load<u32>(columns, 4), pixels, 1)
    pixels = v128.load32_lane(from + <usize>load<u32>(columns, 8), pixels, 2)
    pixels = v128.load32_lane(from + <usize>load<u32>(columns, 12), pixels, 3)
    v128.store(to, channels === 3 ? lumaOf4(pixels) : f32x4.convert_i32x4_s(v128.and(pixels, i32x4.splat(0xff))))
  }
}

/** 4 × 4 values, rows `stride` bytes apart, turned over into rows `step` bytes apart. */
function transpose(from: usize, stride: usize, to: usize, step: usize): void {
  const a = v128.load(from)
  const b = v128.load(from + stride)
  const c = v128.load(from + 2 * stride)
  const d = v128.load(from + 3 * stride)
  const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5)
  const ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7)
  const cd0 = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  const cd1 = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<i64>(ab0, cd0, 0, 2))
  v128.store(to + step, v128.shuffle<i64>(ab0, cd0, 1, 3))
  v128.store(to + 2 * step, v128.shuffle<i64>(ab1, cd1, 0, 2))
  v128.store(to + 3 * step, v128.shuffle<i64>(ab1, cd1, 1, 3))
}

/** How many values of a line of `length` the window around `at` covers. */
function covered(at: i32, length: i32, window: i32): i32 {
  const half = (window + 2) >> 1
  return min(length, at + half) - max(0, at - (window - half))
}

/** Running sums of eight lines that lie value beside value (32 bytes a step); division is left to the reader. */
function sumLines(from: usize, to: usize, length: i32, window: i32): void {
  const half = (window + 2) >> 1
  let left = from
  let right = from
  let out = to
  let a = f32x4.splat(0)
  let b = a
  for (let i = 1; i < half; i++, right += 32) {
    a = f32x4.add(a, v128.load(right))
    b = f32x4.add(b, v128.load(right, 16))
  }
  for (let i = half; i <= window; i++, right += 32, out += 32) {
    a = f32x4.add(a, v128.load(right))
    b = f32x4.add(b, v128.load(right, 16))
    v128.store(out, a)
    v128.store(out, b, 16)
  }
  for (let i = window; i < length; i++, left += 32, right += 32, out += 32) {
    a = f32x4.sub(f32x4.add(a, v128.load(right)), v128.load(left))
    b = f32x4.sub(f32x4.add(b, v128.load(right, 16)), v128.load(left, 16))
    v128.store(out, a)
    v128.store(out, b, 16)
  }
  for (let i = 1; i < half; i++, left += 32, out += 32) {
    a = f32x4.sub(a, v128.load(left))
    b = f32x4.sub(b, v128.load(left, 16))
    v128.store(out, a)
    v128.store(out, b, 16)
  }
}

/** Sums into means. A division by a power of two is exactly a multiplication, and much cheaper. */
function divideLines(at: usize, length: i32, window: i32): void {
  const exact = (window & (window - 1)) === 0
  const inverse = f32x4.splat(<f32>1 / <f32>window)
  for (let i = 0; i < length; i++, at += 32) {
    const inside = covered(i, length, window)
    if (exact && inside === window) {
      v128.store(at, f32x4.mul(v128.load(at), inverse))
      v128.store(at, f32x4.mul(v128.load(at, 16), inverse), 16)
    } else {
      const count = f32x4.splat(<f32>inside)
      v128.store(at, f32x4.div(v128.load(at), count))
      v128.store(at, f32x4.div(v128.load(at, 16), count), 16)
    }
  }
}

/** Room for eight lines side by side; rows of 64 are laid there too. */
function lineBytes(stride: usize): usize {
  return max<usize>(64 * 4, stride) << 3
}

function gatherLines(rows: usize, stride: usize, lines: usize, columns: i32): void {
  for (let x = 0; x < columns; x += 4, rows += CELL, lines += 128) {
    transpose(rows, stride, lines, 32)
    transpose(rows + 4 * stride, stride, lines + CELL, 32)
  }
}

function scatterLines(lines: usize, rows: usize, stride: usize, columns: i32): void {
  for (let x = 0; x < columns; x += 4, rows += CELL, lines += 128) {
    transpose(lines, 32, rows, stride)
    transpose(lines + CELL, 32, rows + 4 * stride, stride)
  }
}

/** First pass along rows: everything is kept. */
function blurRows(from: usize, to: usize, width: i32, height: i32, stride: usize, lines: usize, window: i32): void {
  const sums = lines + lineBytes(stride)
  for (let y = 0; y < height; y += 8) {
    const offset = <usize>y * stride
    gatherLines(from + offset, stride, lines, width)
    sumLines(lines, sums, width, window)
    divideLines(sums, width, window)
    scatterLines(sums, to + offset, stride, width)
  }
}

/** First pass along columns: row after row, the running sums of all columns at hand. */
function blurColumns(from: usize, to: usize, height: i32, stride: usize, sums: usize, window: i32): void {
  const half = (window + 2) >> 1
  memory.fill(sums, 0, stride)
  let left = from
  let right = from
  for (let i = 1; i < half; i++, right += stride) {
    for (let x: usize = 0; x < stride; x += 16) {
      v128.store(sums + x, f32x4.add(v128.load(sums + x), v128.load(right + x)))
    }
  }
  for (let y = 0; y < height; y++, to += stride) {
    const adds = y + half <= height
    const drops = y > window - half
    const inside = covered(y, height, window)
    if (adds && drops && (window & (window - 1)) === 0) {
      const inverse = f32x4.splat(<f32>1 / <f32>window)
      for (let x: usize = 0; x < stride; x += 16) {
        const sum = f32x4.sub(f32x4.add(v128.load(sums + x), v128.load(right + x)), v128.load(left + x))
        v128.store(sums + x, sum)
        v128.store(to + x, f32x4.mul(sum, inverse))
      }
    } else {
      const count = f32x4.splat(<f32>inside)
      for (let x: usize = 0; x < stride; x += 16) {
        let sum = v128.load(sums + x)
        if (adds) sum = f32x4.add(sum, v128.load(right + x))
        if (drops) sum = f32x4.sub(sum, v128.load(left + x))
        v128.store(sums + x, sum)
        v128.store(to + x, f32x4.div(sum, count))
      }
    }
    if (adds) right += stride
    if (drops) left += stride
  }
}

function picked(i: i32, length: i32): i32 {
  return <i32>(((<f64>i + 0.5) * <f64>length) / 64)
}

/** Second pass along rows: only the 64 columns that are kept are written, as rows of 64. */
function pickRows(from: usize, to: usize, width: i32, height: i32, stride: usize, lines: usize, window: i32): void {
  const sums = lines + lineBytes(stride)
  for (let y = 0; y < height; y += 8) {
    gatherLines(from + <usize>y * stride, stride, lines, width)
    sumLines(lines, sums, width, window)
    for (let j = 0; j < 64; j++) {
      const column = picked(j, width)
      const count = f32x4.splat(<f32>covered(column, width, window))
      const at = sums + ((<usize>column) << 5)
      v128.store(lines + ((<usize>j) << 5), f32x4.div(v128.load(at), count))
      v128.store(lines + ((<usize>j) << 5), f32x4.div(v128.load(at, 16), count), 16)
    }
    scatterLines(lines, to + ((<usize>y) << 8), 256, 64)
  }
}

/** Second pass along columns, 64 of them: only the 64 rows that are kept are written. */
function pickColumns(from: usize, to: usize, height: i32, sums: usize, window: i32): void {
  const half = (window + 2) >> 1
  memory.fill(sums, 0, 256)
  let left = from
  let right = from
  for (let i = 1; i < half; i++, right += 256) {
    for (let x: usize = 0; x < 256; x += 16) {
      v128.store(sums + x, f32x4.add(v128.load(sums + x), v128.load(right + x)))
    }
  }
  let next = 0
  for (let y = 0; y < height; y++) {
    const adds = y + half <= height
    const drops = y > window - half
    for (let x: usize = 0; x < 256; x += 16) {
      let sum = v128.load(sums + x)
      if (adds) sum = f32x4.add(sum, v128.load(right + x))
      if (drops) sum = f32x4.sub(sum, v128.load(left + x))
      v128.store(sums + x, sum)
    }
    if (adds) right += 256
    if (drops) left += 256
    const count = f32x4.splat(<f32>covered(y, height, window))
    for (; next < 64 && picked(next, height) === y; next++, to += 256) {
      for (let x: usize = 0; x < 256; x += 16) v128.store(to + x, f32x4.div(v128.load(sums + x), count))
    }
  }
}

function gradients(u: v128, v: v128): v128 {
  const scaled = f32x4.div(f32x4.mul(f32x4.sub(u, v), f32x4.splat(100)), f32x4.splat(255))
  return i32x4.abs(i32x4.trunc_sat_f32x4_s(scaled))
}

function lanes(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3)
}

function qualityOf(small: usize): i32 {
  let sum = i32x4.splat(0)
  for (let i: usize = 0; i < 63 * 256; i += 16) {
    sum = i32x4.add(sum, gradients(v128.load(small + i), v128.load(small + i + 256)))
  }
  const inner = i32x4(-1, -1, -1, 0)
  for (let i: usize = 0; i < 64 * 256; i += 16) {
    const across = gradients(v128.load(small + i), v128.load(small + i + 4))
    sum = i32x4.add(sum, (i & 255) === 240 ? v128.and(across, inner) : across)
  }
  return min(100, lanes(sum) / 90)
}

/** `dct`: 16 rows of 64 factors, then the same turned over (64 rows of 16). */
function transform(small: usize, dct: usize, half: usize, to: usize): void {
  for (let i: usize = 0; i < 16; i++) {
    for (let j: usize = 0; j < 256; j += 64) {
      let a = f32x4.splat(0)
      let b = a
      let c = a
      let d = a
      for (let k: usize = 0; k < 64; k++) {
        const factor = v128.load32_splat(dct + (i << 8) + (k << 2))
        const row = small + (k << 8) + j
        a = f32x4.add(a, f32x4.mul(factor, v128.load(row)))
        b = f32x4.add(b, f32x4.mul(factor, v128.load(row, 16)))
        c = f32x4.add(c, f32x4.mul(factor, v128.load(row, 32)))
        d = f32x4.add(d, f32x4.mul(factor, v128.load(row, 48)))
      }
      const row = half + (i << 8) + j
      v128.store(row, a)
      v128.store(row, b, 16)
      v128.store(row, c, 32)
      v128.store(row, d, 48)
    }
  }
  const turned = dct + 4096
  for (let i: usize = 0; i < 16; i++) {
    let a = f32x4.splat(0)
    let b = a
    let c = a
    let d = a
    for (let k: usize = 0; k < 64; k++) {
      const value = v128.load32_splat(half + (i << 8) + (k << 2))
      const row = turned + (k << 6)
      a = f32x4.add(a, f32x4.mul(value, v128.load(row)))
      b = f32x4.add(b, f32x4.mul(value, v128.load(row, 16)))
      c = f32x4.add(c, f32x4.mul(value, v128.load(row, 32)))
      d = f32x4.add(d, f32x4.mul(value, v128.load(row, 48)))
    }
    const row = to + (i << 6)
    v128.store(row, a)
    v128.store(row, b, 16)
    v128.store(row, c, 32)
    v128.store(row, d, 48)
  }
}

/**
 * Coefficients (256 values at `to`) and quality of the brightness values at `luma`, rows of `stride` values (a multiple of
 * 4, rows padded to a multiple of 8). `luma` is overwritten; `work` holds another picture, lines and the small picture.
 */
export function spectrum(luma: usize, width: i32, height: i32, stride: i32, dct: usize, work: usize, to: usize): i32 {
  const rowBytes = (<usize>stride) << 2
  const rows = (height + 7) & ~7
  const other = work
  const lines = other + <usize>rows * max<usize>(64 * 4, rowBytes)
  const small = lines + 2 * lineBytes(rowBytes)
  const half = small + 64 * 256 + 16
  if (width === 64 && height === 64) {
    memory.copy(small, luma, 64 * 256)
  } else {
    const across = (width + 127) / 128
    const down = (height + 127) / 128
    blurRows(luma, other, width, height, rowBytes, lines, across)
    blurColumns(other, luma, height, rowBytes, lines, down)
    pickRows(luma, other, width, height, rowBytes, lines, across)
    pickColumns(other, small, height, lines, down)
  }
  transform(small, dct, half, to)
  return qualityOf(small)
}

/** The hash (32 bytes at `to`) of 256 coefficients: bits above the 128th smallest value. `keys` is room for 256 values. */
export function bits(coefficients: usize, keys: usize, to: usize): void {
  // As integers in the same order, so that the median is found by halving.
  for (let i: usize = 0; i < 1024; i += 16) {
    const value = v128.load(coefficients + i)
    const flip = v128.and(i32x4.shr_s(value, 31), i32x4.splat(0x7fffffff))
    v128.store(keys + i, v128.xor(value, flip))
  }
  let low: i64 = i32.MIN_VALUE
  let high: i64 = i32.MAX_VALUE
  while (low < high) {
    const middle = (low + high) >> 1
    const guess = i32x4.splat(<i32>middle)
    let count = i32x4.splat(0)
    for (let i: usize = 0; i < 1024; i += 16) count = i32x4.sub(count, i32x4.le_s(v128.load(keys + i), guess))
    if (lanes(count) >= 128) high = middle
    else low = middle + 1
  }
  const key = <i32>low
  const median = f32x4.splat(reinterpret<f32>(key ^ ((key >> 31) & 0x7fffffff)))
  for (let byte: usize = 0; byte < 32; byte++) {
    const at = coefficients + (byte << 5)
    const few = i32x4.bitmask(f32x4.gt(v128.load(at), median))
    const more = i32x4.bitmask(f32x4.gt(v128.load(at, 16), median))
    store<u8>(to + 31 - byte, few | (more << 4))
  }
}
