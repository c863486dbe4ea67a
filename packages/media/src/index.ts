export {
  formatHash,
  HASH_BITS,
  HASH_BYTES,
  hammingDistance,
  isHash,
  PDQ_DISTANCE,
  PDQ_QUALITY,
  parseHash,
} from './hash.ts'
export type { DihedralName } from './pdq/bits.ts'
export { type DihedralHash, pdqDihedral, pdqFrameHash, pdqHash } from './pdq/hash-picture.ts'
export type { PdqHash } from './pdq/picture.ts'
export { compactInBackground } from './radius/background.ts'
export type { Neighbour } from './radius/linear-scan.ts'
export { RadiusIndex, type RadiusReader, type SharedIndex } from './radius/radius-index.ts'
export { formatVpdq, formatVpdqJson, parseVpdq, type VpdqFeature } from './vpdq/features.ts'
export { distinctHashes, matchVpdq, VPDQ_RULE, type VpdqMatch, type VpdqRule } from './vpdq/match.ts'
