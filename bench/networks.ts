/**
 * `npm run bench -- networks [--quick] [--graphs dblp,amazon,circles,school,coauthors] [--only communities,in-graph,rings,larger,unseen,null,wrong,fixed,speed]`: how well seeds lead to networks, by the
 * protocol of bench/networks/protocol.ts. Real data are read from ../shared/data; without them the generated graphs remain.
 */
import { parseArgs } from 'node:util'
import { communitiesTable } from './networks/communities-table.ts'
import { fixedRankerTable } from './networks/fixed-ranker-table.ts'
import { inGraphTable } from './networks/in-graph-table.ts'
import { nullTable } from './networks/null-table.ts'
import { largerRingsTable, ringsTable, unseenTable } from './networks/rings-table.ts'
import { speedTable } from './networks/speed-table.ts'
import { TEST_GRAPHS } from './networks/test-graphs.ts'
import { wrongSeedTable } from './networks/wrong-seed-table.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    graphs: { type: 'string', default: '' },
  },
})
const only = values.only === '' ? null : new Set(values.only.split(','))
const graphs = values.graphs === '' ? null : TEST_GRAPHS.filter((name) => values.graphs.split(',').includes(name))
const tables = {
  communities: communitiesTable,
  'in-graph': inGraphTable,
  rings: ringsTable,
  larger: largerRingsTable,
  unseen: unseenTable,
  null: nullTable,
  wrong: wrongSeedTable,
  fixed: fixedRankerTable,
  speed: speedTable,
}
for (const [name, table] of Object.entries(tables)) {
  if (only !== null && !only.has(name)) continue
  for (const line of table(values.quick, graphs)) console.log(line)
  console.log('')
}
