/**
 * A process for the kill tests: takes reports without pause and prints each request key with its report id once it is acknowledged.
 * Before new ones it repeats the requests of the round before (argument 4: how many per caller), as a platform without an answer would.
 */
import { randomBytes } from 'node:crypto'
import { ReportIntake } from '@firebreak/intake'
import { openLedger } from '@firebreak/ledger'
import { testMasterKey } from '@firebreak/ledger/testing'
import { plainRoute, report, testKeys } from './stage.ts'

const [kind, place, round] = process.argv.slice(2) as ['embedded' | 'postgres', string, string]
const store = kind === 'embedded' ? { kind, dir: place } : { kind, url: place }
const ledger = await openLedger({ store, clock: Date.now, masterKey: testMasterKey })
const intake = new ReportIntake({
  ledger,
  route: plainRoute,
  keys: testKeys,
  newId: () => randomBytes(12).toString('base64url'),
  seal: (text) => text,
})
process.stdout.write('open\n')

const CATEGORIES = ['fraud', 'spam', 'harassment', 'child-safety', 'intimate-image'] as const

async function send(of: string, name: number, i: number): Promise<void> {
  const key = `${of}-${name}-${i}`
  const { reportId } = await intake.submit(
    report({
      subject: { type: i % 3 === 0 ? 'content' : 'account', id: `s-${(name * 7 + i) % 50}` },
      category: CATEGORIES[i % CATEGORIES.length]!,
      source: `source-${name % 3}`,
      reporter: name % 2 === 0 ? { class: 'user', id: `acct-${name}` } : { class: 'user' },
      evidence: i % 4 === 0 ? [{ kind: 'image', reference: `item-${i}` }] : [],
    }),
    { caller: 'platform', key },
  )
  process.stdout.write(`${key} ${reportId}\n`)
}

async function caller(name: number): Promise<void> {
  const before = Number(round) - 1
  if (before >= 0) for (let i = 0; i < 4; i++) await send(String(before), name, i)
  for (let i = 0; ; i++) await send(round, name, i)
}
// A store that dies under it ends the process; what was acknowledged until then is what counts.
await Promise.all(Array.from({ length: 32 }, (_, name) => caller(name)))
