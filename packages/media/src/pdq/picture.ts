import { FirebreakError } from '@firebreak/kernel'

/** A decoded picture: rows from the top, pixels from the left, one byte a channel (grey, or red green blue), no padding. */
export interface Picture {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
}

/** One PDQ hash: 64 hexadecimal digits, and how much there was to see in the picture (0 nothing, 100 plenty; below 50: do not match). */
export interface PdqHash {
  readonly hash: string
  readonly quality: number
}

/** Pictures larger than this in either direction are first brought to 512 × 512; smaller ones are never enlarged. */
export const FULL_SIZE = 512

/** Throws `media/pixels` where the bytes are not a picture of this size. */
export function checkPicture({ pixels, width, height, channels }: Picture): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0
  if (whole && (channels === 1 || channels === 3) && pixels.length === width * height * channels) return
  throw new FirebreakError('media/pixels', [`${width} × ${height} × ${channels}`, pixels.length])
}
