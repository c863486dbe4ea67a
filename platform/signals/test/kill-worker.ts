/** A process that takes posts and hashes their media, until it is killed. Prints a line whenever a medium is under way, and its state at the end. */
import { openLedger } from '@firebreak/ledger'
import { testMasterKey } from '@firebreak/ledger/testing'
import { Banks, ContentSignals } from '../src/index.ts'
import { inventedMedia, urlOf } from './content-stage.ts'
import { entry, SYSTEM, testSealer } from './stage.ts'

const [dir, round, count] = process.argv.slice(2)
const MEDIA = Number(count)
/** Claims of a killed process lapse: each round is ten minutes later. */
const clock = () => Date.parse('2026-06-01T12:00:00Z') + Number(round) * 600_000
const digest = (i: number) => Buffer.alloc(16, i + 1)

const ledger = await openLedger({ store: { kind: 'embedded', dir: dir! }, clock, masterKey: testMasterKey })
const banks = await Banks.open({ ledger, sealer: testSealer, clock })
if (banks.list().length === 0) {
  await banks.create('ADOPTED', { adopted: true, floodLimit: 10_000 }, SYSTEM)
  await banks.add(
    'ADOPTED',
    'md5',
    Array.from({ length: MEDIA / 2 }, (_, i) => entry(digest(i * 2))),
    SYSTEM,
  )
}
const media = inventedMedia()
const signals = ContentSignals.open({
  ...{ ledger, banks, sealer: testSealer, clock, holder: `round-${round}`, workers: 3, pollEvery: 20 },
  media: {
    fetch: async (url, signal) => {
      process.stdout.write('under way\n')
      await new Promise((later) => setTimeout(later, 5))
      return media.fetch(url, signal)
    },
    hash: media.hash,
  },
})
await ledger.append(
  Array.from({ length: MEDIA }, (_, i) => ({
    ...{ id: `post-${i}`, type: 'post.created', at: '2026-06-01T11:00:00Z' },
    ...{ actor: { type: 'account', id: `acct-${i % 7}` }, subject: { type: 'content', id: `content-${i}` } },
    data: { attachments: [urlOf(['md5', digest(i)])] },
  })),
  SYSTEM,
)
for (;;) {
  await new Promise((later) => setTimeout(later, 20))
  const status = await signals.status()
  const { pending, hashed } = status.media
  if (pending > 0 || hashed === 0 || status.catalogue.position !== status.catalogue.head) continue
  const labels = await ledger.labels.active({ value: 'known-media' })
  const rows = await ledger.db.selectFrom('medium').select('state').execute()
  console.log(
    JSON.stringify({
      media: status.media,
      rows: rows.length,
      labels: labels.length,
      verified: (await ledger.verify()).ok,
    }),
  )
  break
}
await signals.close()
await banks.close()
await ledger.close()
