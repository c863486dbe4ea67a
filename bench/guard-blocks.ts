/**
 * How long following the ledger keeps the guard's event loop from answering: while a million labels are taken in, while
 * labels stream in afterwards, and under a new policy. Source: an array, so that what is measured is the guard's own work.
 *   npm run bench -- guard-blocks [LABELS]
 */
import { setTimeout } from 'node:timers/promises'
import { Guard, type GuardSource } from '@firebreak/guard'
import type { Adjacency, Label } from '@firebreak/ledger'
import { DEFAULT_POLICY, policyWith } from '@firebreak/policy'

const count = Number(process.argv[2] ?? 1_000_000)
const NOW = Date.now()
const expiresAt = new Date(NOW + 30 * 86_400_000).toISOString()
const by = { kind: 'system', id: 'bench' } as const

function labelOf(i: number): Label {
  const value = i % 2 === 0 ? 'network-member' : 'network-adjacent'
  const about = { type: 'account', id: `acct-${i}` }
  const said = { value, source: 'networks', reason: 'bench', probability: (i % 100) / 100, expiresAt }
  return { id: `label-${i}`, seq: i + 1, neg: false, at: new Date(NOW).toISOString(), by, subject: about, ...said }
}

const rows = Array.from({ length: count }, (_, i) => labelOf(i))
let policy = DEFAULT_POLICY
const source: GuardSource = {
  head: async () => rows.length,
  onCommit: () => () => {},
  labels: {
    active: async () => rows.slice(),
    changesAfter: async (seq, limit = 10_000) => rows.slice(seq, seq + limit),
  },
  // One viewer each: a million accounts are not asked for their neighbours in one go either.
  neighbours: async (accounts) =>
    new Map(
      accounts.map((id): [string, Adjacency] => {
        const neighbours = [{ other: `viewer-of-${id}`, direction: 'in', relation: 'follow' }]
        return [id, { neighbours } as unknown as Adjacency]
      }),
    ),
}

/** Processor time of this thread between two turns: what the machine's other work takes does not count. */
async function longestTurn(work: () => Promise<unknown>): Promise<string> {
  const turns: number[] = []
  let done = false
  const watch = (async () => {
    while (!done) {
      const before = process.threadCpuUsage()
      await new Promise((resolve) => setImmediate(resolve))
      const { user, system } = process.threadCpuUsage(before)
      turns.push((user + system) / 1_000)
    }
  })()
  await work()
  done = true
  await watch
  turns.sort((a, b) => a - b)
  return `longest turn ${turns.at(-1)!.toFixed(1)} ms, 99.9th percentile ${turns[Math.floor(turns.length * 0.999)]!.toFixed(1)} ms of ${turns.length} turns`
}

let guard: Guard | undefined
const opened = await longestTurn(async () => {
  guard = await Guard.open({ source, clock: Date.now, policy: async () => policy, stopwatch: () => performance.now() })
})
console.log(`${count} labels and their contacts taken in: ${opened}`)
const streaming = await longestTurn(async () => {
  for (let i = 0; i < 50; i++) {
    for (let j = 0; j < 20; j++) rows.push(labelOf(rows.length))
    await guard!.refresh()
    await setTimeout(20)
  }
})
console.log(`1,000 further labels in 50 commits: ${streaming}`)
const changed = await longestTurn(async () => {
  policy = policyWith({ threshold: 0.6 })
  await guard!.refresh()
})
console.log(`another policy, all contacts built anew: ${changed}`)
await guard!.close()
