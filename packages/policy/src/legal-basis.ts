import { SURFACES } from './surfaces.ts'

/** Places that are private: no detector looks there until somebody entered a legal ground for exactly that place. */
export const PRIVATE_PLACES = ['message', 'private_group', 'private_stream', 'private_media'] as const
/** Every place the switchboard knows: the surfaces, and the private ones. */
export const PLACES: readonly string[] = [...new Set<string>([...SURFACES, ...PRIVATE_PLACES])]

/** One line of the switchboard. `*` stands for every jurisdiction, every public place, every detector. */
export interface LegalBasisEntry {
  /** ISO 3166 code as the platform sends it, or `*`. */
  readonly jurisdiction: string
  readonly surface: string
  /** A detector (`lexicon`, `links`, `media-match`, a classifier's name) or `*`. */
  readonly detector: string
  readonly allowed: boolean
  /** The legal ground in words: statute and article, order, consent. */
  readonly ground: string
}

/** What a switch decided, and the line that did (null: the default). */
export interface LegalBasisDecision {
  readonly allowed: boolean
  readonly entry: LegalBasisEntry | null
}

/** A place nobody has heard of may be private: it is treated so. */
const isOpen = (surface: string): boolean =>
  PLACES.includes(surface) && !(PRIVATE_PLACES as readonly string[]).includes(surface)

/**
 * Whether a detector may look at a place under a jurisdiction. The most specific line decides (jurisdiction before surface
 * before detector), the later among equals; without one, public places are open; private ones and those that
 * nobody has heard of are off. `*` as a surface never opens these, and a jurisdiction that nobody told opens none but by a line for `*`. Linear in the lines.
 */
export function legalBasis(
  entries: readonly LegalBasisEntry[],
  detector: string,
  surface: string,
  jurisdiction: string | undefined,
): LegalBasisDecision {
  let best: LegalBasisEntry | null = null
  let strength = -1
  for (const entry of entries) {
    const one = weight(entry, detector, surface, jurisdiction)
    if (one < strength || one < 0) continue
    best = entry
    strength = one
  }
  return { allowed: best?.allowed ?? isOpen(surface), entry: best }
}

/** -1 where a line does not apply. */
function weight(entry: LegalBasisEntry, detector: string, surface: string, jurisdiction: string | undefined): number {
  if (entry.jurisdiction !== '*' && entry.jurisdiction !== jurisdiction) return -1
  if (entry.detector !== '*' && entry.detector !== detector) return -1
  if (entry.surface === '*') {
    if (entry.allowed && !isOpen(surface)) return -1
  } else if (entry.surface !== surface) return -1
  return (entry.jurisdiction === '*' ? 0 : 4) + (entry.surface === '*' ? 0 : 2) + (entry.detector === '*' ? 0 : 1)
}
