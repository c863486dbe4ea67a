/** A process for the kill tests: appends without pause, some alone and some in batches, and prints each id once it is acknowledged. */
import { openLedger } from '@firebreak/ledger'
import { testMasterKey } from '@firebreak/ledger/testing'

const [kind, place, round] = process.argv.slice(2) as ['embedded' | 'postgres', string, string]
const store = kind === 'embedded' ? { kind, dir: place } : { kind, url: place }
const ledger = await openLedger({ store, clock: Date.now, masterKey: testMasterKey })
process.stdout.write('open\n')

async function caller(name: number): Promise<void> {
  for (let i = 0; ; i++) {
    const events = Array.from({ length: name % 3 === 0 ? 40 : 1 }, (_, part) => ({
      id: `${round}-${name}-${i}-${part}`,
      type: 'follow',
      at: '2026-05-01T00:00:00Z',
      actor: { type: 'account', id: `a-${name}` },
      subject: { type: 'account', id: `b-${i}-${part}` },
      ...(i % 4 === 0 ? { data: { weight: 2 } } : {}),
    }))
    const results = await ledger.append(events, { kind: 'system', id: 'kill-test' })
    process.stdout.write(results.map(({ id, status }) => (status === 'accepted' ? `${id}\n` : '')).join(''))
  }
}
// A store that dies under it ends the process; what was acknowledged until then is what counts.
await Promise.all(Array.from({ length: 24 }, (_, name) => caller(name)))
