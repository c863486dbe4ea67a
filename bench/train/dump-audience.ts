/**
 * Writes rows for the audience model and the model that says whether there is an audience:
 * `node bench/train/dump-audience.ts OUT ROUND LOOKS`. Simulated cities and small platforms, markets, rings of all kinds, communities and unrelated
 * seeds, with other random seeds than any figure and than the other models. Every query is asked as in use, look by look, each with
 * the models as they stand: run it for one look, train, and run it again for four, so that later looks are trained on what earlier ones really bring in.
 * A row is its facts followed by query number, label, look (all float32).
 */
import { createWriteStream, mkdirSync } from 'node:fs'
import { seededRandom } from '@firebreak/kernel'
import { knownAccounts } from '../../packages/graph/src/cut/audience-evidence.ts'
import { AUDIENCE_COLUMNS, AUDIENCE_SHAPE, audienceFacts } from '../../packages/graph/src/cut/audience-facts.ts'
import { widenedBelief } from '../../packages/graph/src/cut/belief.ts'
import { examine } from '../../packages/graph/src/cut/examine.ts'
import { MODELS } from '../../packages/graph/src/cut/models.ts'
import { judgeSeeds, readBoth } from '../../packages/graph/src/cut/rank-network.ts'
import { seedExceedance } from '../../packages/graph/src/cut/seed-facts.ts'
import { softCore } from '../../packages/graph/src/cut/soft-facts.ts'
import {
  bazaarCorpus,
  type CorpusGraph,
  type CorpusQuery,
  corpusOf,
  simulatedCity,
  simulatedCorpus,
  trainingBackgrounds,
} from '../networks/corpus.ts'

const [out, round, looks] = [process.argv[2] ?? 'train', Number(process.argv[3] ?? 0), Number(process.argv[4] ?? 4)]
const SIZE = { communities: 40, ringsPerFamily: 8, queriesPerRing: 1, nulls: 12 }
const CITIES = 8
const METROPOLISES = 4
const MARKETS = 4
const TOWNS = 8
/** Kinds of networks that an audience of their own holds together; the planted ones of simulated platforms are markets. */
const LIVES_ON_AUDIENCE: ReadonlySet<string> = new Set(['market', 'bazaar'])
/** As in use: a look that hardly knows more than the last says nothing new. */
const STILL_GROWING = 1.01

mkdirSync(out, { recursive: true })
const audience = createWriteStream(`${out}/audience.f32`)
const watched = createWriteStream(`${out}/watched.f32`)
const queries = createWriteStream(`${out}/queries.audience.jsonl`)
let number = 0

function* graphs(): Generator<CorpusGraph> {
  for (let i = 0; i < CITIES; i++) yield simulatedCity(700 + 20 * round + i, 12, 10)
  for (let i = 0; i < METROPOLISES; i++) yield simulatedCity(800 + 20 * round + i, 12, 10, 1.8 + 0.6 * i)
  for (let i = 0; i < MARKETS; i++) yield* bazaarCorpus(70 + 20 * round + i, 3, 8)
  for (const dataset of trainingBackgrounds(70 + round)) yield* corpusOf(dataset, SIZE, `audience-${round}`)
  for (let i = 0; i < TOWNS; i++) yield simulatedCorpus(710 + 20 * round + i, 12, 20)
}

function dumpQuery(query: CorpusQuery, graph: CorpusGraph['built']['fused']): void {
  const seen = examine(graph, query.seeds, seededRandom(`audience ${number}`))
  const { belief: narrow, fitting, ringness } = judgeSeeds(seen, MODELS)
  const { exam, belief } = widenedBelief(seen, fitting, narrow, MODELS.first)
  const exceedance = seedExceedance(exam, fitting)
  const { coordinated: once } = readBoth(MODELS, belief.reading, belief.soft, exceedance)
  const core = softCore(belief.reading, once, exam.candidates.grown, belief.soft.percolation)
  const { coordinated: again } = readBoth(MODELS, belief.reading, core, exceedance)
  let probability = again
  let asked = 0
  for (let look = 0; look < looks; look++) {
    const known = knownAccounts(exam, fitting, probability)
    if (known.length < asked * STILL_GROWING) break
    const facts = audienceFacts(exam, known, { once, again, ringness })
    if (facts === null) break
    asked = known.length
    const seeds = exam.candidates.seedCount
    const isRing = query.kind !== 'community' && query.kind !== 'null'
    write(watched, facts.shape, AUDIENCE_SHAPE.length, [[number, LIVES_ON_AUDIENCE.has(query.kind) ? 1 : 0, look]])
    if (isRing) {
      const labels = Array.from(exam.local.nodes.subarray(seeds), (u) => [number, query.truth.has(u) ? 1 : 0, look])
      write(audience, facts.rows, AUDIENCE_COLUMNS.length, labels)
    }
    probability = new Float64Array(exam.local.size)
    probability.set(MODELS.audience.probabilities(facts.rows), seeds)
  }
}

function write(
  file: ReturnType<typeof createWriteStream>,
  facts: Float32Array,
  width: number,
  tails: readonly (readonly number[])[],
): void {
  const rows = new Float32Array(tails.length * (width + 3))
  tails.forEach((tail, i) => {
    rows.set(facts.subarray(i * width, (i + 1) * width), i * (width + 3))
    rows.set(tail, i * (width + 3) + width)
  })
  file.write(Buffer.from(rows.buffer))
}

for (const { name, built, queries: asked } of graphs()) {
  const start = performance.now()
  for (const query of asked) {
    const { background, kind, fused, wrong } = query
    const about = { graph: name, k: query.seeds.length, truth: query.truth.size }
    queries.write(`${JSON.stringify({ number, background, kind, fused, wrong, ...about })}\n`)
    dumpQuery(query, built.fused)
    number++
  }
  process.stderr.write(
    `${name}: ${asked.length} queries, ${((performance.now() - start) / asked.length).toFixed(0)} ms each\n`,
  )
}
createWriteStream(`${out}/facts.audience.json`).end(
  JSON.stringify({ audience: AUDIENCE_COLUMNS, watched: AUDIENCE_SHAPE }),
)
for (const file of [audience, watched, queries]) file.end()
