import { type Random, randomInt, sample, seededRandom } from '@firebreak/kernel'
import { generateWorld, graphOf, type World } from '@firebreak/simulator'
import { circleGraph, coauthorGraph, schoolGraph, villageGraph } from './backgrounds.ts'
import { type BuiltGraph, buildGraph } from './build.ts'
import { type Dataset, realDataset } from './datasets.ts'
import { queryList } from './protocol.ts'
import { FAMILIES, type Family, layRings, type Ring } from './rings.ts'

export type QueryKind = 'community' | Family | 'null'

/** One query of the training or test corpus. Seeds and truth are graph numbers. */
export interface CorpusQuery {
  readonly background: string
  readonly kind: QueryKind
  readonly fused: boolean
  readonly seeds: readonly number[]
  /** Position of the seed that does not belong, or -1. */
  readonly wrong: number
  readonly truth: ReadonlySet<number>
  readonly ring: Ring | null
}

/** A graph and the queries to ask of it. */
export interface CorpusGraph {
  readonly name: string
  readonly built: BuiltGraph
  readonly queries: readonly CorpusQuery[]
}

export interface CorpusSize {
  readonly communities: number
  readonly ringsPerFamily: number
  readonly queriesPerRing: number
  readonly nulls: number
}

/**
 * The open and generated backgrounds that training may see, different every round so that nothing can be learned by
 * heart. com-DBLP is never among them.
 */
export function trainingBackgrounds(round: number): Dataset[] {
  const random = seededRandom(`backgrounds-${round}`)
  const between = (low: number, high: number): number => low * (high / low) ** random()
  const amazon = realDataset('amazon')
  const generated = [
    coauthorGraph(`coauthors-${round}`, 1400, between(0.7, 1.6)),
    // A wide one: among a hundred thousand, chance hardly ever ties two strangers.
    coauthorGraph(`coauthors-wide-${round}`, 7_000, between(0.7, 1.6)),
    circleGraph(`circles-${round}`, Math.round(between(150, 350)), 22_000, between(0.4, 1.4), between(0.6, 2.5)),
    villageGraph(`village-${round}`, Math.round(between(3_000, 20_000)), between(6, 20), between(0.35, 0.75)),
    schoolGraph(`school-${round}`, 4, Math.round(between(2_500, 5_000)), between(25, 85), between(0.08, 0.18)),
  ]
  return amazon ? [amazon, ...generated] : generated
}

/** The three graphs made of one background: as it is, with rings in its follows, with rings in all relations. */
export function* corpusOf(dataset: Dataset, size: CorpusSize, seed: string): Generator<CorpusGraph> {
  const random = seededRandom(`${seed}/${dataset.name}`)
  const plain = buildGraph(dataset, [], random() < 0.3 ? random : null)
  const strangers = Array.from({ length: size.nulls }, () => nullQuery(dataset, plain, [], false, random))
  const asked = communityQueries(dataset, plain, size, random)
  yield { name: `${dataset.name} plain`, built: plain, queries: [...asked, ...strangers] }
  for (const fused of [false, true]) {
    const laid = layRings(
      dataset,
      [...FAMILIES, 'mixed', 'sprawl'],
      size.ringsPerFamily,
      fused,
      `${seed}/${dataset.name}`,
      { grownUpEvery: 2 },
    )
    const built = buildGraph(dataset, laid.edges, random() < 0.5 ? random : null)
    const queries = laid.rings.flatMap((ring) => ringQueries(dataset, built, ring, size.queriesPerRing, random))
    const communities = communityQueries(dataset, built, { ...size, communities: size.communities >> 1 }, random)
    const nulls = Array.from({ length: size.nulls }, () => nullQuery(dataset, built, laid.rings, fused, random))
    yield {
      name: `${dataset.name} ${fused ? 'fused' : 'follow'}`,
      built,
      queries: [...queries, ...communities, ...nulls],
    }
  }
}

function seedCount(random: Random): number {
  return [1, 2, 3, 3, 3, 3, 4, 5, 10][randomInt(random, 9)] as number
}

function communityQueries(dataset: Dataset, built: BuiltGraph, size: CorpusSize, random: Random): CorpusQuery[] {
  const queries: CorpusQuery[] = []
  for (const q of queryList(dataset.communities, 3, dataset.name, size.communities)) {
    const members = [...q.seeds, ...q.truth].map((m) => built.nodeOf[m] as number).filter((m) => m >= 0)
    if (members.length < 15) continue
    queries.push(ask(dataset, built, members, 'community', false, null, random))
  }
  return queries
}

function ringQueries(dataset: Dataset, built: BuiltGraph, ring: Ring, count: number, random: Random): CorpusQuery[] {
  const members = ring.members.map((m) => built.nodeOf[m] ?? -1).filter((m) => m >= 0)
  return Array.from({ length: count }, () => ask(dataset, built, members, ring.family, ring.fused, ring, random))
}

/** Three in ten queries with enough seeds get one seed that does not belong. */
function ask(
  dataset: Dataset,
  built: BuiltGraph,
  members: readonly number[],
  kind: QueryKind,
  fused: boolean,
  ring: Ring | null,
  random: Random,
): CorpusQuery {
  const k = Math.min(seedCount(random), Math.max(1, members.length - 10))
  const seeds = sample(random, members, k)
  const truth = new Set(members)
  for (const s of seeds) truth.delete(s)
  const wrong = k >= 3 && random() < 0.3 ? randomInt(random, k) : -1
  if (wrong >= 0) {
    truth.add(seeds[wrong] as number)
    seeds[wrong] = stranger(built, new Set([...members, ...seeds]), random)
  }
  return { background: dataset.name, kind, fused, seeds, wrong, truth, ring }
}

/** A random account with at least one contact that is not in `not`. */
export function stranger(built: BuiltGraph, not: ReadonlySet<number>, random: Random): number {
  const { offsets } = built.fused
  for (;;) {
    const u = randomInt(random, built.fused.nodeCount)
    if (built.graph.isAccount(u) && !not.has(u) && (offsets[u + 1] as number) > (offsets[u] as number)) return u
  }
}

function nullQuery(
  dataset: Dataset,
  built: BuiltGraph,
  rings: readonly Ring[],
  fused: boolean,
  random: Random,
): CorpusQuery {
  const k = [2, 3, 3, 3, 4, 5][randomInt(random, 6)] as number
  const seeds: number[] = []
  // A quarter of the null seeds are members of different networks: each has one, together they have none.
  const groups = sample(random, rings, k)
  const taken = new Set<number>()
  for (let i = 0; i < k; i++) {
    const ring = groups[i]
    const member = ring ? (built.nodeOf[ring.members[randomInt(random, ring.members.length)] as number] ?? -1) : -1
    const seed = random() < 0.25 && member >= 0 && !taken.has(member) ? member : stranger(built, taken, random)
    taken.add(seed)
    seeds.push(seed)
  }
  return { background: dataset.name, kind: 'null', fused, seeds, wrong: -1, truth: new Set(), ring: null }
}

/** Markets of hundreds with one large audience, on one of four kinds of background: follows alone, and all relations. */
export function* bazaarCorpus(number: number, queriesPerRing: number, nulls: number): Generator<CorpusGraph> {
  const random = seededRandom(`bazaars-${number}`)
  const people = Math.round(30_000 + 50_000 * random())
  const city = [
    () => villageGraph(`village-city-${number}`, people, 6 + 8 * random(), 0.35 + 0.4 * random()),
    () => circleGraph(`circles-city-${number}`, Math.round(people / 160), people, 0.8, 1.2),
    () => coauthorGraph(`coauthors-city-${number}`, 2_500, 1),
    () => realDataset('amazon') ?? villageGraph(`village-town-${number}`, 13_000, 8, 0.5),
  ][number % 4]?.() as Dataset
  for (const fused of [false, true]) {
    const laid = layRings(city, ['bazaar'], 3, fused, `bazaars-${number}`, { grownUpEvery: 3 })
    const built = buildGraph(city, laid.edges, random)
    const queries = laid.rings.flatMap((ring) => ringQueries(city, built, ring, queriesPerRing, random))
    const strangers = Array.from({ length: nulls }, () => nullQuery(city, built, laid.rings, fused, random))
    yield { name: `bazaars, ${city.name} ${fused ? 'fused' : 'follow'}`, built, queries: [...queries, ...strangers] }
  }
}

/** A simulated city: the planted network has one to three hundred members, on forty to eighty thousand accounts; `scale` times as many in a larger one. */
export function simulatedCity(seed: number, queries: number, nulls: number, scale = 1): CorpusGraph {
  const random = seededRandom(`city/${seed}`)
  const hubs = Math.round(scale * (90 + 110 * random()))
  const coreHubs = Math.round(hubs * (0.2 + 0.4 * random()))
  const network = {
    hubs,
    coreHubs,
    coreFollowers: Math.round(coreHubs * (100 + 80 * random())),
    backups: Math.round(hubs * (0.4 + 0.4 * random())),
    bridges: Math.round(hubs * 0.3),
    victims: 20,
    removed: Math.round(hubs * 0.18),
    appetite: { median: 1.8 + random(), sigma: 0.6 + 0.3 * random() },
  }
  const accounts = Math.round(scale * (40_000 + 40_000 * random()))
  return planted(generateWorld({ scenario: 'small', seed, plan: { accounts, network } }), queries, nulls)
}

/** A small simulated platform: its planted network asked from suggested seeds, and unrelated seeds. */
export function simulatedCorpus(seed: number, queries: number, nulls: number): CorpusGraph {
  return planted(generateWorld({ scenario: 'small', seed }), queries, nulls)
}

function planted(world: World, queries: number, nulls: number): CorpusGraph {
  const { seed } = world
  const graph = graphOf(world)
  const built: BuiltGraph = { graph, fused: graph.fused(), nodeOf: new Int32Array(), datasetOf: new Int32Array() }
  const random = seededRandom(`simulated/${seed}`)
  const members = [...world.truth.positives()].map((id) => graph.nodeOf(id)).filter((n) => n >= 0)
  const background = `simulated-${seed}`
  const ring: Ring = { family: 'market', members, internalDegree: 0, fused: true, grownUp: false }
  const dataset: Dataset = { name: background, nodeCount: graph.nodeCount, edges: new Uint32Array(), communities: [] }
  const asked = Array.from({ length: queries }, () => ask(dataset, built, members, 'market', true, ring, random))
  const strangers = Array.from({ length: nulls }, () => nullQuery(dataset, built, [], true, random))
  return { name: background, built, queries: [...asked, ...strangers] }
}
