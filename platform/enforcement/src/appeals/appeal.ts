/** Six calendar months (Regulation (EU) 2022/2065, art. 20(1)). */
export const APPEAL_MONTHS = 6

export type AppealRoute = 'sanction' | 'victim'
export type AppealState = 'open' | 'upheld' | 'overturned'

export interface Appeal {
  readonly id: string
  readonly account: string
  readonly planId: string
  /** `victim`: the person says that they are one; only the child-safety role decides, and nothing is weighed against them. */
  readonly route: AppealRoute
  readonly openedAt: number
  readonly state: AppealState
  readonly decidedBy: string | null
  readonly reason: string | null
}

/** The last moment at which a decision told at `toldAt` can be appealed. */
export function appealUntil(toldAt: number): number {
  const date = new Date(toldAt)
  const day = date.getUTCDate()
  date.setUTCMonth(date.getUTCMonth() + APPEAL_MONTHS)
  // 31 August + 6 months is the last of February, not a day in March.
  if (date.getUTCDate() !== day) date.setUTCDate(0)
  return date.getTime()
}

export type AppealObstacle = 'decided-already' | 'same-person' | 'needs-child-safety-role'

/** Whether somebody may decide an appeal: a human who had no part in what is appealed. */
export function appealObstacle(
  appeal: Appeal,
  decider: { readonly id: string; readonly childSafety: boolean },
  involved: ReadonlySet<string>,
): AppealObstacle | null {
  if (appeal.state !== 'open') return 'decided-already'
  if (involved.has(decider.id)) return 'same-person'
  if (appeal.route === 'victim' && !decider.childSafety) return 'needs-child-safety-role'
  return null
}
