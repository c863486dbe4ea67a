import { type Random, randomInt, seededRandom } from '@firebreak/kernel'
import { EdgeSet, weightedPicker } from './backgrounds.ts'
import type { Dataset } from './datasets.ts'

/**
 * Communities that overlap in a dense crowd, after Lancichinetti and Fortunato 2009 (doi:10.1103/PhysRevE.80.016118): degrees and
 * sizes by power laws, everybody in one to three communities, a share `mixing` of the contacts anywhere. Never in any
 * training: the stand-in for dense social graphs.
 */
export function overlapGraph(seed: string, people: number, degree: number, mixing: number): Dataset {
  const random = seededRandom(seed)
  const edges = new EdgeSet()
  const everyone = Array.from({ length: people }, (_, i) => i)
  const contacts = everyone.map(() => powerLaw(random, degree / 2.6, degree * 6, 2.5))
  const communities = shareOut(random, people)
  const joined = new Uint8Array(people)
  for (const members of communities) for (const m of members) joined[m]! += 1
  for (const members of communities) {
    const inside = (m: number): number =>
      Math.min(((1 - mixing) * (contacts[m] as number)) / (joined[m] as number), (members.length - 1) * 0.8)
    wire(random, edges, members, inside)
  }
  wire(random, edges, everyone, (m) => mixing * (contacts[m] as number))
  return { name: seed, nodeCount: people, edges: Uint32Array.from(edges.flat), communities }
}

/** Between `low` and `high` with density x^−exponent. */
function powerLaw(random: Random, low: number, high: number, exponent: number): number {
  const [a, b] = [low ** (1 - exponent), high ** (1 - exponent)]
  return (a + (b - a) * random()) ** (1 / (1 - exponent))
}

/** Communities of 15 to 300 until everybody is in one; four in ten people join a second, some of them a third. */
function shareOut(random: Random, people: number): number[][] {
  const places: number[] = []
  for (let i = 0; i < people; i++) {
    places.push(i)
    while (random() < 0.4 && places.length < 3 * people) {
      places.push(i)
      if (random() < 0.7) break
    }
  }
  for (let i = places.length - 1; i > 0; i--) {
    const j = randomInt(random, i + 1)
    ;[places[i], places[j]] = [places[j] as number, places[i] as number]
  }
  const communities: number[][] = []
  for (let at = 0; at < places.length; ) {
    const size = Math.round(powerLaw(random, 15, 300, 1.6))
    communities.push([...new Set(places.slice(at, at + size))])
    at += size
  }
  return communities
}

/** Random contacts so that each member gets about as many as it wants. */
function wire(random: Random, edges: EdgeSet, members: readonly number[], wanted: (member: number) => number): void {
  if (members.length < 2) return
  const pick = weightedPicker(members, wanted)
  const total = members.reduce((sum, m) => sum + wanted(m), 0) / 2
  for (let placed = 0, tries = 0; placed < total && tries < 4 * total; tries++)
    if (edges.add(pick(random), pick(random))) placed++
}
