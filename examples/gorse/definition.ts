/**
 * Writes a probe definition for Gorse over a world made by `firebreak simulate`: what counts as network is the planted truth,
 * found or not.
 *
 *   npx --no-install node examples/gorse/definition.ts --world DIR > probe.json
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { world: { type: 'string' }, session: { type: 'string', default: 'http://127.0.0.1:9512' } },
})
if (!values.world) throw new Error('give --world DIR')
const lines = (...path: string[]) =>
  readFileSync(join(values.world!, ...path), 'utf8')
    .trim()
    .split('\n')
const truth = lines('truth', 'accounts.csv')
  .slice(1)
  .map((line) => line.split(','))
const network = truth
  .filter(([, role]) => ['hubs', 'core', 'backups', 'returners'].includes(role!))
  .map(([account]) => account!)
const planted = new Set(truth.map(([account]) => account))
const counts = new Map<string, number>()
for (const line of lines('follows.csv').slice(1)) {
  const target = line.split(',')[1]!
  counts.set(target, (counts.get(target) ?? 0) + 1)
}
const ordinary = [...counts]
  .filter(([account, count]) => count >= 15 && count <= 40 && !planted.has(account))
  .map(([account]) => account)
const body = { viewer: '{viewer}', history: '{history}', limit: '{limit}' }
const ask = (path: string) => ({ url: `${values.session}${path}`, body, items: 'items', id: 'id' })
console.log(
  JSON.stringify({
    name: 'Gorse, session recommendations over follows',
    surface: 'recommend_accounts',
    recommender: ask('/recommend'),
    fallback: ask('/popular'),
    contact: { network: lines('seeds.txt'), benign: ordinary.slice(0, 10) },
    flagged: [...new Set(network)],
    top: 20,
    refreshes: 10,
    probes: 30,
  }),
)
