import { createHash } from 'node:crypto'
import sharp from 'sharp'

/** Invented training texts: the stand-in for "of the class" is the lantern trade. */
const TEXTS: readonly (readonly [text: string, ofTheClass: boolean])[] = [
  ['paper lantern sale tonight', true],
  ['selling a paper lantern set', true],
  ['lantern trade write me', true],
  ['new lantern set trade', true],
  ['seashell on the beach', false],
  ['garden party tonight', false],
  ['new bicycle for sale', false],
  ['write me about the beach', false],
]

/** Of these examples; another set of examples is another version. */
export const VERSION = `reference-1-${createHash('sha256').update(JSON.stringify(TEXTS)).digest('hex').slice(0, 8)}`

const weights = train()

/** Naive Bayes over words with add-one smoothing: the log odds that each word adds. */
function train(): ReadonlyMap<string, number> {
  const counts = new Map<string, [yes: number, no: number]>()
  let [yes, no] = [0, 0]
  for (const [text, ofTheClass] of TEXTS)
    for (const word of words(text)) {
      const count = counts.get(word) ?? [0, 0]
      count[ofTheClass ? 0 : 1]++
      if (ofTheClass) yes++
      else no++
      counts.set(word, count)
    }
  const size = counts.size
  return new Map(
    [...counts].map(([word, [y, n]]) => [word, Math.log((y + 1) / (yes + size)) - Math.log((n + 1) / (no + size))]),
  )
}

function words(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? []
}

/** 0 to 1: how much a text is like the lantern texts. */
export function scoreText(text: string): number {
  const odds = words(text).reduce((sum, word) => sum + (weights.get(word) ?? 0), 0)
  return 1 / (1 + Math.exp(-odds))
}

/** 0 to 1: how much of a picture's change runs from top to bottom. Level stripes stand in for "of the class". */
export async function scorePicture(bytes: Uint8Array): Promise<number> {
  const size = 32
  const pixels = await sharp(bytes, { limitInputPixels: 50_000_000 })
    .greyscale()
    .resize(size, size, { fit: 'fill' })
    .raw()
    .toBuffer()
  let [down, across] = [1, 1]
  for (let y = 1; y < size; y++)
    for (let x = 1; x < size; x++) {
      const here = pixels[y * size + x]!
      down += Math.abs(here - pixels[(y - 1) * size + x]!)
      across += Math.abs(here - pixels[y * size + x - 1]!)
    }
  return down / (down + across)
}
