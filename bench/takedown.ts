/**
 * A 405-account takedown from plan to appeals on the simulator's network, over a real embedded store on disk: how long each part takes,
 * what becomes of every step on a platform that fails now and then, which of those who come back are caught and how soon, and what
 * appeals take back. Who comes back how is the simulator's mixture (apps/simulator/src/comebacks.ts); the figures follow it.
 *   npm run bench -- takedown [--accounts 100000] [--seed 1]
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  AppealDesk,
  appealToken,
  Carrier,
  EnforcementDesk,
  type Hand,
  REBUILT_ALERT,
  RETURNER,
  ReturnWatch,
  rehearsalHand,
} from '@firebreak/enforcement'
import { canonicalEvent } from '@firebreak/intake'
import { seededRandom } from '@firebreak/kernel'
import { type EventInput, openLedger, type Principal } from '@firebreak/ledger'
import { comebacks, generateWorld, PLANS } from '@firebreak/simulator'
import { clopperPearson } from '@firebreak/statistics'

const { values } = parseArgs({
  options: { accounts: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
})
const by = (id: string): Principal => ({ kind: 'user', id })
const platform: Principal = { kind: 'api-key', id: 'platform' }
const random = seededRandom(`takedown/${values.seed}`)
const dir = mkdtempSync(join(tmpdir(), 'firebreak-takedown-'))
const clock = () => Date.now()
const fault = (error: unknown) => {
  throw error
}

const world = generateWorld({
  scenario: 'study',
  seed: Number(values.seed),
  endMs: clock() - 3_600_000,
  plan: { accounts: Number(values.accounts), network: PLANS.study.network },
})
const ledger = await openLedger({ store: { kind: 'embedded', dir }, clock, masterKeyFile: join(dir, 'key') })
const edge = { key: randomBytes(32), clock }
const rows: [string, string, string][] = []

async function timed<T>(what: string, work: () => Promise<T>, note: (value: T) => string): Promise<T> {
  const began = performance.now()
  const value = await work()
  rows.push([what, `${((performance.now() - began) / 1000).toFixed(1)} s`, note(value)])
  return value
}

async function store(events: Iterable<unknown>): Promise<number> {
  let batch: EventInput[] = []
  let stored = 0
  const flush = async () => {
    for (const { status } of await ledger.append(batch, platform)) if (status === 'accepted') stored++
    batch = []
  }
  for (const event of events) {
    const canonical = canonicalEvent(event, edge)
    if (!canonical.ok) throw new Error(`${canonical.code}: ${canonical.detail}`)
    batch.push(canonical.event as EventInput)
    if (batch.length === 10_000) await flush()
  }
  await flush()
  return stored
}

/** A platform that fails one call in fifty and refuses one account it no longer knows. */
let calls = 0
let unknown = ''
const hand: Hand = {
  name: 'simulated platform',
  live: true,
  async act(step) {
    calls++
    if (step.account === unknown) return { outcome: 'refused', detail: 'HTTP 404' }
    return random() < 0.02 ? { outcome: 'failed', detail: 'HTTP 503' } : { outcome: 'acknowledged' }
  },
}

await timed(
  'what happened stored',
  () => store(world.events()),
  (n) => `${n.toLocaleString('en')} events`,
)

const hubs = [...world.truth.hubs]
unknown = hubs[7]!
const shared = {
  ledger,
  clock,
  newId: () => randomBytes(9).toString('base64url'),
  appealKey: randomBytes(32),
  appealAddress: 'https://safety.example/appeal',
}
const desk = new EnforcementDesk({
  ...shared,
  random,
  protectedAccounts: () => world.protectedAccounts(),
  networkRows: async () => ({ rows: [], threshold: 1 }),
  rehearsalHand: rehearsalHand(),
})
const theCase = await desk.openCase(
  {
    name: 'takedown',
    policy: 'child-safety/network',
    legalBasis: 'terms of service',
    expiresAt: new Date(clock() + 30 * 86_400_000).toISOString(),
    networkId: null,
  },
  by('ada'),
)
const schedule = { mode: 'at-once', perMinute: 60_000 } as const
const plan = await timed(
  'plan drafted from facts',
  () => desk.draft(theCase.id, { accounts: hubs, sanctions: [{ kind: 'disable' }], schedule }, by('ada')),
  ({ members, blast }) =>
    `${members.length} members, ${members.filter(({ grounds }) => grounds === 'conduct').length} with conduct of their own; ${blast.followers.toLocaleString('en')} followers touched`,
)
await timed(
  'every piece of evidence opened',
  async () => {
    let opened = 0
    for (const member of plan.members)
      if (member.grounds === 'conduct')
        for (const { id } of member.conduct) {
          await desk.open(plan.id, member.account, id, 'supports', by('ada'))
          opened++
        }
    return opened
  },
  (opened) => `${opened} pieces, each logged`,
)
await timed(
  'rehearsed',
  () => desk.rehearse(plan.id, by('ada')),
  ({ rehearsal }) => `${rehearsal?.steps} steps, nobody touched (${calls} calls)`,
)
await timed(
  'approved by a second person',
  () => desk.approve(plan.id, by('grace')),
  ({ state }) => state,
)
const carrier = new Carrier({ ...shared, hand, onFault: fault, every: 200 })
await timed(
  'carried out, failures repeated',
  async () => {
    await desk.execute(plan.id, by('ada'))
    while ((await desk.plan(plan.id)).state === 'executing') await new Promise((resolve) => setTimeout(resolve, 100))
    return desk.receipts(plan.id)
  },
  (receipts) => {
    const count = (state: string) => receipts.filter((receipt) => receipt.state === state).length
    return `${count('acknowledged')} acknowledged, ${count('refused')} refused, ${count('dead')} dead-lettered; ${calls} calls`
  },
)

const removed = plan.members
  .filter(({ account, grounds }) => grounds === 'conduct' && account !== unknown)
  .map(({ account }) => account)
const { events, returned, innocent } = comebacks(world, removed, clock(), Number(values.seed))
const watch = new ReturnWatch({ ledger, clock, onFault: fault })
watch.start()
const waits: number[] = []
await timed(
  'two days of people joining',
  async () => {
    for (let from = 0; from < events.length; from += 20) {
      const before = (await ledger.labels.active({ value: RETURNER })).length
      const began = performance.now()
      await store(events.slice(from, from + 20).map((event) => ({ ...event, at: new Date(clock()).toISOString() })))
      const head = await ledger.head()
      while ((await ledger.cursor('returners').get()) < head && performance.now() - began < 60_000)
        await new Promise((resolve) => setTimeout(resolve, 5))
      if ((await ledger.labels.active({ value: RETURNER })).length > before) waits.push(performance.now() - began)
    }
    return events.length
  },
  (n) => `${n} events, ${returned.size} returned, ${innocent.size} innocent newcomers`,
)
const labelled = (await ledger.labels.active({ value: RETURNER })).map(({ subject }) => subject.id)
const right = labelled.filter((account) => returned.has(account)).length
const share = (of: number, all: number) => {
  const { low, high } = clopperPearson(of, all)
  return `${((100 * of) / all).toFixed(1)} % [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`
}
const rebuilt = (await ledger.documents.list(REBUILT_ALERT)).length
waits.sort((a, b) => a - b)
rows.push([
  'returners caught',
  `${((waits.at(-1) ?? 0) / 1000).toFixed(2)} s at most`,
  `recall ${share(right, returned.size)}, precision ${share(right, labelled.length)}; "network rebuilt" alerts: ${rebuilt}`,
])

const appeals = new AppealDesk({ ...shared, desk })
await timed(
  'appeals of 20, every fourth overturned',
  async () => {
    for (let n = 0; n < 20; n++) {
      const appeal = await appeals.submit(appealToken(shared.appealKey, plan.id, n + 20), 'sanction', 'It was not me.')
      const outcome = n % 4 === 0 ? 'overturned' : 'upheld'
      await appeals.decide(appeal.id, { outcome, reason: 'looked at again' }, by('mary'), false)
    }
    await carrier.tick()
    while (
      (await desk.receipts(plan.id)).some(({ direction, state }) => direction === 'reverse' && state === 'waiting')
    )
      await new Promise((resolve) => setTimeout(resolve, 200))
    return (await desk.receipts(plan.id)).filter(
      ({ direction, state }) => direction === 'reverse' && state === 'acknowledged',
    ).length
  },
  (reversed) => `${reversed} accounts given back`,
)
await timed(
  'audit chain verified',
  () => ledger.verify(),
  ({ ok, entries }) => `${ok ? 'whole' : 'BROKEN'}, ${entries.toLocaleString('en')} entries`,
)
await watch.close()
await carrier.close()
await ledger.close()
rmSync(dir, { recursive: true, force: true })
const wide = Math.max(...rows.map(([what]) => what.length))
for (const [what, time, note] of rows) console.log(`${what.padEnd(wide)}  ${time.padStart(14)}  ${note}`)
