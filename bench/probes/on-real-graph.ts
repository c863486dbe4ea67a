import { GraphBuilder, mapNetwork } from '@firebreak/graph'
import { sample, seededRandom } from '@firebreak/kernel'
import { type ProbeRecommender, type ProbeResult, runProbes } from '@firebreak/measurement'
import { catalogueFrom, coFollowRanker, itemBasedRanker, popularityRanker, type Ranker } from '@firebreak/simulator'
import { detection } from '@firebreak/statistics'
import type { Dataset } from '../networks/datasets.ts'
import { type Act, guardFrom } from './memory-guard.ts'
import { type LaidRing, layRing } from './ring.ts'

const ORDINARY_VIEWERS = 2_000
const AT = Date.UTC(2025, 8, 1)

/** The same curve where only the ring is invented: a real graph as mutual follows, a ring and its audience laid over it. */
export async function probeRealGraph(
  dataset: Dataset,
  options: { readonly seed: number; readonly k: number; readonly replicates: number; readonly onlyFollows: boolean },
): Promise<ProbeResult[]> {
  const random = seededRandom(`ring/${dataset.name}/${options.seed}`)
  const ring = layRing(
    dataset.nodeCount,
    { hubs: 60, backups: 24, audience: Math.min(900, Math.round(dataset.nodeCount / 45)) },
    random,
  )
  const nameOf = (node: number) => `acct-${node}`
  const nodeOf = (id: string) => Number(id.slice('acct-'.length))
  const seeds = sample(random, ring.hubs, options.k).map(nameOf)
  const network = new Set([...ring.hubs, ...ring.backups].map(nameOf))
  const map = mapNetwork(build(dataset, ring, nameOf, options.onlyFollows), { seeds })
  const { guard, members, adjacent } = guardFrom(map, actsOf(dataset, ring, nameOf), AT)
  const cut = detection(
    map.accounts.filter((row) => row.member).map((row) => row.account),
    new Set([...network].filter((id) => !seeds.includes(id))),
  )
  console.log(
    `${dataset.name} + ring ${options.seed} (${options.onlyFollows ? 'follows only' : 'all relations'}), ${options.k} seeds: ${members} members and ${adjacent} near accounts labelled; cut precision ${cut.precision.toFixed(3)}, recall ${cut.recall.toFixed(3)}`,
  )
  const [source, target] = followArrays(dataset, ring)
  const catalogue = catalogueFrom(source, target, ring.accounts)
  const everyone = Array.from({ length: dataset.nodeCount }, (_, node) => node)
  const ordinary = sample(random, everyone, ORDINARY_VIEWERS)
  const viewers = ordinary.map((node) => ({ viewer: nameOf(node), history: historyOf(catalogue, node).map(nameOf) }))
  const results: ProbeResult[] = []
  for (const [name, ranker] of [
    ['co-follow', coFollowRanker(catalogue)],
    ['item-based', itemBasedRanker(catalogue)],
  ] as const) {
    results.push(
      await runProbes({
        recommender: asPort(name, ranker, nameOf, nodeOf),
        fallback: asPort('popularity', popularityRanker(catalogue), nameOf, nodeOf),
        guard,
        network,
        contacts: { network: ring.hubs.map(nameOf), benign: sample(random, everyone, 2_000).map(nameOf) },
        random: seededRandom(`probes/${options.seed}`),
        replicates: options.replicates,
        viewers: viewers.filter(({ history }) => history.length > 0),
      }),
    )
  }
  return results
}

function build(dataset: Dataset, ring: LaidRing, nameOf: (node: number) => string, onlyFollows: boolean) {
  const builder = new GraphBuilder()
  const { edges } = dataset
  for (let i = 0; i < edges.length; i += 2) {
    builder.add(nameOf(edges[i]!), nameOf(edges[i + 1]!))
    builder.add(nameOf(edges[i + 1]!), nameOf(edges[i]!))
  }
  for (const [source, target] of ring.follows) builder.add(nameOf(source), nameOf(target))
  if (!onlyFollows) {
    for (const [account, relation, item] of ring.shared) builder.add(nameOf(account), `${relation}:${item}`, relation)
    for (const [hub, backup] of ring.backupNames) builder.add(nameOf(hub), nameOf(backup), 'backup')
  }
  return builder.finish()
}

function* actsOf({ edges }: Dataset, ring: LaidRing, nameOf: (node: number) => string): Iterable<Act> {
  for (let i = 0; i < edges.length; i += 2) {
    yield [nameOf(edges[i]!), nameOf(edges[i + 1]!), 'follow']
    yield [nameOf(edges[i + 1]!), nameOf(edges[i]!), 'follow']
  }
  for (const [source, target] of ring.follows) yield [nameOf(source), nameOf(target), 'follow']
}

function followArrays({ edges }: Dataset, ring: LaidRing): [Int32Array, Int32Array] {
  const count = edges.length + ring.follows.length
  const source = new Int32Array(count)
  const target = new Int32Array(count)
  for (let i = 0; i < edges.length; i += 2) {
    source[i] = target[i + 1] = edges[i]!
    target[i] = source[i + 1] = edges[i + 1]!
  }
  ring.follows.forEach(([from, to], i) => {
    source[edges.length + i] = from
    target[edges.length + i] = to
  })
  return [source, target]
}

function historyOf({ chosenBy }: ReturnType<typeof catalogueFrom>, node: number): number[] {
  return Array.from(chosenBy.targets.subarray(chosenBy.offsets[node], chosenBy.offsets[node + 1]))
}

function asPort(
  name: string,
  ranker: Ranker,
  nameOf: (node: number) => string,
  nodeOf: (id: string) => number,
): ProbeRecommender {
  return {
    name,
    surface: 'recommend_accounts',
    recommend: async ({ history, limit }) =>
      ranker(history.map(nodeOf), limit).map((node) => ({ id: nameOf(node), owner: nameOf(node) })),
  }
}
