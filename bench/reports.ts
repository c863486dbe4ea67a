/**
 * Durable reports/s, acknowledged after the commit that holds report, evidence references, job and chain entry, on both stores, with
 * 1, 64 and 1,024 in flight; beside it plain events/s of the ledger in batches of the same size (what durability itself costs here),
 * and the books at the end. PostgreSQL: DATABASE_URL_TEST or a temporary cluster of the installed binaries, fully synced.
 * `npm run bench -- reports [seconds]`
 */
import { createHash, randomBytes } from 'node:crypto'
import { CATEGORY_NAMES, categoryOf, ReportIntake, readBooks, reportKeys } from '@firebreak/intake'
import type { Ledger } from '@firebreak/ledger'
import { onBothStores } from '@firebreak/ledger/testing'

const SECONDS = Number(process.argv[2] ?? 5)
const BY = { kind: 'system', id: 'bench' } as const

type Figures = Record<string, string>

async function measure(ledger: Ledger): Promise<Figures> {
  const intake = new ReportIntake({
    ledger,
    route: ({ lane, category }) => ({ queue: lane, within: categoryOf(category).within ?? null }),
    keys: reportKeys(createHash('sha256').update('bench').digest()),
    newId: () => randomBytes(12).toString('base64url'),
    seal: (text) => text,
  })
  await submit(intake, 256, 1)
  const figures: Figures = {}
  for (const inFlight of [1, 64, 1_024])
    figures[`reports/s, ${inFlight} in flight`] = rate(await submit(intake, inFlight, SECONDS))
  figures['ledger events/s, 1,024 in flight'] = rate(await events(ledger, 1_024))
  const { balanced, totals } = await readBooks(ledger)
  if (!balanced) throw new Error('the books do not balance')
  if (!(await ledger.verify()).ok) throw new Error('the chain does not verify')
  figures['reports in the balanced books'] = rate(totals.received)
  return figures
}

let made = 0

/** Reports as they come: 20,000 subjects of which a few draw most, a third anonymous, a quarter with evidence, each with its idempotency key. */
async function submit(intake: ReportIntake, inFlight: number, seconds: number): Promise<number> {
  const started = performance.now()
  let done = 0
  const caller = async () => {
    while (performance.now() - started < seconds * 1000) {
      const i = made++
      const subject = Math.floor(20_000 * ((i * 0.618_033_988_7) % 1) ** 3)
      await intake.submit(
        {
          subject: { type: i % 2 === 0 ? 'content' : 'account', id: `s-${subject}` },
          ...(i % 2 === 0 ? { author: `acct-${subject % 5_000}` } : {}),
          category: CATEGORY_NAMES[i % CATEGORY_NAMES.length]!,
          text: 'somebody offers paper lanterns that never come, again and again, under a new name each time',
          language: 'en',
          reporter: i % 3 === 0 ? { class: 'user' } : { class: 'user', id: `acct-${i % 9_000}` },
          source: 'web',
          ...(i % 4 === 0 ? { evidence: [{ kind: 'image' as const, reference: `item-${i}` }] } : {}),
        },
        { caller: 'bench', key: String(i) },
      )
      done++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, caller))
  return (done / (performance.now() - started)) * 1000
}

async function events(ledger: Ledger, inFlight: number): Promise<number> {
  const started = performance.now()
  let done = 0
  const caller = async (name: number) => {
    for (let i = 0; performance.now() - started < SECONDS * 1000; i++) {
      const account = (id: string) => ({ type: 'account', id })
      const at = '2026-05-01T00:00:00Z'
      await ledger.append(
        [
          {
            id: `e-${name}-${i}`,
            type: 'follow',
            at,
            actor: account(`acct-${name}`),
            subject: account(`acct-${i}`),
            data: { note: 'seashell' },
          },
        ],
        BY,
      )
      done++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, name) => caller(name)))
  return (done / (performance.now() - started)) * 1000
}

function rate(perSecond: number): string {
  return Math.round(perSecond).toLocaleString('en-US')
}

const { embedded, PostgreSQL } = await onBothStores(measure)
if (PostgreSQL === null) console.log('PostgreSQL is not installed: left out.')
const figures: Record<string, Figures> = { embedded, ...(PostgreSQL === null ? {} : { PostgreSQL }) }
const width = Math.max(...Object.keys(embedded).map((what) => what.length))
for (const [store, values] of Object.entries(figures)) {
  console.log(store)
  for (const [what, value] of Object.entries(values)) console.log(`  ${what.padEnd(width)}  ${value}`)
}
