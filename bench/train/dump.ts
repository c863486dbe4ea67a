import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { seededRandom } from '@firebreak/kernel'
import { believe, widenedBelief } from '../../packages/graph/src/cut/belief.ts'
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
import { SOFT_FACTS, softFacts } from '../../packages/graph/src/cut/soft-facts.ts'
import { type TreeModel, Trees } from '../../packages/graph/src/cut/trees.ts'
import {
  bazaarCorpus,
  type CorpusGraph,
  type CorpusQuery,
  corpusOf,
  simulatedCity,
  simulatedCorpus,
  trainingBackgrounds,
} from '../networks/corpus.ts'

/**
 * Writes training rows: `node bench/train/dump.ts first OUT ROUNDS` for the first model's rows, then
 * `… dump.ts second OUT ROUNDS` for the other four models, with the fold models of the first in OUT.
 * A row is its facts followed by query number, label, weight (all float32); queries.jsonl says what each query was.
 */
const [stage, out] = [process.argv[2] ?? 'first', process.argv[3] ?? 'train']
const [rounds, from] = [Number(process.argv[4] ?? 2), Number(process.argv[5] ?? 0)]
const SIZE = { communities: 60, ringsPerFamily: 6, queriesPerRing: 2, nulls: 50 }
/** Negatives are kept down to this fused rank; of the rest a sample stands for all. */
const NEAR = 150
const FAR_SAMPLE = 50

mkdirSync(out, { recursive: true })
let random = seededRandom('dump')
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
  if (stage === 'first') {
    const reading = readWith(exam, active)
    const { kept, tails } = keep(reading.fused.order, exam.local.nodes, query, number, () => false)
    return write('first', candidateFacts(reading, kept), CANDIDATE_FACTS.length, tails)
  }
  const first = firstModelFor(query.background)
  const narrow = believe(exam, active, first)
  const { exam: wide, belief } = widenedBelief(exam, active, narrow, first)
  const percolated = new Set(narrow.percolation.nodes)
  const { kept, tails } = keep(belief.reading.fused.order, wide.local.nodes, query, number, (u) => percolated.has(u))
  write('second', softFacts(belief.reading, belief.soft, kept, seedExceedance(wide, active)), SOFT_FACTS.length, tails)
  const views = active.length > 1 ? viewSeeds(exam, first, active) : []
  if (active.length > 1) {
    const fits = active.map((s) => [number, query.kind !== 'null' && s !== query.wrong ? 1 : 0, 1])
    write('seed', seedFacts(exam, views, active), SEED_FACTS.length, fits)
  }
  const isNull = query.kind === 'null'
  const shape = networkFacts(exam, views, narrow.reading, narrow.soft)
  write('network', shape, NETWORK_FACTS.length, [[number, isNull ? 0 : 1, 1]])
  if (!isNull) write('ring', shape, NETWORK_FACTS.length, [[number, query.kind === 'community' ? 0 : 1, 1]])
}

/** Members and near candidates, and of the far ones a sample that stands for all. */
function keep(
  order: ArrayLike<number>,
  nodes: Uint32Array,
  query: CorpusQuery,
  number: number,
  isNear: (node: number) => boolean,
): { kept: number[]; tails: number[][] } {
  const kept: number[] = []
  const tails: number[][] = []
  const farWeight = Math.max(1, (order.length - NEAR) / FAR_SAMPLE)
  for (let rank = 0; rank < order.length; rank++) {
    const u = order[rank] as number
    const node = nodes[u] as number
    const member = query.truth.has(node)
    const near = rank < NEAR || member || isNear(node)
    if (!near && random() * farWeight > 1) continue
    kept.push(u)
    tails.push([number, member ? 1 : 0, near ? 1 : farWeight])
  }
  return { kept, tails }
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

for (let round = from; round < from + rounds; round++) {
  random = seededRandom(`dump-${round}`)
  for (const dataset of trainingBackgrounds(round)) {
    for (const graph of corpusOf(dataset, SIZE, `train-${round}`)) dumpGraph(graph)
  }
  dumpGraph(simulatedCorpus(100 + round, 30, 20))
  for (const graph of bazaarCorpus(round, 6, 10)) dumpGraph(graph)
  dumpGraph(simulatedCity(200 + round, 15, 10))
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
