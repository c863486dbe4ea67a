/** Why an exchange could not go on; shown with the exchange. `refused`: trying again without a change makes no sense. */
export type ProblemCode = 'unreachable' | 'busy' | 'refused' | 'malformed' | 'stale-page' | 'settings'

/** A step that did not work at the source. Caught by the desk, never an answer of its own. */
export class ExchangeProblem extends Error {
  override readonly name = 'ExchangeProblem'
  readonly code: ProblemCode
  /** What the source asked to wait, in milliseconds. */
  readonly retryAfter: number | null

  constructor(code: ProblemCode, message: string, retryAfter: number | null = null) {
    super(message)
    this.code = code
    this.retryAfter = retryAfter
  }
}
