import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import test, { after } from 'node:test'
import { run } from '../src/cli/run.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-commands-'))
after(() => rmSync(dir, { recursive: true, force: true }))

async function firebreak(...args: string[]): Promise<{ code: number; err: string }> {
  let err = ''
  const told = new Writable({
    write(chunk, _encoding, done) {
      err += chunk
      done()
    },
  })
  return { code: await run(args, { out: told, err: told }), err }
}

test('a mistyped data directory is an error, not an empty store whose chain holds', async () => {
  const typo = join(dir, 'typo')
  const { code, err } = await firebreak('audit', 'verify', '--data', typo)
  assert.equal(code, 2)
  assert.match(err, /usage\/option/)
  assert.ok(!existsSync(typo))
})

test('a data directory that is a file, and a port that is none, are the operator’s mistakes', async () => {
  const file = join(dir, 'a-file')
  writeFileSync(file, '')
  const edges = join(dir, 'edges.csv')
  writeFileSync(edges, 'a,b\n')
  for (const args of [
    ['import', edges, '--data', file],
    ['start', '--data', join(dir, 'own'), '--port', '99999'],
  ]) {
    const { code, err } = await firebreak(...args)
    assert.equal(code, 2, args.join(' '))
    assert.match(err, /usage\/option/)
  }
})
