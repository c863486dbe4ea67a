import { type Random, seededRandom } from '@firebreak/kernel'
import { admit } from './conduct/admit.ts'
import { believe } from './conduct/believe.ts'
import { rankNetwork } from './cut/rank-network.ts'
import { recalibrated, recalibrationFrom } from './cut/recalibrate.ts'
import { PathFinder } from './evidence/paths.ts'
import { evidenceSentence } from './evidence/sentence.ts'
import type { FusedAdjacency } from './fused/adjacency.ts'
import type { Graph } from './graph/graph.ts'
import { edgesWithin } from './network-edges.ts'
import type { RankedNode, Ranking } from './ranking.ts'
import { findAudience } from './roles/audience.ts'
import { behaviourOf, looksLikeVictim } from './roles/behaviour.ts'
import { findBridges } from './roles/bridges.ts'
import { Group } from './roles/group.ts'
import { reachesOut } from './roles/outreach.ts'
import { roleInside, roleOutside } from './roles/roles.ts'
import type { CutReport, MapOptions, MapQuery, NetworkMap, NetworkRole, RankedAccount, SeedReport } from './types.ts'

const LIMIT = 1_000
const EVIDENCE_PATHS = 3

/**
 * From a few seeds to a network: ranked, cut, explained – or "this is not a network". Pure; the first query on a graph
 * also prepares its views (O(edges)), later ones cost what they reach.
 */
export function mapNetwork(graph: Graph, query: MapQuery, options: MapOptions = {}): NetworkMap {
  const words = readQuery(graph, query)
  if (words.seeds.length === 0) return noSeeds(query)
  const progress = options.onProgress ?? (() => {})
  progress({ stage: 'views', done: 0, total: 1 })
  const adjacency = graph.fused(query.directed ?? false)
  progress({ stage: 'rank', done: 0, total: 1 })
  const random: Random = options.random ?? seededRandom(words.seeds.map((node) => graph.idOf(node)).join('\n'))
  const ranking = corrected(
    rankNetwork(adjacency, [...words.seeds, ...words.members], { benign: words.benign, random }),
    adjacency,
    words,
  )
  progress({ stage: 'cut', done: 0, total: 1 })
  const members = ranking.isNetwork ? decideMembers(graph, adjacency, words, ranking) : []
  progress({ stage: 'roles', done: 0, total: 1 })
  const rows = new Rows(graph, adjacency, words, members, options)
  const accounts = rows.list(believe(graph, adjacency, rows.core, ranking.ranked, ranking.cut.threshold))
  progress({ stage: 'evidence', done: 1, total: 1 })
  return {
    isNetwork: ranking.isNetwork,
    networkProbability: ranking.networkProbability,
    reason: ranking.reason,
    seeds: seedReports(graph, query, ranking),
    accounts,
    audienceCount: rows.audienceCount,
    edges: edgesWithin(graph, rows.core),
    cut: cutReport(graph, ranking, members, accounts),
  }
}

/** A query in nodes. */
interface Words {
  readonly seeds: readonly number[]
  /** Marked as members by an investigator: as good as seeds, but listed. */
  readonly members: readonly number[]
  readonly benign: readonly number[]
  readonly bystanders: readonly number[]
  /** Never inside the cut. */
  readonly kept: ReadonlySet<number>
  readonly victims: ReadonlySet<number>
}

function readQuery(graph: Graph, query: MapQuery): Words {
  const known = (ids: Iterable<string>) =>
    [...new Set([...ids].map((id) => graph.nodeOf(id)))].filter((node) => graph.isAccount(node)).sort((a, b) => a - b)
  const marked = (mark: string) => known([...(query.marks ?? [])].filter(([, m]) => m === mark).map(([id]) => id))
  const seeds = known(query.seeds)
  const isSeed = new Set(seeds)
  const bystanders = marked('bystander')
  const victims = marked('victim')
  const benign = [...new Set([...known(query.benign ?? []), ...bystanders])].filter((node) => !isSeed.has(node))
  const kept = new Set([...benign, ...victims, ...known(query.protectedAccounts ?? [])])
  const members = marked('member').filter((node) => !isSeed.has(node) && !kept.has(node))
  return { seeds, members, benign, bystanders, kept, victims: new Set(victims) }
}

function noSeeds(query: MapQuery): NetworkMap {
  return {
    isNetwork: false,
    networkProbability: 0,
    reason: query.seeds.length === 0 ? 'No seeds were given.' : 'None of the seeds is in the graph.',
    seeds: query.seeds.map((account) => ({ account, known: false, fits: false, fit: 0 })),
    accounts: [],
    audienceCount: 0,
    edges: [],
    cut: { threshold: 1, size: 0, borderline: [] },
  }
}

/**
 * Reads probabilities as an investigator's marks on this network suggest: what was said without the marks is held against them.
 * The order and the cut stay as they are.
 */
function corrected(ranking: Ranking, adjacency: FusedAdjacency, words: Words): Ranking {
  const marks = new Map<number, boolean>([
    ...words.members.map((node) => [node, true] as const),
    ...words.bystanders.map((node) => [node, false] as const),
  ])
  if (marks.size === 0 || !ranking.isNetwork) return ranking
  const before = rankNetwork(adjacency, words.seeds, { random: seededRandom('before the marks') })
  const correction = recalibrationFrom(
    before.ranked.flatMap(({ node, probability }) => {
      const member = marks.get(node)
      return member === undefined ? [] : [{ probability, member }]
    }),
  )
  const ranked = ranking.ranked.map((row) => ({ ...row, probability: recalibrated(row.probability, correction) }))
  return { ...ranking, ranked }
}

function decideMembers(graph: Graph, adjacency: FusedAdjacency, words: Words, ranking: Ranking): number[] {
  const inside = ranking.ranked.filter(({ node, member }) => member && !words.kept.has(node)).map(({ node }) => node)
  const audienceOf = (core: Group) => findAudience(graph, adjacency, core)
  const near = ranking.ranked.map(({ node }) => node)
  return [...words.members, ...admit(graph, adjacency, [...words.seeds, ...words.members], inside, near, audienceOf)]
}

function seedReports(graph: Graph, query: MapQuery, ranking: Ranking): SeedReport[] {
  const byNode = new Map(ranking.seeds.map((report) => [report.node, report]))
  return [...new Set(query.seeds)].map((account) => {
    const report = byNode.get(graph.nodeOf(account))
    return report
      ? { account, known: true, fits: report.fits, fit: report.fit }
      : { account, known: graph.nodeOf(account) >= 0, fits: false, fit: 0 }
  })
}

function cutReport(
  graph: Graph,
  ranking: Ranking,
  members: readonly number[],
  accounts: readonly RankedAccount[],
): CutReport {
  const inside = accounts.filter(({ member }) => member)
  return {
    threshold: inside.reduce((least, { probability }) => Math.min(least, probability), 1),
    size: members.length,
    borderline: ranking.cut.borderline.map((node) => graph.idOf(node)),
  }
}

/** Turns ranked nodes into listed accounts: roles, evidence, sentences. */
class Rows {
  readonly core: Group
  readonly audienceCount: number
  readonly #graph: Graph
  readonly #words: Words
  readonly #members: Group
  readonly #watchersOf: ReadonlyMap<number, number>
  readonly #bridges: ReadonlySet<number>
  readonly #adjacency: FusedAdjacency
  readonly #paths: PathFinder
  #victims: ReadonlySet<number> = new Set()
  readonly #limit: number
  readonly #pathCount: number

  constructor(graph: Graph, adjacency: FusedAdjacency, words: Words, members: readonly number[], options: MapOptions) {
    this.#graph = graph
    this.#adjacency = adjacency
    this.#words = words
    this.#members = new Group(members)
    this.core = new Group([...words.seeds, ...members])
    const audience = findAudience(graph, adjacency, this.core)
    this.audienceCount = audience.count
    this.#watchersOf = audience.watchersOf
    this.#bridges = findBridges(adjacency, this.core)
    this.#paths = new PathFinder(graph, adjacency, words.seeds, this.core.has)
    this.#limit = options.limit ?? LIMIT
    this.#pathCount = options.evidencePaths ?? EVIDENCE_PATHS
  }

  /** Members by rank, then others by rank: as many as the limit allows, and all that look like victims. */
  list(ranked: readonly RankedNode[]): RankedAccount[] {
    const isSeed = new Set(this.#words.seeds)
    const known = new Map(ranked.filter(({ node }) => !isSeed.has(node)).map((row) => [row.node, row]))
    for (const node of this.#words.members)
      known.set(node, { node, score: 0, probability: 1, member: true, ...known.get(node) })
    const victims = this.#approached(ranked).filter((node) => !isSeed.has(node) && !this.#members.has(node))
    this.#victims = new Set(victims)
    const order = [...known.values()]
    const inside = order.filter(({ node }) => this.#members.has(node))
    const approached = victims.map((node) => known.get(node) ?? { node, score: 0, probability: 0, member: false })
    const isListed = new Set([...inside, ...approached].map(({ node }) => node))
    const others = order.filter(({ node }) => !isListed.has(node))
    const room = Math.max(0, this.#limit - inside.length)
    const outside = [...approached, ...others.slice(0, room)]
    const position = new Map(order.map(({ node }, i) => [node, i]))
    const at = ({ node }: RankedNode) => position.get(node) ?? order.length
    outside.sort((a, b) => at(a) - at(b))
    return [...inside, ...outside].map((row) => this.#describe(row))
  }

  /** Accounts that look like victims of the core, or of others near it who reach out as victims' approachers do. */
  #approached(ranked: readonly RankedNode[]): number[] {
    const near = ranked.filter(({ node }) => !this.core.has(node) && !this.#words.kept.has(node))
    const reaching = near.filter(({ node }) => reachesOut(this.#graph, node)).map(({ node }) => node)
    const suspects = new Group([...this.core, ...reaching])
    const found = new Set<number>(this.#words.victims)
    for (const relation of ['contact', 'block'] as const) {
      const rows = this.#graph.rows(relation)
      if (!rows) continue
      for (const suspect of suspects)
        for (let i = rows.offsets[suspect]!; i < rows.offsets[suspect + 1]!; i++) {
          const other = rows.arcs[i]! >>> 2
          if (found.has(other) || suspects.has(other)) continue
          if (looksLikeVictim(behaviourOf(this.#graph, other, suspects.has))) found.add(other)
        }
    }
    return [...found]
  }

  #describe(row: RankedNode): RankedAccount {
    const member = this.#members.has(row.node)
    const evidence = this.#paths.pathsOf(row.node, this.#pathCount)
    return {
      account: this.#graph.idOf(row.node),
      score: row.score,
      probability: this.#words.members.includes(row.node) ? 1 : this.#words.kept.has(row.node) ? 0 : row.probability,
      member,
      role: this.#roleOf(row.node, member),
      evidence,
      sentence: evidenceSentence(evidence, undefined, this.#words.seeds.length),
    }
  }

  #roleOf(node: number, member: boolean): NetworkRole {
    if (this.#victims.has(node)) return 'likely-victim'
    if (!member) return roleOutside(behaviourOf(this.#graph, node, this.core.has))
    return roleInside(this.#watchersOf.get(node) ?? 0, this.#tiesInside(node), this.#bridges.has(node))
  }

  #tiesInside(node: number): number {
    const { offsets, arcs } = this.#adjacency
    let ties = 0
    for (let a = offsets[node]!; a < offsets[node + 1]!; a++) if (this.core.has(arcs[a]! >>> 2)) ties++
    return ties
  }
}
