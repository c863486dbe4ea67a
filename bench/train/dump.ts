import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { seededRandom } from '@firebreak/kernel'
import { CANDIDATE_FACTS, candidateFacts } from '../../packages/graph/src/cut/candidate-facts.ts'
import { examine, readWith, seedPositions } from '../../packages/graph/src/cut/examine.ts'
import {
  NETWORK_FACTS,
  networkFacts,
  SEED_FACTS,
  seedExceedance,
  seedFacts,
  viewSeeds,
} from '../../packages/graph/src/cut/seed-facts.ts'
import { SOFT_FACTS, softCore, softFacts } from '../../packages/graph/src/cut/soft-facts.ts'
import { type TreeModel, Trees } from '../../packages/graph/src/cut/trees.ts'
import {
  type CorpusGraph,
  type CorpusQuery,
  corpusOf,
  simulatedCorpus,
  trainingBackgrounds,
} from '../networks/corpus.ts'

/**
 * Writes training rows: `node bench/train/dump.ts first OUT ROUNDS` for the first model's rows, then
 * `… dump.ts second OUT ROUNDS` for the other four models, with the fold models of the first in OUT.
 * A row is its facts followed by query number, label, weight (all float32); queries.jsonl says what each query was.
 */
const [stage, out, rounds] = [process.argv[2] ?? 'first', process.argv[3] ?? 'train', Number(process.argv[4] ?? 2)]
const SIZE = { communities: 60, ringsPerFamily: 6, queriesPerRing: 2, nulls: 25 }
/** Negatives are kept down to this fused rank; of the rest a sample stands for all. */
const NEAR = 150
const FAR_SAMPLE = 50

mkdirSync(out, { recursive: true })
const random = seededRandom('dump')
const files = new Map<string, ReturnType<typeof createWriteStream>>()
function write(name: string, facts: Float32Array, width: number, tails: readonly (readonly number[])[]): void {
  let file = files.get(name)
  if (!file) {
    file = createWriteStream(`${out}/${name}.f32`)
    files.set(name, file)
  }
  const rows = new Float32Array(tails.length * (width + 3))
  tails.forEach((tail, i) => {
    rows.set(facts.subarray(i * width, (i + 1) * width), i * (width + 3))
    rows.set(tail, i * (width + 3) + width)
  })
  file.write(Buffer.from(rows.buffer))
}

const foldModels = new Map<string, Trees>()
function firstModelFor(background: string): Trees {
  const fold = foldOf(background)
  let trees = foldModels.get(fold)
  if (!trees) {
    const own = `${out}/first.without-${fold}.json`
    const text = readFileSync(existsSync(own) ? own : `${out}/first.model.json`, 'utf8')
    trees = new Trees(JSON.parse(text) as TreeModel, CANDIDATE_FACTS)
    foldModels.set(fold, trees)
  }
  return trees
}

/** One fold per kind of background, so that each query is judged by a model that never saw its kind. */
function foldOf(background: string): string {
  return background.split('-')[0] as string
}

function dumpQuery(query: CorpusQuery, number: number, graph: Parameters<typeof examine>[0]): void {
  const exam = examine(graph, query.seeds, random)
  const active = seedPositions(exam)
  const reading = readWith(exam, active)
  const { order } = reading.fused
  const kept: number[] = []
  const tails: number[][] = []
  const farWeight = Math.max(1, (order.length - NEAR) / FAR_SAMPLE)
  order.forEach((u, rank) => {
    const member = query.truth.has(exam.local.nodes[u] as number)
    const near = rank < NEAR || member
    if (!near && random() * farWeight > 1) return
    kept.push(u)
    tails.push([number, member ? 1 : 0, near ? 1 : farWeight])
  })
  if (stage === 'first') return write('first', candidateFacts(reading, kept), CANDIDATE_FACTS.length, tails)
  const first = firstModelFor(query.background)
  const probability = new Float64Array(exam.local.size)
  first.probabilities(candidateFacts(reading, order)).forEach((p, i) => {
    probability[order[i] as number] = p
  })
  const soft = softCore(reading, probability, exam.candidates.grown)
  write('second', softFacts(reading, soft, kept, seedExceedance(exam, active)), SOFT_FACTS.length, tails)
  const views = active.length > 1 ? viewSeeds(exam, first, active) : []
  if (active.length > 1) {
    const fits = active.map((s) => [number, query.kind !== 'null' && s !== query.wrong ? 1 : 0, 1])
    write('seed', seedFacts(exam, views, active), SEED_FACTS.length, fits)
  }
  const isNull = query.kind === 'null'
  const shape = networkFacts(exam, views, reading, soft)
  write('network', shape, NETWORK_FACTS.length, [[number, isNull ? 0 : 1, 1]])
  if (!isNull) write('ring', shape, NETWORK_FACTS.length, [[number, query.kind === 'community' ? 0 : 1, 1]])
}

const queries = createWriteStream(`${out}/queries.${stage}.jsonl`)
let number = 0
function dumpGraph({ name, built, queries: asked }: CorpusGraph): void {
  const start = performance.now()
  for (const q of asked) {
    const { background, kind, fused, wrong } = q
    const about = { k: q.seeds.length, truth: q.truth.size, degree: q.ring?.internalDegree ?? 0 }
    queries.write(`${JSON.stringify({ number, background, fold: foldOf(background), kind, fused, wrong, ...about })}\n`)
    dumpQuery(q, number++, built.fused)
  }
  const each = (performance.now() - start) / asked.length
  process.stderr.write(`${name}: ${asked.length} queries, ${each.toFixed(1)} ms each\n`)
}

for (let round = 0; round < rounds; round++) {
  for (const dataset of trainingBackgrounds(round)) {
    for (const graph of corpusOf(dataset, SIZE, `train-${round}`)) dumpGraph(graph)
  }
  dumpGraph(simulatedCorpus(100 + round, 30, 20))
}
const names = {
  first: CANDIDATE_FACTS,
  second: SOFT_FACTS,
  seed: SEED_FACTS,
  network: NETWORK_FACTS,
  ring: NETWORK_FACTS,
}
createWriteStream(`${out}/facts.json`).end(JSON.stringify(names))
queries.end()
for (const file of files.values()) file.end()
