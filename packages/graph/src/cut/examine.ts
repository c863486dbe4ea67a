import type { Random } from '@firebreak/kernel'
import type { FusedAdjacency } from '../fused/adjacency.ts'
import { type Candidates, findCandidates, withMore } from '../rank/candidates.ts'
import { type LocalGraph, localGraph } from '../rank/local-graph.ts'
import { type ViewScores, viewScores } from '../rank/order.ts'
import { ordinaryShape } from './ordinary.ts'
import { type Reading, readQuery } from './query-facts.ts'
import { type SeedTies, seedTies } from './seed-ties.ts'

/** Accounts taken from each view. */
const PER_VIEW = 500

/** Everything computed once per query, whichever seeds are later judged not to fit. */
export interface Examination {
  readonly graph: FusedAdjacency
  readonly candidates: Candidates
  readonly local: LocalGraph
  readonly scores: ViewScores
  readonly ties: SeedTies
  /** The usual shape of neighbourhoods on this graph. */
  readonly ordinary: readonly number[]
}

/** Views from every seed, the local graph and the seeds' mutual nearness. Seeds must be distinct nodes of the graph. */
export function examine(graph: FusedAdjacency, seeds: readonly number[], random: Random): Examination {
  const candidates = findCandidates(graph, seeds, PER_VIEW)
  const local = localGraph(graph, candidates.nodes)
  return {
    graph,
    candidates,
    local,
    scores: viewScores(candidates, local),
    ties: seedTies(graph, candidates, random),
    ordinary: ordinaryShape(graph),
  }
}

/** The same examination with more candidates: whoever the views did not reach, but ties did. */
export function widened(exam: Examination, more: readonly number[]): Examination {
  const known = new Set(exam.local.nodes)
  const fresh = more.filter((u) => !known.has(u))
  if (fresh.length === 0) return exam
  const candidates = withMore(exam.graph, exam.candidates, fresh)
  const local = localGraph(exam.graph, candidates.nodes)
  return { ...exam, candidates, local, scores: viewScores(candidates, local) }
}

/** Reads the query with these seeds (their positions in the query) active. */
export function readWith(exam: Examination, active: readonly number[]): Reading {
  return readQuery(exam.graph, exam.local, exam.scores, active, exam.ordinary)
}

/** Positions of all seeds of the query. */
export function seedPositions(exam: Examination): number[] {
  return Array.from({ length: exam.candidates.seedCount }, (_, i) => i)
}
