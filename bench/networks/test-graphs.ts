import { circleGraph, coauthorGraph, schoolGraph } from './backgrounds.ts'
import { type Dataset, realDataset } from './datasets.ts'
import { overlapGraph } from './overlap-graph.ts'

/**
 * The graphs that figures are reported on. com-DBLP was never trained or tuned on; amazon was (its row is no transfer);
 * the generated ones come from the generators of training with other seeds and sizes (known kind, unseen graph).
 */
export function testGraphs(names: readonly TestGraph[]): { dataset: Dataset; transfer: string }[] {
  return names.flatMap((name) => {
    const made = MAKE[name]()
    return made === null ? [] : [{ dataset: made, transfer: TRANSFER[name] }]
  })
}

export const TEST_GRAPHS = ['dblp', 'amazon', 'circles', 'school', 'coauthors', 'overlap', 'crowd'] as const
export type TestGraph = (typeof TEST_GRAPHS)[number]

const MAKE: Record<TestGraph, () => Dataset | null> = {
  dblp: () => realDataset('dblp'),
  amazon: () => realDataset('amazon'),
  circles: () => circleGraph('test circles', 320, 25_000),
  school: () => schoolGraph('test school', 5, 4_000, 74, 0.12),
  coauthors: () => coauthorGraph('test coauthors', 1_500),
  overlap: () => overlapGraph('overlap', 12_000, 60, 0.55),
  crowd: () => overlapGraph('crowd', 12_000, 90, 0.75),
}

const TRANSFER: Record<TestGraph, string> = {
  dblp: 'transfer',
  amazon: 'in training',
  circles: 'generator known, graph unseen',
  school: 'generator known, graph unseen',
  coauthors: 'generator known, graph unseen',
  overlap: 'generator never in training',
  crowd: 'generator never in training',
}
