// Compiles assembly/skim.ts to ../src/core/skim.wasm and notes what was built from what; `--to DIR` writes elsewhere only.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
const at = process.argv.indexOf('--to')
const target = join(at < 0 ? join(here, '../src/core') : process.argv[at + 1], 'skim.wasm')
const compiler = join(here, 'node_modules/assemblyscript/bin/asc.js')
const options = ['-O3', '--noAssert', '--runtime', 'stub']
const { status } = spawnSync(process.execPath, [compiler, 'assembly/skim.ts', '--outFile', target, ...options], {
  cwd: here,
  stdio: 'inherit',
})
if (status !== 0) process.exit(status ?? 1)

const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')
const notes = { skim: { source: digest(join(here, 'assembly/skim.ts')), core: digest(target) } }
if (at < 0) writeFileSync(join(here, 'built.json'), `${JSON.stringify(notes, null, 2)}\n`)
