import { NO_TERM, type ParityCase } from './cases.ts'

/** A case with the answer of the platform. */
export interface ParityAnswer extends ParityCase {
  /** An action (`allow`, `drop` …) or what the target file calls it; `error: …` where no answer came. */
  readonly verdict: string
}

export interface ParityRow extends ParityAnswer {
  /** What the plain term got in the same place; `allow` for the control. */
  readonly expected: string
  readonly same: boolean
}

/** How a place stands. */
export interface PlaceParity {
  readonly place: string
  readonly cases: number
  readonly different: number
  /** What the plain terms got there, in order of the terms. */
  readonly plain: readonly string[]
}

export interface ParityReport {
  readonly rows: readonly ParityRow[]
  readonly places: readonly PlaceParity[]
  readonly different: number
}

const ALLOW = 'allow'

/**
 * Compares answers: in each place every disguise must get what the plain term gets there; no place may allow a plain term that another
 * one withholds; the control must be allowed everywhere.
 */
export function compareAnswers(answers: readonly ParityAnswer[]): ParityReport {
  const plain = new Map(answers.filter(({ disguise }) => disguise === 'plain').map((one) => [keyOf(one), one.verdict]))
  const withheld = new Set(
    answers.filter(({ disguise, verdict }) => disguise === 'plain' && verdict !== ALLOW).map(({ term }) => term),
  )
  const rows = answers.map((answer): ParityRow => {
    const here = answer.term === NO_TERM ? ALLOW : plain.get(keyOf(answer))!
    const expected = here === ALLOW && withheld.has(answer.term) ? 'withheld, as elsewhere' : here
    return { ...answer, expected, same: answer.verdict === expected }
  })
  const places = [...Map.groupBy(rows, ({ place }) => place)].map(([place, group]) => ({
    place,
    cases: group.length,
    different: group.filter(({ same }) => !same).length,
    plain: group.filter(({ disguise }) => disguise === 'plain').map(({ verdict }) => verdict),
  }))
  return { rows, places, different: rows.filter(({ same }) => !same).length }
}

function keyOf({ place, term }: ParityCase): string {
  return `${place}\0${term}`
}
