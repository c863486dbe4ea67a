import { createHash } from 'node:crypto'
import { type ReportInput, ReportIntake, reportKeys } from '@firebreak/intake'
import type { Ledger, LedgerOptions } from '@firebreak/ledger'
import { openTestLedger, TEST_TIME } from '@firebreak/ledger/testing'
import {
  DEFAULT_ROUTING,
  type DecisionInput,
  type DeskParts,
  ReviewDesk,
  type Reviewer,
  routerOf,
} from '@firebreak/review'

export interface Stage {
  now: number
  /** What the next draws are; 0.99 (nothing is drawn) when empty. */
  readonly draws: number[]
  readonly ledger: Ledger
  readonly intake: ReportIntake
  readonly desk: ReviewDesk
}

export async function openStage(options: { store?: LedgerOptions['store'] } & Partial<DeskParts> = {}): Promise<Stage> {
  const stage: { now: number; draws: number[] } = { now: TEST_TIME, draws: [] }
  const clock = () => stage.now
  const { store, ...parts } = options
  const ledger = await openTestLedger({ clock, ...(store === undefined ? {} : { store }) })
  let made = 0
  const intake = new ReportIntake({
    ledger,
    route: routerOf(DEFAULT_ROUTING),
    keys: reportKeys(createHash('sha256').update('a key for tests only').digest()),
    newId: () => `r${++made}`,
    seal: (text) => text,
  })
  const desk = new ReviewDesk({
    ledger,
    clock,
    newId: () => `n${++made}`,
    random: () => stage.draws.shift() ?? 0.99,
    ...parts,
  })
  return Object.assign(stage, { ledger, intake, desk })
}

export function report(rest: Partial<ReportInput> = {}): ReportInput {
  return {
    subject: { type: 'account', id: 'acct-0412' },
    category: 'fraud',
    text: 'sells a paper lantern that never comes',
    reporter: { class: 'user', id: 'acct-0001' },
    source: 'web',
    ...rest,
  }
}

export const about = (id: string, rest: Partial<ReportInput> = {}) =>
  report({ subject: { type: 'account', id }, ...rest })

export function moderator(id: string, rest: Partial<Reviewer> = {}): Reviewer {
  return { id, lanes: ['general', 'danger'], manages: false, ...rest }
}
export const guardian = (id: string) => moderator(id, { lanes: ['general', 'danger', 'child-safety'] })

export const dismissed: DecisionInput = {
  outcome: 'no-violation',
  policy: 'fraud/offers',
  ground: 'terms',
  actions: [],
  facts: '',
}
export const removed: DecisionInput = {
  outcome: 'violation',
  policy: 'fraud/offers',
  ground: 'terms',
  actions: [{ kind: 'suspend', days: 7 }],
  facts: 'Three buyers paid for lanterns that were never sent.',
}
