import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { lockDirectory } from '../src/store/embedded/lock.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-lock-'))
after(() => rmSync(dir, { recursive: true, force: true }))

test('of two who want one directory the second gets nothing, until the first lets go', () => {
  const first = lockDirectory(dir)
  assert.ok(first)
  assert.equal(lockDirectory(dir), null)
  assert.equal(lockDirectory(dir), null, 'asking does not break the lock')
  first.close()
  const second = lockDirectory(dir)
  assert.ok(second)
  second.close()
})

test('another directory is another lock, and a file left behind is none', () => {
  const other = join(dir, 'other')
  mkdirSync(other)
  lockDirectory(other)!.close()
  const here = lockDirectory(dir)
  const there = lockDirectory(other)
  assert.ok(here && there)
  here.close()
  there.close()
})

test('a lock that cannot be taken for another reason is an error, not somebody else’s', () => {
  assert.throws(() => lockDirectory(join(dir, 'nowhere')))
  const broken = join(dir, 'broken')
  mkdirSync(broken)
  writeFileSync(
    join(broken, 'ledger.lock'),
    'this is not a lock file, only some text that is long enough to be read as one',
  )
  chmodSync(join(broken, 'ledger.lock'), 0o600)
  assert.throws(() => lockDirectory(broken))
})
