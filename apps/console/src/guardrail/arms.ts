import type { Arm, CurvePoint, Interval, ProbeRun, ProbeSummary } from '../api/types.ts'

/** The recommenders that a demo has, and how they are called on the screen. */
const KNOWN: readonly { readonly like: RegExp; readonly name: string; readonly text: string }[] = [
  { like: /follow/i, name: 'coFollow', text: 'Followed alike' },
  { like: /item|collab/i, name: 'itemBased', text: 'Liked alike' },
  { like: /popul/i, name: 'popularity', text: 'Popularity (control)' },
]

export interface Recommender {
  /** As the server calls it. */
  readonly name: string
  readonly text: string
}

/** The recommenders that were probed, in a fixed order; those of the demo when none was yet. */
export function recommendersOf(runs: readonly ProbeSummary[], demo: boolean): Recommender[] {
  const names = [...new Set(runs.map((run) => run.recommender))]
  const known = KNOWN.flatMap(({ like, name, text }) => {
    const probed = names.find((candidate) => like.test(candidate))
    return probed !== undefined || demo ? [{ name: probed ?? name, text }] : []
  })
  const other = names.filter((name) => !KNOWN.some(({ like }) => like.test(name)))
  return [...known, ...other.map((name) => ({ name, text: name }))]
}

export interface Curves {
  readonly before: Arm | undefined
  readonly after: Arm | undefined
  readonly benignBefore: Arm | undefined
  readonly benignAfter: Arm | undefined
}

export function curvesOf(run: ProbeRun): Curves {
  const find = (name: Arm['name'], guarded: boolean) =>
    run.arms.find((arm) => arm.name === name && arm.guarded === guarded)
  return {
    before: find('contact', false),
    after: find('contact', true),
    benignBefore: find('benign', false),
    benignAfter: find('benign', true),
  }
}

/** Share of the places in the lists that stay empty because of the guard. */
export function emptied({ before, after }: Curves): number {
  return before && after ? Math.max(0, (before.filled ?? 1) - (after.filled ?? 1)) : 0
}

export interface TableLine {
  readonly refresh: number
  readonly cells: readonly (CurvePoint | undefined)[]
}

/** The chart's numbers as lines of a table, one a refresh. */
export function tableLines(arms: readonly (Arm | undefined)[]): TableLine[] {
  const refreshes = new Set(arms.flatMap((arm) => arm?.points.map((point) => point.refresh) ?? []))
  return [...refreshes]
    .sort((a, b) => a - b)
    .map((refresh) => ({ refresh, cells: arms.map((arm) => arm?.points.find((point) => point.refresh === refresh)) }))
}

/** How many times smaller the second share is, in words; null where there is nothing to compare. */
export function reduction(before: Interval | undefined, after: Interval | undefined): string | null {
  if (!before || !after || before.share === 0) return null
  if (after.share === 0) return 'none left'
  const times = before.share / after.share
  return times < 1.05 ? 'no less' : `${times >= 10 ? Math.round(times) : times.toFixed(1)} times less`
}
