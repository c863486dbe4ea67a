import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { isOlder } from '../src/console-build.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-console-build-'))
after(() => rmSync(dir, { recursive: true, force: true }))

test('after an upgrade the console is built again: any source that is newer than the build counts, however deep', () => {
  const at = (path: string, seconds: number) => {
    writeFileSync(path, '')
    utimesSync(path, seconds, seconds)
  }
  mkdirSync(join(dir, 'src', 'deep'), { recursive: true })
  const [built, source, config] = [join(dir, 'index.html'), join(dir, 'src', 'deep', 'a.tsx'), join(dir, 'config.ts')]
  at(built, 2_000)
  at(source, 1_000)
  at(config, 1_000)
  for (const folder of ['src/deep', 'src']) utimesSync(join(dir, folder), 1_000, 1_000)
  const sources = [join(dir, 'src'), config, join(dir, 'not-there')]
  assert.equal(isOlder(built, sources), false)
  utimesSync(source, 3_000, 3_000)
  assert.equal(isOlder(built, sources), true)
  utimesSync(source, 1_000, 1_000)
  utimesSync(config, 3_000, 3_000)
  assert.equal(isOlder(built, sources), true)
})
