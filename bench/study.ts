/**
 * The planted network of a scenario from a few reported accounts: the automatic cut and the ranking against the truth,
 * victims and decoys inside the cut, "not a network" for unrelated seeds, time and memory.
 *   npm run bench -- study [--scenario study|small|outreach] [--worlds 1,2] [--draws 5] [--k 3,5]
 */
import { parseArgs } from 'node:util'
import { mapNetwork, type NetworkMap } from '@firebreak/graph'
import { generateWorld, graphOf, SCENARIOS, type ScenarioName, type World } from '@firebreak/simulator'
import { detection, meanOf, median, precisionAtTrueSize } from '@firebreak/statistics'

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'study' },
    worlds: { type: 'string', default: '1,2' },
    draws: { type: 'string', default: '5' },
    k: { type: 'string', default: '3,5' },
  },
})
const scenario = SCENARIOS.find((name) => name === values.scenario) as ScenarioName
const NULL_QUERIES = 20
/** Planted accounts that must stay outside every cut. */
const OUTSIDERS = ['victims', 'framed', 'press', 'researchers', 'club', 'audience', 'mentors', 'bridges'] as const

interface Row {
  readonly k: number
  readonly isNetwork: boolean
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly ranked: number
  readonly ms: number
  readonly outside: Readonly<Record<string, number>>
}

const rows: Row[] = []
const nulls: NetworkMap[] = []
for (const seed of values.worlds.split(',').map(Number)) {
  let began = performance.now()
  const world = generateWorld({ scenario, seed })
  const made = performance.now() - began
  began = performance.now()
  const graph = graphOf(world)
  const built = performance.now() - began
  console.log(
    `${scenario} ${seed}: ${world.accountCount} accounts, ${world.parts.edges.count} edges, ${world.truth.positives().size} to find; world ${seconds(made)}, graph ${seconds(built)}, ${megabytes()} MB resident`,
  )
  const protectedAccounts = world.protectedAccounts()
  for (const k of values.k.split(',').map(Number)) {
    for (let draw = 0; draw < Number(values.draws); draw++) {
      const seeds = world.suggestedSeeds(k, draw)
      began = performance.now()
      const map = mapNetwork(graph, { seeds, protectedAccounts })
      const row = score(world, map, seeds, k, performance.now() - began)
      rows.push(row)
      print(row, draw)
    }
  }
  for (let draw = 0; draw < NULL_QUERIES; draw++)
    nulls.push(mapNetwork(graph, { seeds: world.unrelatedSeeds(3, draw), protectedAccounts }))
}
summary()

function score(world: World, map: NetworkMap, seeds: readonly string[], k: number, ms: number): Row {
  const truth = new Set([...world.truth.positives()].filter((id) => !seeds.includes(id)))
  const inside = map.accounts.filter((row) => row.member).map((row) => row.account)
  const { precision, recall, f1 } = detection(inside, truth)
  const order = map.accounts.map((row) => row.account)
  const outside: Record<string, number> = {}
  for (const part of OUTSIDERS) {
    const count = inside.filter((id) => world.truth[part].has(id) && !truth.has(id)).length
    if (count > 0) outside[part] = count
  }
  return { k, isNetwork: map.isNetwork, precision, recall, f1, ranked: precisionAtTrueSize(order, truth), ms, outside }
}

function print(row: Row, draw: number): void {
  const figures = `P ${row.precision.toFixed(3)} R ${row.recall.toFixed(3)} F1 ${row.f1.toFixed(3)} Rprec ${row.ranked.toFixed(3)}`
  const wrong = Object.entries(row.outside).map(([part, count]) => `${part} ${count}`)
  console.log(
    `  k ${row.k} draw ${draw}: ${row.isNetwork ? 'network' : 'NOT a network'} ${figures} ${row.ms.toFixed(0)} ms${wrong.length > 0 ? ` · inside the cut: ${wrong.join(', ')}` : ''}`,
  )
}

function summary(): void {
  for (const k of new Set(rows.map((row) => row.k))) {
    const some = rows.filter((row) => row.k === k)
    const mean = (pick: (row: Row) => number) => {
      const { value, standardError } = meanOf(some.map((row) => (Number.isNaN(pick(row)) ? 0 : pick(row))))
      return `${value.toFixed(3)} ± ${standardError.toFixed(3)}`
    }
    const victims = some.reduce((sum, row) => sum + (row.outside.victims ?? 0), 0)
    console.log(
      `${scenario}, k = ${k}, ${some.length} queries: precision ${mean((row) => row.precision)}, recall ${mean((row) => row.recall)}, F1 ${mean((row) => row.f1)}, Rprec ${mean((row) => row.ranked)}; victims in a cut: ${victims}; median ${median(some.map((row) => row.ms)).toFixed(0)} ms`,
    )
  }
  const naming = nulls.filter((map) => map.accounts.filter((row) => row.member).length > 5).length
  console.log(`unrelated seeds: ${naming} of ${nulls.length} queries name more than 5 accounts; peak ${megabytes()} MB`)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function megabytes(): string {
  return Math.round(process.resourceUsage().maxRSS / 1024).toString()
}
