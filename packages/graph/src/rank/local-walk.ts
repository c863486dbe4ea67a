import type { LocalGraph } from './local-graph.ts'

/**
 * Personalised PageRank inside the candidates, each arc weighing (1 + triangles) / √(degree × degree): a walk that prefers
 * embedded ties to chance contacts. The arcs that leave the candidates are kept as a leak, so an account whose life is
 * elsewhere passes little on. Power iteration, cost `rounds` × arcs.
 */
export function embeddedWalk(local: LocalGraph, seed: number, alpha: number, rounds: number): Float64Array {
  const { arcWeight, total } = embeddedWeights(local)
  let now = new Float64Array(local.size)
  let next = new Float64Array(local.size)
  const sum = new Float64Array(local.size)
  now[seed] = 1
  for (let round = 0; round < rounds; round++) {
    next.fill(0)
    for (let u = 0; u < local.size; u++) {
      const held = now[u] as number
      if (held < 1e-9) continue
      sum[u]! += alpha * held
      const t = total[u] as number
      if (t === 0) continue
      const share = ((1 - alpha) * held) / t
      for (let a = local.offsets[u] as number, end = local.offsets[u + 1] as number; a < end; a++) {
        next[local.neighbours[a] as number]! += share * (arcWeight[a] as number)
      }
    }
    const swap = now
    now = next
    next = swap
  }
  return sum
}

const cache = new WeakMap<LocalGraph, { arcWeight: Float64Array; total: Float64Array }>()

function embeddedWeights(local: LocalGraph): { arcWeight: Float64Array; total: Float64Array } {
  const known = cache.get(local)
  if (known) return known
  const arcWeight = new Float64Array(local.neighbours.length)
  const total = new Float64Array(local.size)
  for (let u = 0; u < local.size; u++) {
    const degree = local.degree[u] as number
    let inside = 0
    let sum = 0
    for (let a = local.offsets[u] as number, end = local.offsets[u + 1] as number; a < end; a++) {
      const v = local.neighbours[a] as number
      const w =
        ((local.weights[a] as number) * (1 + (local.triangles[a] as number))) /
        Math.sqrt(degree * (local.degree[v] as number))
      arcWeight[a] = w
      sum += w
      inside++
    }
    // What leaves is not seen: count each missing arc like one without triangles to a neighbour of the same degree.
    total[u] = sum + Math.max(0, degree - inside) / Math.max(1, degree)
  }
  const made = { arcWeight, total }
  cache.set(local, made)
  return made
}
