/** A process for the kill tests: takes tasks, says which it began, and never finishes one. */
import { openLedger } from '@firebreak/ledger'
import { testMasterKey } from '@firebreak/ledger/testing'

const [kind, place] = process.argv.slice(2) as ['embedded' | 'postgres', string]
const store = kind === 'embedded' ? { kind, dir: place } : { kind, url: place }
const ledger = await openLedger({ store, clock: Date.now, masterKey: testMasterKey })
if (kind === 'embedded') await ledger.tasks.enqueue('mail', { report: 'r-1' })
await ledger.tasks.work(
  'mail',
  async ({ data }) => {
    process.stdout.write(`${String(data.report)}\n`)
    await new Promise(() => setInterval(() => {}, 1000))
  },
  { retry: { limit: 1, backoffSeconds: 0 }, heartbeatSeconds: 10 },
)
