import { seededRandom } from '@firebreak/kernel'
import type { Picture } from '../src/pdq/picture.ts'

export const KINDS = ['noise', 'flat', 'gradient', 'rectangles'] as const
export type Kind = (typeof KINDS)[number]

/** A generated picture: the same arguments, the same pixels, on every machine. */
export function picture(kind: Kind, width: number, height: number, channels: 1 | 3, seed = 1): Picture {
  const pixels = new Uint8Array(width * height * channels)
  const random = seededRandom(`${kind} ${width} ${height} ${channels} ${seed}`)
  if (kind === 'flat') pixels.fill(137)
  if (kind === 'noise') for (let i = 0; i < pixels.length; i++) pixels[i] = Math.floor(random() * 256)
  if (kind === 'gradient') {
    for (let i = 0; i < pixels.length; i++) {
      const at = Math.floor(i / channels)
      pixels[i] = Math.floor(((at % width) * 200) / width + (Math.floor(at / width) * 55) / height)
    }
  }
  if (kind === 'rectangles') for (let i = 0; i < 12; i++) paintRectangle(pixels, width, height, channels, random)
  return { pixels, width, height, channels }
}

function paintRectangle(
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: number,
  random: () => number,
): void {
  const [left, top] = [Math.floor(random() * width), Math.floor(random() * height)]
  const right = Math.min(width, left + 1 + Math.floor((random() * width) / 2))
  const bottom = Math.min(height, top + 1 + Math.floor((random() * height) / 2))
  const colour = [random(), random(), random()].map((value) => Math.floor(value * 256))
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      for (let c = 0; c < channels; c++) pixels[(y * width + x) * channels + c] = colour[c]!
}
