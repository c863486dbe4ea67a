import { compileTerms, type TermMatcher } from '@firebreak/text'

/**
 * Words of help, recovery and reporting. A listed term that stands inside one of them is never withheld in silence: the person
 * asking is offered help instead. Operators add their own.
 */
export const PROTECTED_TERMS: readonly string[] = [
  'survivor',
  'survivors',
  'survivor support',
  'survivor stories',
  'helpline',
  'hotline',
  'crisis line',
  'child protection',
  'child safety',
  'safeguarding',
  'stop it now',
  'report abuse',
  'reporting abuse',
  'abuse prevention',
  'recovery',
  'healing',
  'therapy',
  'victim support',
  'online safety',
  'metoo',
  'Hilfetelefon',
  'Kinderschutz',
  'Überlebende',
  'Opferhilfe',
  'Beratungsstelle',
  'protection de l’enfance',
  'aide aux victimes',
  'survivante',
  'numéro d’urgence',
  'línea de ayuda',
  'protección infantil',
  'sobreviviente',
  'apoyo a víctimas',
]

/** Where protected words stand in texts. */
export class ProtectedTerms {
  readonly #matcher: TermMatcher
  readonly terms: readonly string[]

  constructor(own: readonly string[] = []) {
    this.terms = [...new Set([...PROTECTED_TERMS, ...own])]
    this.#matcher = compileTerms(this.terms.map((term, i) => ({ id: String(i), term, reversed: false, fuzzy: false })))
  }

  /** Whether protected words stand at these offsets or touch them. Disguised ones do not count: help needs no disguise. */
  covers(text: string, hits: readonly { readonly start: number; readonly end: number }[]): boolean[] {
    if (hits.length === 0) return []
    const places = this.#matcher.find(text).filter(({ tier }) => tier === 'exact')
    return hits.map((hit) => places.some(({ start, end }) => start < hit.end && hit.start < end))
  }
}
