// Compiles assembly/*.ts to ../src/core/*.wasm and notes what was built from what; `--to DIR` writes elsewhere only.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
const at = process.argv.indexOf('--to')
const target = at < 0 ? join(here, '../src/core') : process.argv[at + 1]
const SHARED = ['--importMemory', '--sharedMemory', '--maximumMemory', '65536', '--enable', 'threads']
const CORES = { pdq: [], radius: SHARED }

function compile(name, options) {
  const compiler = join(here, 'node_modules/assemblyscript/bin/asc.js')
  const fixed = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd']
  const files = [join('assembly', `${name}.ts`), '--outFile', join(target, `${name}.wasm`)]
  const { status } = spawnSync(process.execPath, [compiler, ...files, ...fixed, ...options], {
    cwd: here,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}

function digest(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

const notes = {}
for (const [name, options] of Object.entries(CORES)) {
  if (!existsSync(join(here, 'assembly', `${name}.ts`))) continue
  compile(name, options)
  notes[name] = { source: digest(join(here, 'assembly', `${name}.ts`)), core: digest(join(target, `${name}.wasm`)) }
}
if (at < 0) writeFileSync(join(here, 'built.json'), `${JSON.stringify(notes, null, 2)}\n`)
