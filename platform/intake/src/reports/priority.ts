import { DAY, HOUR } from '@firebreak/kernel'
import type { ReporterClass } from './types.ts'

/** What urgency is made of. */
export interface Urgency {
  /** 1 … 5. */
  readonly severity: number
  /** Views or followers; 0 when unknown. */
  readonly reach: number
  /** Sum of the weights of the reporter clusters, > 0. */
  readonly voices: number
}

/** Each doubling of severity × reach × reporters lets a job pass those that came this much earlier. */
const DOUBLING = 6 * HOUR
/** The most a job may pass: whoever waits longer than this is served before anything new. No job starves. */
export const MOST_CREDIT = 7 * DAY

/** How many milliseconds earlier a job counts as opened. Each level of severity weighs four times the one below. */
export function creditOf({ severity, reach, voices }: Urgency): number {
  const weight = 4 ** (severity - 1) * (1 + Math.log10(1 + Math.max(0, reach))) * Math.max(voices, 1e-3)
  return Math.min(MOST_CREDIT, Math.max(0, DOUBLING * Math.log2(weight)))
}

/**
 * Place in the line: earlier is more urgent. Ageing is in it (a job gains a millisecond each millisecond against every newer one),
 * so that it never has to be computed again while the job waits.
 */
export function rankOf(openedAt: number, urgency: Urgency): number {
  return openedAt - creditOf(urgency)
}

/** Prior upheld and decided reports by class (a Beta prior): what a reporter is worth before we know them. */
const PRIOR: Readonly<Record<ReporterClass, readonly [upheld: number, decided: number]>> = {
  user: [1, 4],
  automated: [2, 4],
  hotline: [18, 20],
  'trusted-flagger': [18, 20],
  authority: [19, 20],
}

/** Expected share of this reporter's reports that are upheld: weight of their voice, 0 … 1. */
export function accuracyOf(reporterClass: ReporterClass, upheld: number, decided: number): number {
  const [priorUpheld, priorDecided] = PRIOR[reporterClass]
  return (upheld + priorUpheld) / (decided + priorDecided)
}

/** Reporters with fewer decided reports than this have no voice of their own yet: they share one per source and class. */
const KNOWN_AFTER = 1

/** Under which name a report raises priority. Given groups (linked accounts), else the reporter once known, else all newcomers of a source as one. */
export function clusterOf(given: {
  readonly cluster?: string | undefined
  readonly reporter: string | null
  readonly decided: number
  readonly reporterClass: ReporterClass
  readonly source: string
}): string {
  if (given.cluster !== undefined) return `group:${given.cluster}`
  const known = given.reporter !== null && (given.decided >= KNOWN_AFTER || given.reporterClass !== 'user')
  return known ? `reporter:${given.reporter}` : `newcomers:${given.source}`
}
