import { type Random, randomInt, sample } from '@firebreak/kernel'

export type Row = readonly [source: string, target: string, relation: string]

/** A small platform with circles of friends, a few stars, and one ring whose members keep their ordinary friends. */
export interface Planted {
  readonly rows: Row[]
  readonly ring: readonly string[]
  readonly outsiders: readonly string[]
}

export interface PlantedShape {
  readonly accounts: number
  readonly ring: number
  /** Share of ordered pairs of the ring of which one follows the other. */
  readonly density: number
  /** Hashtags that only the ring uses, three per member. */
  readonly hashtags: number
}

export const USUAL: PlantedShape = { accounts: 2_000, ring: 60, density: 0.12, hashtags: 0 }

export function plantRing(random: Random, shape: PlantedShape = USUAL): Planted {
  const { accounts, ring: size, density } = shape
  const name = (i: number) => `acct-${String((i * 7919) % accounts).padStart(5, '0')}`
  const rows: Row[] = []
  for (let i = 0; i < accounts; i++) {
    const home = i - (i % 25)
    for (let k = 0; k < 5; k++) rows.push([name(i), name(home + randomInt(random, 25)), 'follow'])
    for (let k = 0; k < 2; k++) rows.push([name(i), name(randomInt(random, accounts)), 'follow'])
    rows.push([name(i), name(Math.floor(random() ** 4 * 200)), 'follow'])
  }
  const everyone = Array.from({ length: accounts }, (_, i) => name(i))
  const ring = sample(random, everyone, size)
  for (const a of ring) for (const b of ring) if (a !== b && random() < density) rows.push([a, b, 'follow'])
  for (const a of ring)
    for (let k = 0; k < (shape.hashtags > 0 ? 3 : 0); k++)
      rows.push([a, `#paper-lantern-${randomInt(random, shape.hashtags)}`, 'hashtag'])
  const inRing = new Set(ring)
  return { rows, ring, outsiders: everyone.filter((account) => !inRing.has(account)) }
}
