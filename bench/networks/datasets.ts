import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const DATA = fileURLToPath(new URL('../../../shared/data/graph/', import.meta.url))

/** An undirected graph with known communities. `edges` is a flat list of node pairs. */
export interface Dataset {
  readonly name: string
  readonly nodeCount: number
  readonly edges: Uint32Array
  readonly communities: readonly (readonly number[])[]
}

/** Reads com-DBLP or the amazon subgraph; null (said on stderr) when the data are not on this machine. */
export function realDataset(name: 'dblp' | 'amazon'): Dataset | null {
  const edgeFile = `${DATA}${name}.edges.txt.gz`
  if (!existsSync(edgeFile)) {
    process.stderr.write(`SKIPPED ${name}: ${name}.edges.txt.gz is not in ../shared/data/graph\n`)
    return null
  }
  const numberOf = new Map<string, number>()
  const node = (id: string): number => {
    let n = numberOf.get(id)
    if (n === undefined) {
      n = numberOf.size
      numberOf.set(id, n)
    }
    return n
  }
  const edges: number[] = []
  for (const line of gunzipSync(readFileSync(edgeFile)).toString('utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [u, v] = line.trim().split(/\s+/)
    if (u !== undefined && v !== undefined) edges.push(node(u), node(v))
  }
  const file = name === 'dblp' ? 'dblp.communities.dev.txt.gz' : 'amazon.communities.txt.gz'
  const communities: number[][] = []
  for (const line of gunzipSync(readFileSync(`${DATA}${file}`))
    .toString('utf8')
    .split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    communities.push(
      line
        .trim()
        .split(/\s+/)
        .flatMap((id) => numberOf.get(id) ?? []),
    )
  }
  return { name, nodeCount: numberOf.size, edges: Uint32Array.from(edges), communities }
}
