import { type Random, randomInt, sample } from '@firebreak/kernel'
import { camouflage, type Ground, logUniform, shareItems, sparseIdentifiers } from './ring-parts.ts'

/**
 * Rings too wide for anybody to be near everybody: sparse, joined by chance, by growth, by place or in a long chain with
 * shortcuts. Three seeds see only their own corner; the rest is reached from member to member.
 */
export function laySprawl(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const { ties, around } = (WIDE[randomInt(random, WIDE.length)] as Wide)(random, members.length)
  const answered = 0.2 + 0.6 * random()
  const spoken = fused ? 0.6 * random() : 0
  const tie = (a: number, b: number): void => {
    const relation = random() < spoken ? (random() < 0.5 ? 'mention' : 'comment') : 'follow'
    ground.edges.push({ source: members[a] as number, target: members[b] as number, relation })
  }
  for (const [a, b] of ties) {
    if (a === b) continue
    tie(a, b)
    if (random() < answered) tie(b, a)
  }
  camouflage(ground, members, logUniform(random, 0.5, 6), logUniform(random, 0.5, 6))
  if (!fused) return
  if (random() < 0.7) shareAround(ground, members, around)
  if (random() < 0.4) shareItems(ground, members, 'hashtag', logUniform(random, 0.01, 0.06), logUniform(random, 0.2, 2))
  if (random() < 0.4) sparseIdentifiers(ground, members, logUniform(random, 0.05, 0.3))
}

/** Groups that overlap share links or media among themselves. */
function shareAround(ground: Ground, members: readonly number[], around: (i: number, count: number) => number[]): void {
  const { random } = ground
  const relation = random() < 0.5 ? 'link' : 'media'
  const [density, outsiders] = [logUniform(random, 0.08, 0.4), logUniform(random, 0.1, 1.5)]
  const size = 8 + randomInt(random, 20)
  for (let group = 0; group < (1.5 * members.length) / size; group++) {
    const some = around(randomInt(random, members.length), size).map((i) => members[i] as number)
    shareItems(ground, some, relation, density, outsiders)
  }
}

type Wide = (
  random: Random,
  count: number,
) => { ties: [number, number][]; around: (i: number, count: number) => number[] }

/** Everybody knows a few, whoever they are. */
const byChance: Wide = (random, count) => {
  const each = 1.5 + 4.5 * random()
  const ties = Array.from({ length: Math.round(each * count) }, (): [number, number] => [
    randomInt(random, count),
    randomInt(random, count),
  ])
  return { ties, around: neighboursIn(ties, count, random) }
}

/** Newcomers tie to those who are known already. */
const byGrowth: Wide = (random, count) => {
  const each = 2 + randomInt(random, 4)
  const ends: number[] = [0]
  const ties: [number, number][] = []
  for (let i = 1; i < count; i++)
    for (let e = 0; e < Math.min(i, each); e++) {
      const other = random() < 0.6 ? (ends[randomInt(random, ends.length)] as number) : randomInt(random, i)
      ties.push([i, other])
      ends.push(i, other)
    }
  return { ties, around: neighboursIn(ties, count, random) }
}

/** Whoever lives near ties. */
const byPlace: Wide = (random, count) => {
  const places = Array.from({ length: count }, () => [random(), random()] as const)
  const wrap = (d: number): number => Math.min(Math.abs(d), 1 - Math.abs(d))
  const around = (i: number, size: number): number[] => {
    const [x, y] = places[i] as readonly [number, number]
    const far = (j: number): number => {
      const [u, v] = places[j] as readonly [number, number]
      return wrap(x - u) ** 2 + wrap(y - v) ** 2
    }
    return Array.from(places.keys())
      .sort((a, b) => far(a) - far(b))
      .slice(0, size)
  }
  const reach = 6 + randomInt(random, 8)
  const known = 0.3 + 0.4 * random()
  const ties = Array.from(places.keys()).flatMap((i) =>
    around(i, reach)
      .filter(() => random() < known)
      .map((j): [number, number] => [i, j]),
  )
  return { ties, around }
}

/** A long chain with shortcuts (Watts and Strogatz 1998, doi:10.1038/30918). */
const byChain: Wide = (random, count) => {
  const reach = 2 + randomInt(random, 3)
  const shortcut = 0.02 + 0.15 * random()
  const ties: [number, number][] = []
  for (let i = 0; i < count; i++)
    for (let step = 1; step <= reach; step++)
      ties.push([i, random() < shortcut ? randomInt(random, count) : (i + step) % count])
  const around = (i: number, size: number): number[] =>
    Array.from({ length: Math.min(size, count) }, (_, s) => (i + s) % count)
  return { ties, around }
}

const WIDE: readonly Wide[] = [byChance, byGrowth, byPlace, byChain]

/** Some account, those it is tied to, and theirs. */
function neighboursIn(ties: readonly [number, number][], count: number, random: Random) {
  const known: number[][] = Array.from({ length: count }, () => [])
  for (const [a, b] of ties) {
    known[a]?.push(b)
    known[b]?.push(a)
  }
  return (i: number, size: number): number[] => {
    const found = new Set([i])
    for (const u of found) {
      for (const v of known[u] ?? []) if (found.size < 2 * size) found.add(v)
      if (found.size >= 2 * size) break
    }
    return sample(random, [...found], size)
  }
}
