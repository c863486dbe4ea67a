import { formatHash } from '../hash.ts'
import { DIHEDRAL, type DihedralName, hashOfCoefficients, turned } from './bits.ts'
import { checkPicture, type PdqHash, type Picture } from './picture.ts'
import { referenceSpectrum, SMALLEST, type Spectrum, shrink } from './reference.ts'

/** A hash of one of the eight ways to lay the picture down. */
export interface DihedralHash {
  readonly orientation: DihedralName
  readonly hash: string
}

/**
 * PDQ of a decoded picture, equal bit for bit to the C++ reference on the same pixels. A side longer than 512 brings the
 * picture to 512 × 512 by nearest neighbour first; smaller pictures are never enlarged; a side under 5 gives the zero hash
 * with quality 0. Throws `media/pixels` when the bytes are not width × height × channels.
 */
export function pdqHash(pixels: Uint8Array, width: number, height: number, channels: 1 | 3): PdqHash {
  return hashOf(shrunk({ pixels, width, height, channels }))
}

/** PDQ of a video frame: the same without the step to 512 × 512, as vPDQ does it. */
export function pdqFrameHash(pixels: Uint8Array, width: number, height: number, channels: 1 | 3): PdqHash {
  const picture = { pixels, width, height, channels }
  checkPicture(picture)
  return hashOf(picture)
}

/**
 * The eight hashes of a picture turned by quarter turns and mirrored, the original first; all share one quality.
 * Little dearer than one. Look up all eight of the *questioned* picture to find turned copies of bank entries.
 */
export function pdqDihedral(pixels: Uint8Array, width: number, height: number, channels: 1 | 3): DihedralHash[] {
  const picture = shrunk({ pixels, width, height, channels })
  const { coefficients } = spectrumOf(picture)
  const blank = picture.width < SMALLEST || picture.height < SMALLEST
  return DIHEDRAL.map((way) => ({
    orientation: way.name,
    hash: formatHash(hashOfCoefficients(blank ? coefficients : turned(coefficients, way))),
  }))
}

function shrunk(picture: Picture): Picture {
  checkPicture(picture)
  return shrink(picture)
}

function spectrumOf(picture: Picture): Spectrum {
  return referenceSpectrum(picture)
}

function hashOf(picture: Picture): PdqHash {
  const { coefficients, quality } = spectrumOf(picture)
  return { hash: formatHash(hashOfCoefficients(coefficients)), quality }
}
