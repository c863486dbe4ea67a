import { type Random, randomInt, sample, seededRandom } from '@firebreak/kernel'
import { logNormal, weightedPicker } from './backgrounds.ts'
import type { LaidEdge } from './build.ts'
import type { Dataset } from './datasets.ts'

/** `fresh`: new accounts; `existing`: accounts with a life of their own; `shops`: sellers with backups; `lockstep`: shared items, few follows;
 * `market`: many cells that only a common audience joins. */
export const FAMILIES = ['fresh', 'existing', 'shops', 'lockstep', 'market'] as const
export type Family = (typeof FAMILIES)[number]

/** Rings laid over a background, with what each of them truly is. */
export interface LaidRings {
  readonly edges: LaidEdge[]
  readonly rings: readonly Ring[]
}

export interface Ring {
  readonly family: Family
  readonly members: readonly number[]
  /** Mean number of follow edges to other members. */
  readonly internalDegree: number
  readonly fused: boolean
}

/** What a ring draws on: who is popular, whose number comes next. */
interface Ground {
  readonly random: Random
  readonly edges: LaidEdge[]
  readonly popular: (random: Random) => number
  readonly anyone: (random: Random) => number
  readonly accounts: number
  nextAccount: number
  nextItem: number
}

/**
 * Lays `count` disjoint rings of each family over a dataset, plus the everyday sharing of items (households, carriers,
 * popular links) that hides them when `fused`. Rings have 20 to `most` members,
 * markets up to twice as many. Same seed, same rings.
 */
export function layRings(
  dataset: Dataset,
  families: readonly Family[],
  count: number,
  fused: boolean,
  seed: string,
  most = 250,
): LaidRings {
  const random = seededRandom(`${seed}/${families.join()}/${fused}`)
  const degree = new Float64Array(dataset.nodeCount)
  for (const u of dataset.edges) degree[u]! += 1
  const all = Array.from({ length: dataset.nodeCount }, (_, i) => i)
  const ground: Ground = {
    random,
    edges: [],
    popular: weightedPicker(all, (u) => degree[u] as number),
    anyone: (r) => randomInt(r, dataset.nodeCount),
    accounts: dataset.nodeCount,
    nextAccount: dataset.nodeCount,
    nextItem: 0,
  }
  const free = sample(
    random,
    all.filter((u) => (degree[u] as number) > 0),
    all.length,
  )
  const rings: Ring[] = []
  for (let i = 0; i < count * families.length; i++) {
    const family = families[i % families.length] as Family
    const [least, largest] = family === 'market' ? [40, 2 * most] : [20, most]
    const size = Math.round(logUniform(random, least, largest))
    const members =
      family === 'existing' ? free.splice(0, size) : Array.from({ length: size }, () => ground.nextAccount++)
    const before = ground.edges.length
    LAY[family](ground, members, fused)
    rings.push({ family, members, fused, internalDegree: internalDegree(ground.edges, before, members) })
  }
  if (fused) everydayItems(ground, dataset.nodeCount)
  return { edges: ground.edges, rings }
}

function internalDegree(edges: readonly LaidEdge[], from: number, members: readonly number[]): number {
  const inside = new Set(members)
  let count = 0
  for (let e = from; e < edges.length; e++) {
    const { source, target } = edges[e] as LaidEdge
    if (inside.has(source) && typeof target === 'number' && inside.has(target)) count++
  }
  return (2 * count) / members.length
}

const LAY: Record<Family, (ground: Ground, members: readonly number[], fused: boolean) => void> = {
  fresh: layFresh,
  existing: layExisting,
  shops: layShops,
  lockstep: layLockstep,
  market: layMarket,
}

function follow(ground: Ground, source: number, target: number): void {
  if (source !== target) ground.edges.push({ source, target, relation: 'follow' })
}

function logUniform(random: Random, low: number, high: number): number {
  return low * (high / low) ** random()
}

/** Uniformly random follows among members until `density` of the pairs are linked. */
function followWithin(ground: Ground, members: readonly number[], density: number): void {
  const { random } = ground
  const pick = weightedPicker(members, () => logNormal(random, 1, 0.6))
  const wanted = Math.max(members.length * 1.2, (density * members.length * (members.length - 1)) / 2)
  const seen = new Set<string>()
  for (let tries = 0; seen.size < wanted && tries < wanted * 6; tries++) {
    const a = members[randomInt(random, members.length)] as number
    const b = pick(random)
    const key = a < b ? `${a},${b}` : `${b},${a}`
    if (a === b || seen.has(key)) continue
    seen.add(key)
    follow(ground, a, b)
    if (random() < 0.3) follow(ground, b, a)
  }
}

/** Follows that make members look ordinary (towards the popular), and ordinary accounts that follow them. */
function camouflage(ground: Ground, members: readonly number[], out: number, back: number): void {
  const { random } = ground
  for (const m of members) {
    for (let e = 0; e < out * logNormal(random, 1, 0.5); e++) follow(ground, m, ground.popular(random))
    for (let e = 0; e < back * logNormal(random, 1, 0.8); e++) follow(ground, ground.anyone(random), m)
  }
}

function shareItems(
  ground: Ground,
  members: readonly number[],
  relation: string,
  pairDensity: number,
  outsiders: number,
): void {
  const { random } = ground
  const crowd = Math.max(3, Math.min(40, Math.round(members.length * 0.15)))
  const pairsWanted = (pairDensity * members.length * (members.length - 1)) / 2
  for (let pairs = 0; pairs < pairsWanted; ) {
    const users = sample(random, members, Math.max(2, Math.round(logNormal(random, crowd * 0.6, 0.5))))
    const item = `${relation}-${ground.nextItem++}`
    for (const source of users) ground.edges.push({ source, target: item, relation })
    for (let o = 0; o < users.length * outsiders; o++)
      ground.edges.push({ source: ground.anyone(random), target: item, relation })
    pairs += (users.length * (users.length - 1)) / 2
  }
}

function sparseIdentifiers(ground: Ground, members: readonly number[], share: number): void {
  const { random } = ground
  const some = members.filter(() => random() < share)
  for (let i = 0; i + 1 < some.length; ) {
    const size = 2 + randomInt(random, 3)
    const target = `identifier-${ground.nextItem++}`
    for (const source of some.slice(i, i + size)) ground.edges.push({ source, target, relation: 'identifier' })
    i += size
  }
}

function layFresh(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const density = logUniform(random, 0.05, 0.3)
  followWithin(ground, members, density)
  const inside = density * members.length
  camouflage(ground, members, inside * logUniform(random, 0.5, 3), inside * logUniform(random, 0.3, 2))
  if (!fused) return
  shareItems(ground, members, 'hashtag', logUniform(random, 0.05, 0.2), logUniform(random, 0.1, 0.8))
  if (random() < 0.5) sparseIdentifiers(ground, members, logUniform(random, 0.1, 0.5))
}

function layExisting(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const cells = Math.max(1, Math.round(members.length / (15 + randomInt(random, 25))))
  const hubs = members.filter(() => random() < 0.12)
  const density = logUniform(random, 0.12, 0.45)
  for (let c = 0; c < cells; c++) {
    const cell = members.filter((_, i) => i % cells === c)
    followWithin(ground, cell, density)
  }
  for (const m of members) for (const h of hubs) if (random() < density * 0.5) follow(ground, m, h)
  camouflage(ground, members, 2 * random(), 3 * random())
  if (!fused) return
  shareItems(ground, members, 'link', logUniform(random, 0.02, 0.1), logUniform(random, 0.5, 2))
  if (random() < 0.5) sparseIdentifiers(ground, members, logUniform(random, 0.05, 0.3))
}

/** Sellers hardly follow each other: bridges and backups of backups hold the ring together, the same regulars follow many. */
function layShops(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const sellers = members.filter((_, i) => i % 3 === 0)
  const bridges = members.filter((_, i) => i % 12 === 1)
  members.forEach((m, i) => {
    const seller = members[i - (i % 3)] as number
    if (m !== seller) {
      ground.edges.push({ source: m, target: seller, relation: fused ? 'backup' : 'follow' })
      if (random() < 0.7) follow(ground, seller, m)
    }
    for (const b of bridges) if (random() < 0.5) follow(ground, b, m)
  })
  followWithin(ground, sellers, logUniform(random, 0.06, 0.2))
  const regulars = Array.from({ length: members.length }, () => ground.anyone(random))
  for (const r of regulars) for (const s of sample(random, sellers, 1 + randomInt(random, 4))) follow(ground, r, s)
  camouflage(ground, members, logUniform(random, 1, 8), logUniform(random, 1, 12))
  if (fused) shareItems(ground, members, 'link', logUniform(random, 0.04, 0.15), logUniform(random, 0.1, 1))
}

function layLockstep(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  // Without items the lockstep shows as the same targets followed by all members.
  const targets = Array.from({ length: 8 + randomInt(random, 12) }, () => ground.popular(random))
  for (const m of members) for (const t of targets) if (random() < 0.4) follow(ground, m, t)
  followWithin(ground, members, fused ? logUniform(random, 0.02, 0.08) : logUniform(random, 0.06, 0.2))
  camouflage(ground, members, logUniform(random, 2, 10), logUniform(random, 1, 6))
  if (!fused) return
  shareItems(ground, members, 'media', logUniform(random, 0.1, 0.4), logUniform(random, 0.1, 1))
  sparseIdentifiers(ground, members, logUniform(random, 0.1, 0.4))
}

/** Cells of sellers with backups; members hardly know other cells, but the same crowd follows sellers of several. */
function layMarket(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const cellSize = 8 + randomInt(random, 16)
  const sellers = members.filter((_, i) => i % 5 < 3)
  const backups = members.filter((_, i) => i % 5 >= 3)
  const cellOf = new Map(members.map((m, i) => [m, Math.floor(i / cellSize)]))
  const mates = (m: number): number[] => sellers.filter((s) => cellOf.get(s) === cellOf.get(m))
  for (const s of sellers) {
    for (const other of sample(random, mates(s), 1 + randomInt(random, 4))) follow(ground, s, other)
    if (random() < 0.3) follow(ground, s, sellers[randomInt(random, sellers.length)] as number)
  }
  for (const b of backups) {
    const owner = mates(b)[0] ?? (sellers[randomInt(random, sellers.length)] as number)
    ground.edges.push({ source: b, target: owner, relation: fused ? 'backup' : 'follow' })
    if (random() < 0.6) ground.edges.push({ source: owner, target: b, relation: fused ? 'backup' : 'follow' })
    for (const other of sample(random, sellers, randomInt(random, 3))) follow(ground, b, other)
  }
  const reach = logUniform(random, 1.5, 5)
  const crowd = Math.min(ground.accounts * 0.15, Math.round(members.length * logUniform(random, 3, 10)))
  for (let i = 0; i < crowd; i++) {
    const viewer = ground.anyone(random)
    const known = sample(random, members, 1 + Math.floor(logNormal(random, reach, 0.7)))
    for (const m of known) follow(ground, viewer, m)
  }
  camouflage(ground, members, logUniform(random, 1, 6), 1)
  if (!fused) return
  shareItems(ground, members, 'link', logUniform(random, 0.01, 0.05), logUniform(random, 0.3, 2))
  sparseIdentifiers(ground, members, logUniform(random, 0.05, 0.3))
}

/** Households, carriers, popular hashtags and links that join unrelated accounts. */
function everydayItems(ground: Ground, nodeCount: number): void {
  const { random } = ground
  for (let i = 0; i < nodeCount / 12; i++) {
    const item = `identifier-${ground.nextItem++}`
    const size = random() < 0.05 ? 8 + randomInt(random, 60) : 2 + randomInt(random, 4)
    for (let n = 0; n < size; n++)
      ground.edges.push({ source: ground.anyone(random), target: item, relation: 'identifier' })
  }
  for (let i = 0; i < nodeCount / 8; i++) {
    const relation = ['hashtag', 'link', 'media'][randomInt(random, 3)] as string
    const item = `${relation}-${ground.nextItem++}`
    const size = Math.min(400, 2 + Math.floor(logNormal(random, 5, 1.1)))
    const first = ground.anyone(random)
    for (let n = 0; n < size; n++) {
      // Interests cluster a little: half of the users are numbered close together.
      const near = (first + randomInt(random, 200)) % nodeCount
      ground.edges.push({ source: random() < 0.5 ? near : ground.anyone(random), target: item, relation })
    }
  }
}
