/** index-run.ts HASHES QUERIES EXPECTED: our index over the bytes of a file; one JSON line, as bench/peers/faiss/search.py prints it. */
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { HASH_BYTES, RadiusIndex } from '@firebreak/media'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const [hashesFile, queriesFile, expectedFile] = process.argv.slice(2) as [string, string, string]

function built(): { index: RadiusIndex; build: number } {
  const hashes = readFileSync(hashesFile)
  const start = process.cpuUsage()
  const index = RadiusIndex.build(hashes)
  const { user, system } = process.cpuUsage(start)
  return { index, build: (user + system) / 1e6 }
}

const { index, build } = built()
// The file's bytes are not the index's; they go within a few rounds.
for (let round = 0; round < 5; round++) {
  collect()
  await new Promise((done) => setTimeout(done, 50))
}
const memory = process.memoryUsage.rss()
const queries = new Uint8Array(readFileSync(queriesFile))
const expected = new Uint32Array(new Uint8Array(readFileSync(expectedFile)).buffer)
const query = (q: number) => queries.subarray(q * HASH_BYTES, (q + 1) * HASH_BYTES)
for (let q = 0; q < Math.min(200, expected.length); q++) index.search(query(q))
const times: number[] = []
let found = 0
for (const [q, entry] of expected.entries()) {
  const start = performance.now()
  const answer = index.search(query(q))
  times.push((performance.now() - start) / 1000)
  if (answer.some((neighbour) => neighbour.entry === entry)) found++
}
console.log(JSON.stringify({ build, memory, times, recall: found / expected.length }))
