/**
 * Variant discovery on planted substitutes with in-group decoys (packages/text/test/planted-variants.ts): recall of each view alone
 * and of the fusion. `npm run bench -- variants [seeds,seeds…]`
 */
import { suggestVariants } from '@firebreak/text'
import {
  accountLift,
  logOdds,
  migration,
  ownWords,
  proximity,
  type Ranker,
  spelling,
} from '../packages/text/src/variants/rankers.ts'
import { tally } from '../packages/text/src/variants/tally.ts'
import { type PlantedWorld, plantedWorld, recallAt } from '../packages/text/test/planted-variants.ts'

const seeds = (process.argv[2] ?? '1,2,3,4,5,6,7,8,9,10').split(',').map(Number)
const CUTS = [10, 20, 50]
const KINDS = ['spelling', 'new', 'repurposed'] as const

/** The plain before/after contrast of the literature, without what everybody else did in the same time. */
const beforeAfter: Ranker = (counts) => {
  const all = counts.seedBefore.map(
    (n, tag) => n + counts.seedAfter[tag]! + counts.restBefore[tag]! + counts.restAfter[tag]!,
  )
  const { delta, variance } = logOdds({ these: counts.seedAfter, those: counts.seedBefore }, all)
  return delta.map((one, tag) => one / Math.sqrt(variance[tag]!))
}
const coUse: Ranker = (counts) => counts.seedAfter

const rankers: readonly (readonly [string, Ranker])[] = [
  ['co-occurrence count', coUse],
  ['log-odds, seeds vs rest', ownWords],
  ['log-odds, after vs before', beforeAfter],
  ['migration (after/before less the rest)', migration],
  ['account lift', accountLift],
  ['spelling', spelling],
  ['proximity', proximity],
]

function alone(world: PlantedWorld, ranker: Ranker): string[] {
  const counts = tally(world.posts, (tag) => tag === world.blocked, world.at)
  const values = ranker(counts, world.blocked)
  return [...values.keys()]
    .filter((tag) => !Number.isNaN(values[tag]!) && counts.seedAfter[tag]! > 0)
    .sort((a, b) => values[b]! - values[a]!)
    .map((tag) => counts.tags[tag]!)
}

function row(name: string, ranked: readonly string[][], worlds: readonly PlantedWorld[]): string {
  const mean = (values: readonly number[]): string => (values.reduce((a, b) => a + b, 0) / values.length).toFixed(2)
  const cuts = CUTS.map((k) => mean(worlds.map((world, i) => recallAt(world, ranked[i]!, k))))
  const kinds = KINDS.map((kind) =>
    mean(
      worlds.map((world, i) =>
        recallAt({ ...world, planted: world.planted.filter((one) => one.kind === kind) }, ranked[i]!, 20),
      ),
    ),
  )
  return `${name.padEnd(40)} ${cuts.join('  ')}   ${kinds.join('  ')}`
}

const worlds = seeds.map((seed) => plantedWorld(seed))
console.log(
  `${worlds.length} worlds, ${worlds[0]!.posts.length} posts each; ten planted substitutes, 45 in-group decoys`,
)
console.log(`${'recall'.padEnd(40)}  @10   @20   @50   @20: ${KINDS.join(', ')}`)
for (const [name, ranker] of rankers)
  console.log(
    row(
      name,
      worlds.map((world) => alone(world, ranker)),
      worlds,
    ),
  )
const times: number[] = []
const fused = worlds.map((world) => {
  const start = performance.now()
  const found = suggestVariants(world.posts, { blocked: world.blocked, at: world.at, limit: 50 })
  times.push(performance.now() - start)
  return found.map(({ variant }) => variant)
})
console.log(row('fusion', fused, worlds))
for (const [i, world] of worlds.entries()) {
  const low = recallAt(world, fused[i]!, 20)
  if (low < 1)
    console.log(
      `  seed ${seeds[i]}: @20 ${low}, missed ${world.planted
        .filter(({ tag }) => !fused[i]!.slice(0, 20).includes(tag))
        .map(({ tag, kind }) => `${tag} (${kind})`)
        .join(', ')}`,
    )
}
console.log(`seconds a world: ${(times.toSorted((a, b) => a - b)[times.length >> 1]! / 1_000).toFixed(2)} (median)`)
