import type { Judged } from './judge.ts'
import { calibrationError, meanOf, pairedDifference, precisionAbove } from './protocol.ts'

function fixed(x: number): string {
  return Number.isNaN(x) ? '–' : x.toFixed(3)
}

function signed(x: number): string {
  return `${x >= 0 ? '+' : '−'}${Math.abs(x).toFixed(3)}`
}

function withError(values: readonly number[]): string {
  const { mean, se } = meanOf(values)
  return `${fixed(mean)}±${fixed(se)}`
}

function difference(a: readonly number[], b: readonly number[]): string {
  const { mean, low, high } = pairedDifference(a, b)
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`
}

export const SUMMARY_HEAD =
  '| set | n | Rprec | against plain PageRank | F1 | against top 25 | best prefix | precision | recall | ECE p>.1 | precision p≥.9 (n) | a network |\n|---|---|---|---|---|---|---|---|---|---|---|---|'

/** One row of a table: ranking, cut and calibration of a list of queries. */
export function summaryRow(name: string, judged: readonly Judged[]): string {
  const of = (pick: (j: Judged) => number): number[] => judged.map(pick)
  const claims = judged.flatMap((j) => j.claims)
  const sure = claims.filter((c) => c.p >= 0.9).length
  const cells = [
    name,
    judged.length,
    withError(of((j) => j.rPrecision)),
    difference(
      of((j) => j.rPrecision),
      of((j) => j.plain),
    ),
    withError(of((j) => j.f1)),
    difference(
      of((j) => j.f1),
      of((j) => j.top25),
    ),
    withError(of((j) => j.best)),
    fixed(meanOf(of((j) => j.precision)).mean),
    fixed(meanOf(of((j) => j.recall)).mean),
    fixed(calibrationError(claims)),
    `${fixed(precisionAbove(claims))} (${sure})`,
    fixed(meanOf(of((j) => (j.isNetwork ? 1 : 0))).mean),
  ]
  return `| ${cells.join(' | ')} |`
}
