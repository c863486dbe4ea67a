import type { Truth } from '@firebreak/simulator'
import type { TruthScore } from '../networks/network-document.ts'

/** How the members of a cut meet what was planted; the seeds, being given, count on neither side. */
export function scoreMap(truth: Truth, seeds: readonly string[], members: readonly string[]): TruthScore {
  const given = new Set(seeds)
  const positives = new Set([...truth.positives()].filter((account) => !given.has(account)))
  const inside = members.filter((account) => !given.has(account))
  const found = inside.filter((account) => positives.has(account)).length
  return {
    precision: inside.length === 0 ? 0 : found / inside.length,
    recall: positives.size === 0 ? 0 : found / positives.size,
    positives: positives.size,
    found,
    victimsInCut: inside.filter((account) => truth.victims.has(account)).length,
  }
}
