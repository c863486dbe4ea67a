import { type Random, randomInt, seededRandom } from '@firebreak/kernel'
import type { Dataset } from './datasets.ts'

/** Collects undirected edges without repeats or loops. */
export class EdgeSet {
  readonly flat: number[] = []
  readonly #seen = new Set<number>()

  add(u: number, v: number): boolean {
    if (u === v) return false
    const key = u < v ? u * 4_194_304 + v : v * 4_194_304 + u
    if (this.#seen.has(key)) return false
    this.#seen.add(key)
    this.flat.push(u, v)
    return true
  }
}

/** A standard normal deviate. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A log-normal deviate with this median and log-scale spread. */
export function logNormal(random: Random, median: number, spread: number): number {
  return median * Math.exp(spread * normal(random))
}

/** Draws members with probability proportional to their weight. Build O(n), draw O(log n). */
export function weightedPicker(
  members: readonly number[],
  weightOf: (member: number) => number,
): (random: Random) => number {
  const cumulative = new Float64Array(members.length)
  let total = 0
  members.forEach((m, i) => {
    total += weightOf(m)
    cumulative[i] = total
  })
  return (random) => {
    const x = random() * total
    let low = 0
    let high = members.length - 1
    while (low < high) {
      const mid = (low + high) >> 1
      if ((cumulative[mid] as number) > x) high = mid
      else low = mid + 1
    }
    return members[low] as number
  }
}

/** An undirected adjacency as lists, for generators that look at what they have built so far. */
type Lists = number[][]

function link(edges: EdgeSet, lists: Lists, u: number, v: number): void {
  if (!edges.add(u, v)) return
  lists[u]?.push(v)
  lists[v]?.push(u)
}

function friendOfFriend(lists: Lists, u: number, random: Random): number {
  const mine = lists[u] as number[]
  if (mine.length === 0) return -1
  const via = lists[mine[randomInt(random, mine.length)] as number] as number[]
  return via[randomInt(random, via.length)] as number
}

/**
 * Friendships in several schools that never touch: dense (mean degree `degree`), heavy-tailed, with year, house and club
 * homophily and many triangles. The truth is house × year: a weak community inside much stronger structure.
 */
export function schoolGraph(
  seed: string,
  schools: number,
  people: number,
  degree: number,
  houseShare: number,
): Dataset {
  const random = seededRandom(seed)
  const edges = new EdgeSet()
  const communities: number[][] = []
  const lists: Lists = Array.from({ length: schools * people }, () => [])
  for (let s = 0; s < schools; s++) school(random, edges, lists, communities, s * people, people, degree, houseShare)
  return { name: seed, nodeCount: schools * people, edges: Uint32Array.from(edges.flat), communities }
}

function school(
  random: Random,
  edges: EdgeSet,
  lists: Lists,
  communities: number[][],
  first: number,
  people: number,
  degree: number,
  houseShare: number,
): void {
  const houses = Math.max(4, Math.round(people / 160))
  const sociable = Array.from({ length: people }, () => logNormal(random, 1, 0.8))
  const groups = new Map<string, number[]>()
  const join = (key: string, who: number): void => {
    const group = groups.get(key)
    if (group) group.push(who)
    else groups.set(key, [who])
  }
  const keys: string[][] = []
  for (let i = 0; i < people; i++) {
    const year = `y${randomInt(random, 5)}`
    const house = `h${Math.floor(houses * random() ** 1.4)}`
    const clubs = [`c${randomInt(random, Math.ceil(people / 50))}`, `c${randomInt(random, Math.ceil(people / 50))}`]
    const mine = [`${house}${year}`, year, house, ...clubs, 'all']
    keys.push(mine)
    for (const key of mine) join(key, first + i)
    join(`truth ${house}${year}`, first + i)
  }
  const pickers = new Map<string, (random: Random) => number>()
  for (const [key, members] of groups) {
    if (key.startsWith('truth')) communities.push(members)
    else
      pickers.set(
        key,
        weightedPicker(members, (m) => sociable[m - first] as number),
      )
  }
  const meanSociable = sociable.reduce((a, b) => a + b, 0) / people
  for (let i = 0; i < people; i++) {
    const half = ((sociable[i] as number) / meanSociable) * (degree / 2)
    for (let e = 0; e < half; e++) {
      const x = random()
      const mine = keys[i] as string[]
      let key = mine[5] as string
      if (x < houseShare) key = mine[0] as string
      else if (x < houseShare + 0.28) key = mine[1] as string
      else if (x < houseShare + 0.34) key = mine[2] as string
      else if (x < houseShare + 0.48) key = mine[3 + randomInt(random, 2)] as string
      const closes = random() < 0.25 ? friendOfFriend(lists, first + i, random) : -1
      link(edges, lists, first + i, closes >= 0 ? closes : (pickers.get(key) as (r: Random) => number)(random))
    }
  }
}

/**
 * Many overlapping ego networks over one population with celebrities: each ego's contacts form overlapping circles
 * (the truth), dense inside, noisy outside. `inside` and `around` scale the density of circles and of the rest.
 */
export function circleGraph(seed: string, egos: number, population: number, inside = 1, around = 1): Dataset {
  const random = seededRandom(seed)
  const edges = new EdgeSet()
  const lists: Lists = Array.from({ length: population }, () => [])
  const everyone = Array.from({ length: population }, (_, i) => i)
  const fame = everyone.map(() => logNormal(random, 1, 1))
  const anyone = weightedPicker(everyone, (m) => fame[m] as number)
  const communities: number[][] = []
  for (let e = 0; e < egos; e++) {
    const alters = new Set<number>()
    const wanted = Math.min(240, logNormal(random, 120, 0.5))
    while (alters.size < wanted) alters.add(anyone(random))
    egoNet(random, edges, lists, communities, [...alters], fame, inside, around)
  }
  return { name: seed, nodeCount: population, edges: Uint32Array.from(edges.flat), communities }
}

function egoNet(
  random: Random,
  edges: EdgeSet,
  lists: Lists,
  communities: number[][],
  alters: readonly number[],
  fame: readonly number[],
  insideScale: number,
  aroundScale: number,
): void {
  const weightOf = (m: number): number => Math.sqrt(fame[m] as number)
  const anyAlter = weightedPicker(alters, weightOf)
  for (let e = 0; e < alters.length * logNormal(random, 6 * aroundScale, 0.6); e++)
    link(edges, lists, anyAlter(random), anyAlter(random))
  const circles = 1 + randomInt(random, 5)
  for (let c = 0; c < circles; c++) {
    const size = Math.round(Math.min(alters.length * 0.7, logNormal(random, 18, 0.6)))
    if (size < 5) continue
    const members = new Set<number>()
    // A circle grows around friendships that are already there, as real circles do.
    let at = anyAlter(random)
    for (let tries = 0; members.size < size && tries < 40 * size; tries++) {
      members.add(at)
      const near = lists[at] as number[]
      const next = random() < 0.35 ? (near[randomInt(random, near.length)] ?? anyAlter(random)) : anyAlter(random)
      at = alters.includes(next) ? next : anyAlter(random)
    }
    const list = [...members]
    const inside = weightedPicker(list, weightOf)
    const density = Math.min(0.8, logNormal(random, 0.35 * insideScale, 0.6))
    const wanted = (density * list.length * (list.length - 1)) / 2
    for (let e = 0; e < wanted; e++) link(edges, lists, inside(random), inside(random))
    communities.push(list)
  }
}

/**
 * Co-authors: papers are small cliques written inside labs, labs belong to venues, some authors move between labs and
 * venues. The truth is a venue's connected authors. Sparse (mean degree about 7), very clustered; `zeal` scales the papers.
 */
export function coauthorGraph(seed: string, venues: number, zeal = 1): Dataset {
  const random = seededRandom(seed)
  const edges = new EdgeSet()
  const communities: number[][] = []
  const venuesOf: number[][] = []
  const labs: number[][] = []
  let people = 0
  const labOf = (size: number): number[] => {
    const lab = Array.from({ length: size }, () => {
      const known = labs.length > 4 && random() < 0.22 ? labs[randomInt(random, labs.length)] : undefined
      return known ? (known[Math.floor(known.length * random() ** 2)] as number) : people++
    })
    labs.push(lab)
    return lab
  }
  for (let v = 0; v < venues; v++) {
    const members = new Set<number>()
    const count = 1 + Math.floor(3 * random() ** 2 + 0.3)
    for (let l = 0; l < count; l++) {
      const lab = labOf(Math.round(Math.min(40, Math.max(4, logNormal(random, 9, 0.6)))))
      const active = random() < 0.5 ? lab : lab.slice(0, Math.ceil(lab.length * 0.7))
      for (const a of active) members.add(a)
      writePapers(random, edges, lab, zeal)
    }
    const list = [...members]
    writePapers(random, edges, list.slice(0, Math.ceil(list.length / 3)), zeal)
    venuesOf.push(list)
  }
  for (const list of venuesOf) communities.push(...connectedParts(list, edges.flat, people))
  return { name: seed, nodeCount: people, edges: Uint32Array.from(edges.flat), communities }
}

/** The parts of a group that hang together through edges inside it. */
function connectedParts(group: readonly number[], edges: readonly number[], nodeCount: number): number[][] {
  let rows = rowsOf.get(edges)
  if (!rows) {
    rows = Array.from({ length: nodeCount }, () => [])
    for (let i = 0; i < edges.length; i += 2) {
      rows[edges[i] as number]?.push(edges[i + 1] as number)
      rows[edges[i + 1] as number]?.push(edges[i] as number)
    }
    rowsOf.set(edges, rows)
  }
  const left = new Set(group)
  const parts: number[][] = []
  for (const start of group) {
    if (!left.delete(start)) continue
    const part = [start]
    for (const u of part) for (const v of rows[u] as number[]) if (left.delete(v)) part.push(v)
    parts.push(part)
  }
  return parts
}

const rowsOf = new WeakMap<readonly number[], number[][]>()

function writePapers(random: Random, edges: EdgeSet, lab: readonly number[], zeal: number): void {
  const papers = Math.ceil((lab.length * logNormal(random, 0.9 * zeal, 0.5)) / 1.5)
  for (let p = 0; p < papers; p++) {
    const size = Math.min(lab.length, 2 + Math.floor(4 * random() ** 1.6))
    const authors = Array.from({ length: size }, () => lab[Math.floor(lab.length * random() ** 1.3)] as number)
    for (const a of authors) for (const b of authors) if (a < b) edges.add(a, b)
  }
  for (let i = 1; i < lab.length; i++)
    if (random() < 0.7) edges.add(lab[i] as number, lab[randomInt(random, i)] as number)
}

/** Small, loose groups of thirty and many random contacts: the plainest of platforms, where chance alone connects a lot. */
export function villageGraph(seed: string, people: number, degree: number, homophily: number): Dataset {
  const random = seededRandom(seed)
  const edges = new EdgeSet()
  const group = 30
  const communities = Array.from({ length: Math.floor(people / group) }, (_, g) =>
    Array.from({ length: group }, (_, i) => g * group + i),
  )
  for (let i = 0; i < people; i++) {
    for (let e = 0; e < degree / 2; e++) {
      const near = Math.min(people - 1, i - (i % group) + randomInt(random, group))
      edges.add(i, random() < homophily ? near : randomInt(random, people))
    }
  }
  return { name: seed, nodeCount: people, edges: Uint32Array.from(edges.flat), communities }
}
