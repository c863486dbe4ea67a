import type { AgeBand } from '@firebreak/policy'

/** What the guard knows of persons apart from labels. Nothing of it is ever part of an answer. */
export interface People {
  ageOf(account: string): AgeBand
  /** Whether both follow each other; undefined while that is not known. */
  related(a: string, b: string): boolean | undefined
  /** How often in the last `windowMs`; undefined for a counter nobody keeps. `key` is an account or a surface. */
  countIn(counter: string, key: string, windowMs: number, at: number, other?: string): number | undefined
}

/** Nobody's age is known, nothing was counted. */
export const NO_PEOPLE: People = {
  ageOf: () => 'unknown',
  related: () => undefined,
  countIn: () => 0,
}
