/**
 * How fast an edge list becomes a graph: our reader, beside csv-parse's shape of work (a string per cell) done by hand.
 * `npm run bench -- edge-list [edges]`
 */

import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GraphBuilder } from '@firebreak/graph'
import { readEdges } from '@firebreak/intake'
import { randomInt, seededRandom } from '@firebreak/kernel'

const edges = Number(process.argv[2] ?? 5_000_000)
const dir = mkdtempSync(join(tmpdir(), 'firebreak-bench-'))

async function write(name: string, idOf: (n: number) => string): Promise<string> {
  const path = join(dir, name)
  const random = seededRandom(7)
  const out = createWriteStream(path)
  for (let done = 0; done < edges; ) {
    let text = ''
    for (let i = 0; i < 50_000 && done < edges; i++, done++) {
      text += `${idOf(randomInt(random, edges / 10))},${idOf(randomInt(random, edges / 10))}\n`
    }
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  return path
}

async function ours(path: string): Promise<number> {
  const builder = new GraphBuilder()
  await readEdges(path, {
    intern: (id) => builder.intern(id),
    internBytes: (bytes, start, end) => builder.internBytes(bytes, start, end),
    add: (source, target, relation, weight, at) => builder.addInterned(source, target, relation, weight, at),
  })
  return builder.finish().edgeCount
}

/** The plain way: a string per line and per cell, a Map of strings. */
async function plain(path: string): Promise<number> {
  const nodes = new Map<string, number>()
  const node = (id: string): number => {
    const known = nodes.get(id)
    if (known !== undefined) return known
    nodes.set(id, nodes.size)
    return nodes.size - 1
  }
  const seen = new Set<number>()
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const [source, target] = line.split(',')
    if (source && target) seen.add(node(source) * 2 ** 26 + node(target))
  }
  return seen.size
}

async function timed(run: () => Promise<number>): Promise<{ seconds: number; result: number }> {
  const start = performance.now()
  const result = await run()
  return { seconds: (performance.now() - start) / 1000, result }
}

const rows = []
for (const [name, idOf] of [
  ['numbers', (n: number) => String(n)],
  ['names', (n: number) => `account-${n.toString(36)}`],
] as const) {
  const path = await write(`${name}.csv`, idOf)
  for (const [how, run] of [
    ['firebreak (read + graph)', ours],
    ['split + Map + Set', plain],
  ] as const) {
    if (how !== 'firebreak (read + graph)' && edges > 5_000_000) continue
    const { seconds, result } = await timed(() => run(path))
    rows.push({
      ids: name,
      how,
      'M edges/s': +(edges / seconds / 1e6).toFixed(2),
      'MB/s': Math.round(statSync(path).size / seconds / 1e6),
      edges: result,
    })
  }
}
console.table(rows)
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`)
rmSync(dir, { recursive: true })
