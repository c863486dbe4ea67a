import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const tools = join(import.meta.dirname, '../tools')
const built = JSON.parse(readFileSync(join(tools, 'built.json'), 'utf8')) as Record<
  string,
  { source: string; core: string }
>

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

test('each committed SIMD core is the one that was built from the committed source', () => {
  for (const [name, { source, core }] of Object.entries(built)) {
    assert.equal(digest(join(tools, 'assembly', `${name}.ts`)), source, `assembly/${name}.ts changed: build again`)
    assert.equal(digest(join(tools, `../src/core/${name}.wasm`)), core)
  }
})

const skip = existsSync(join(tools, 'node_modules/assemblyscript'))
  ? false
  : 'AssemblyScript is not installed in packages/media/tools'

test('building again gives the same bytes', { skip }, () => {
  const to = mkdtempSync(join(tmpdir(), 'firebreak-core-'))
  try {
    const { status, stderr } = spawnSync(process.execPath, [join(tools, 'build.mjs'), '--to', to], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    for (const [name, { core }] of Object.entries(built)) assert.equal(digest(join(to, `${name}.wasm`)), core)
  } finally {
    rmSync(to, { recursive: true, force: true })
  }
})
