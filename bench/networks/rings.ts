import { randomInt, sample, seededRandom } from '@firebreak/kernel'
import { weightedPicker } from './backgrounds.ts'
import type { LaidEdge } from './build.ts'
import type { Dataset } from './datasets.ts'
import { layBazaar, layMixed, layRecruits, layRelay } from './ring-extras.ts'
import { layExisting, layFresh, layLockstep, layMarket, layShops } from './ring-families.ts'
import { everydayItems, type Ground, logUniform } from './ring-parts.ts'
import { laySprawl } from './ring-sprawl.ts'

/** `fresh`: new accounts; `existing`: accounts with a life of their own; `shops`: sellers with backups; `lockstep`: shared items, few follows;
 * `market`: many cells that only a common audience joins. */
export const FAMILIES = ['fresh', 'existing', 'shops', 'lockstep', 'market'] as const
/** For training only: `mixed` is put together by chance, `sprawl` too wide for anybody to be near everybody, `bazaar` a market of hundreds with one large audience. */
export const TRAINING_FAMILIES = ['mixed', 'sprawl', 'bazaar'] as const
/** For reporting only, never in any training: `recruits` a tree of invitations, `relay` overlapping shifts. */
export const UNSEEN_FAMILIES = ['recruits', 'relay'] as const
export type Family = (typeof FAMILIES)[number] | (typeof TRAINING_FAMILIES)[number] | (typeof UNSEEN_FAMILIES)[number]

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
  /** Its members had a life before: all their ordinary contacts come with them. */
  readonly grownUp: boolean
}

export interface RingOptions {
  readonly least?: number
  readonly most?: number
  /** Every how manieth round of families is made of existing accounts: 1 all, 2 every second. Default none but `existing`. */
  readonly grownUpEvery?: number
}

/**
 * Lays `count` disjoint rings of each family over a dataset, plus the everyday sharing of items (households, carriers,
 * popular links) that hides them when `fused`. Rings have `least` to `most` members,
 * markets up to twice and bazaars three to six times as many. Same seed, same rings.
 */
export function layRings(
  dataset: Dataset,
  families: readonly Family[],
  count: number,
  fused: boolean,
  seed: string,
  { least = 20, most = 250, grownUpEvery = 0 }: RingOptions = {},
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
    const [smallest, largest] = SIZES[family]?.(least, most) ?? [least, most]
    const size = Math.round(logUniform(random, smallest, largest))
    const round = 1 + Math.floor(i / families.length)
    const isGrownUp = family === 'existing' || (grownUpEvery > 0 && round % grownUpEvery === 0)
    const members = isGrownUp ? free.splice(0, size) : Array.from({ length: size }, () => ground.nextAccount++)
    const before = ground.edges.length
    LAY[family](ground, members, fused)
    rings.push({
      family,
      members,
      fused,
      grownUp: isGrownUp,
      internalDegree: internalDegree(ground.edges, before, members),
    })
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

const SIZES: Partial<Record<Family, (least: number, most: number) => [number, number]>> = {
  market: (least, most) => [2 * least, 2 * most],
  sprawl: (least, most) => [2 * least, 1.6 * most],
  bazaar: (_, most) => [Math.round(1.2 * most), 6 * most],
}

const LAY: Record<Family, (ground: Ground, members: readonly number[], fused: boolean) => void> = {
  fresh: layFresh,
  existing: layExisting,
  shops: layShops,
  lockstep: layLockstep,
  market: layMarket,
  mixed: layMixed,
  sprawl: laySprawl,
  bazaar: layBazaar,
  recruits: layRecruits,
  relay: layRelay,
}
