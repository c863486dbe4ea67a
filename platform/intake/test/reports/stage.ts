import { createHash } from 'node:crypto'
import { categoryOf, type ReportInput, ReportIntake, type Router, reportKeys } from '@firebreak/intake'
import type { Ledger, LedgerOptions } from '@firebreak/ledger'
import { openTestLedger, TEST_TIME } from '@firebreak/ledger/testing'

/** One queue per lane, clocks from the category. */
export const plainRoute: Router = ({ lane, category }) => ({ queue: lane, within: categoryOf(category).within ?? null })
export const testKeys = reportKeys(createHash('sha256').update('a key for tests only').digest())

export interface Stage {
  now: number
  readonly ledger: Ledger
  readonly intake: ReportIntake
}

export async function openStage(store?: LedgerOptions['store']): Promise<Stage> {
  const stage = { now: TEST_TIME }
  const ledger = await openTestLedger({ clock: () => stage.now, ...(store === undefined ? {} : { store }) })
  let made = 0
  const intake = new ReportIntake({
    ledger,
    route: plainRoute,
    keys: testKeys,
    newId: () => `r${++made}`,
    seal: (text) => Buffer.from(text).toString('base64'),
  })
  return Object.assign(stage, { ledger, intake })
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
