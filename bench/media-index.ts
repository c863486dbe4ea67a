/**
 * Exact radius-31 search among PDQ hashes, one query at a time on one thread, beside FAISS on the same bytes and queries.
 * `npm run bench -- media-index [entries,entries…] [uniform|picture-like]`; FAISS: `bash bench/peers/faiss/install.sh` first, else ours alone.
 * Ours runs before and after the peers; figures are medians over all queries of all runs. Builds and the
 * peers' queries are timed by processor time, our queries by the clock: on a busy machine that favours the peers.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Distribution, hashSet, plantedQueries } from '../packages/media/test/hash-sets.ts'

interface Measured {
  readonly version?: string
  readonly build: number
  readonly memory: number
  readonly times: readonly number[]
  readonly recall: number
}

const sizes = (process.argv[2] ?? '1000000,10000000').split(',').map(Number)
const root = join(import.meta.dirname, '..')
const python = join(root, '.cache/peers/faiss/venv/bin/python')
const script = join(root, 'bench/peers/faiss/search.py')
const QUERIES = 2000
const PEER_QUERIES = 300

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function runJson(command: string, args: readonly string[]): Measured {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${stderr}`)
  return JSON.parse(stdout) as Measured
}

function measure(distribution: Distribution, count: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-'))
  const file = (name: string, bytes: Uint8Array | Uint32Array) => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  try {
    const hashes = hashSet(distribution, count)
    const queries = plantedQueries(hashes, QUERIES)
    const few = plantedQueries(hashes, PEER_QUERIES)
    const hashesFile = file('hashes', hashes)
    const ourArgs = [
      join(root, 'bench/media/index-run.ts'),
      hashesFile,
      file('queries', queries.queries),
      file('expected', queries.expected),
    ]
    const peerArgs = [hashesFile, file('few', few.queries), file('few-expected', few.expected)]
    const ours = [runJson(process.execPath, ourArgs)]
    const peers = existsSync(python)
      ? (['multihash', 'flat'] as const).map((engine) => ({
          engine,
          ...runJson(python, [script, engine, ...peerArgs]),
        }))
      : []
    ours.push(runJson(process.execPath, ourArgs))
    report(distribution, count, ours, peers)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function report(
  distribution: string,
  count: number,
  ours: readonly Measured[],
  peers: readonly (Measured & { engine: string })[],
): void {
  const middle = median(ours.flatMap(({ times }) => times))
  const all = {
    build: Math.min(...ours.map(({ build }) => build)),
    memory: Math.max(...ours.map(({ memory }) => memory)),
  }
  const recall = Math.min(...ours.map((one) => one.recall))
  console.log(`\n${distribution}, ${count.toLocaleString('en-US')} hashes, radius 31, one query at a time`)
  console.table([
    row('Firebreak', { ...all, times: ours.flatMap(({ times }) => times), recall }, middle),
    ...peers.map((peer) => row(`FAISS ${peer.version} ${peer.engine}`, peer, middle)),
  ])
}

function row(name: string, { build, memory, times, recall }: Measured, ours: number): Record<string, string | number> {
  const middle = median(times)
  const late = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN
  return {
    engine: name,
    'queries/s (median)': Math.round(1 / middle),
    'p50 ms': Number((middle * 1000).toFixed(3)),
    'p99 ms': Number((late * 1000).toFixed(3)),
    recall,
    'build s (processor)': Number(build.toFixed(2)),
    'resident MiB': Math.round(memory / 2 ** 20),
    'Firebreak is': middle === ours ? '' : `${(middle / ours).toFixed(1)} × as fast`,
  }
}

const asked = process.argv[3]
for (const distribution of ['uniform', 'picture-like'] as const) {
  if (asked === undefined || asked === distribution) for (const size of sizes) measure(distribution, size)
}
if (!existsSync(python)) console.log('\nwithout FAISS: bash bench/peers/faiss/install.sh')
