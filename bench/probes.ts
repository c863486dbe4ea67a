/**
 * What a recommender shows after one contact with a network, unguarded and guarded, and what the guard costs the benign.
 * Labels come from `mapNetwork` with a few seeds on data before the probes; the truth is used for scoring only.
 *   npm run bench -- probes [--on small,study,dblp,amazon] [--k 3] [--seeds 1,2,3] [--probes 30]
 */
import { parseArgs } from 'node:util'
import { generateWorld } from '@firebreak/simulator'
import { realDataset } from './networks/datasets.ts'
import { probeRealGraph } from './probes/on-real-graph.ts'
import { probeWorld } from './probes/on-world.ts'
import { printProbes } from './probes/table.ts'

const { values } = parseArgs({
  options: {
    on: { type: 'string', default: 'small,dblp,amazon' },
    k: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '1' },
    probes: { type: 'string', default: '30' },
  },
})
const k = Number(values.k)
const replicates = Number(values.probes)

for (const on of values.on.split(',')) {
  for (const seed of values.seeds.split(',').map(Number)) {
    if (on === 'small' || on === 'study') {
      const world = generateWorld({ scenario: on, seed })
      for (const result of await probeWorld(world, { k, draw: 0, replicates })) printProbes(`${on} ${seed}`, result)
      continue
    }
    const dataset = realDataset(on === 'amazon' ? 'amazon' : 'dblp')
    if (dataset === null) continue
    for (const onlyFollows of [false, true])
      for (const result of await probeRealGraph(dataset, { seed, k, replicates, onlyFollows }))
        printProbes(`${on} + ring ${seed}${onlyFollows ? ', follows only' : ''}`, result)
  }
}
