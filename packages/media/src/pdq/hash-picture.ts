import { type CoreResult, PdqCore } from '../core/pdq-core.ts'
import { formatHash, HASH_BYTES } from '../hash.ts'
import { DIHEDRAL, type DihedralName, turned } from './bits.ts'
import { checkPicture, type PdqHash, type Picture } from './picture.ts'
import { SMALLEST } from './reference.ts'

/** A hash of one of the eight ways to lay the picture down. */
export interface DihedralHash {
  readonly orientation: DihedralName
  readonly hash: string
}

const NOTHING = formatHash(new Uint8Array(HASH_BYTES))
let core: PdqCore | undefined

/**
 * PDQ of a decoded picture, equal bit for bit to the C++ reference on the same pixels. A side longer than 512 brings the
 * picture to 512 × 512 by nearest neighbour first; smaller pictures are never enlarged; a side under 5 gives the zero hash
 * with quality 0. Throws `media/pixels` when the bytes are not width × height × channels. About half a millisecond.
 */
export function pdqHash(pixels: Uint8Array, width: number, height: number, channels: 1 | 3): PdqHash {
  return hashOf({ pixels, width, height, channels }, true)
}

/** PDQ of a video frame: the same without the step to 512 × 512, as vPDQ does it. */
export function pdqFrameHash(pixels: Uint8Array, width: number, height: number, channels: 1 | 3): PdqHash {
  return hashOf({ pixels, width, height, channels }, false)
}

/**
 * The eight hashes of a picture turned by quarter turns and mirrored, the original first; all share one quality.
 * Little dearer than one. Look up all eight of the *questioned* picture to find turned copies of bank entries.
 */
export function pdqDihedral(pixels: Uint8Array, width: number, height: number, channels: 1 | 3): DihedralHash[] {
  const result = resultOf({ pixels, width, height, channels }, true)
  return DIHEDRAL.map((way) => ({
    orientation: way.name,
    hash: result ? formatHash(core!.hashCoefficients(turned(result.coefficients, way))) : NOTHING,
  }))
}

function resultOf(picture: Picture, shrink: boolean): CoreResult | null {
  checkPicture(picture)
  if (picture.width < SMALLEST || picture.height < SMALLEST) return null
  core ??= new PdqCore()
  return core.hash(picture, shrink)
}

function hashOf(picture: Picture, shrink: boolean): PdqHash {
  const result = resultOf(picture, shrink)
  return result ? { hash: formatHash(result.hash), quality: result.quality } : { hash: NOTHING, quality: 0 }
}
