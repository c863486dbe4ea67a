import { FirebreakError } from '@firebreak/kernel'

/** A line that was not understood: kept, counted and shown, never skipped in silence. */
export interface BadLine {
  readonly line: number
  readonly reason: string
}

/** More bad lines than this share of all lines stop a run (house rule; `--strict` allows none). */
export const BAD_LINE_LIMIT = 0.01
const KEPT = 20

/** Counts lines and keeps the first bad ones of one file. */
export class LineCount {
  total = 0
  bad = 0
  readonly firstBad: BadLine[] = []

  reject(line: number, reason: string): void {
    this.bad++
    if (this.firstBad.length < KEPT) this.firstBad.push({ line, reason })
  }

  /** Throws `input/too-many-bad-lines` when the file is beyond its limit; call once, at the end. */
  assertAcceptable(name: string, strict: boolean): void {
    if (this.bad === 0 || (!strict && this.bad <= this.total * BAD_LINE_LIMIT)) return
    const first = this.firstBad[0]!
    const limit = strict ? 'none, --strict' : '1 %'
    const where = `line ${first.line}, ${first.reason}`
    throw new FirebreakError('input/too-many-bad-lines', [name, this.bad, this.total, limit, where])
  }
}
