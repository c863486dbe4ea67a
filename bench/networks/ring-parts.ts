import { type Random, randomInt, sample } from '@firebreak/kernel'
import { logNormal, weightedPicker } from './backgrounds.ts'
import type { LaidEdge } from './build.ts'

/** What a ring draws on: who is popular, whose number comes next. */
export interface Ground {
  readonly random: Random
  readonly edges: LaidEdge[]
  readonly popular: (random: Random) => number
  readonly anyone: (random: Random) => number
  readonly accounts: number
  nextAccount: number
  nextItem: number
}

export function follow(ground: Ground, source: number, target: number): void {
  if (source !== target) ground.edges.push({ source, target, relation: 'follow' })
}

export function logUniform(random: Random, low: number, high: number): number {
  return low * (high / low) ** random()
}

/** Uniformly random follows among members until `density` of the pairs are linked. */
export function followWithin(ground: Ground, members: readonly number[], density: number): void {
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
export function camouflage(ground: Ground, members: readonly number[], out: number, back: number): void {
  const { random } = ground
  for (const m of members) {
    for (let e = 0; e < out * logNormal(random, 1, 0.5); e++) follow(ground, m, ground.popular(random))
    for (let e = 0; e < back * logNormal(random, 1, 0.8); e++) follow(ground, ground.anyone(random), m)
  }
}

export function shareItems(
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

export function sparseIdentifiers(ground: Ground, members: readonly number[], share: number): void {
  const { random } = ground
  const some = members.filter(() => random() < share)
  for (let i = 0; i + 1 < some.length; ) {
    const size = 2 + randomInt(random, 3)
    const target = `identifier-${ground.nextItem++}`
    for (const source of some.slice(i, i + size)) ground.edges.push({ source, target, relation: 'identifier' })
    i += size
  }
}

/** Households, carriers, popular hashtags and links that join unrelated accounts. */
export function everydayItems(ground: Ground, nodeCount: number): void {
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
