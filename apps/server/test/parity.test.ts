import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import test, { after } from 'node:test'
import { run } from '../src/cli/run.ts'
import { parityCases } from '../src/parity/cases.ts'
import { compareAnswers } from '../src/parity/compare.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-parity-test-'))
after(() => rmSync(dir, { recursive: true, force: true }))

async function firebreak(...args: string[]): Promise<{ code: number; err: string }> {
  let err = ''
  const told = new Writable({
    write(chunk, _encoding, done) {
      err += chunk
      done()
    },
  })
  return { code: await run(args, { out: new Writable({ write: (_c, _e, done) => done() }), err: told }), err }
}

test('every public surface of this build gives a term the same verdict in every disguise', async () => {
  const out = join(dir, 'own.csv')
  const { code, err } = await firebreak('parity', '--out', out)
  assert.equal(code, 0, err)
  const rows = readFileSync(out, 'utf8').trim().split('\n')
  assert.equal(rows[0], 'surface,term,variant,expected,verdict,same')
  assert.ok(rows.length > 3_000)
  assert.ok(rows.slice(1).every((row) => row.endsWith(',1')))
})

test('a platform that blocks a word in search and offers its variants in suggestions is found out', async () => {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
    const q = searchParams.get('q')!.toLowerCase()
    const results = q.includes('paper lantern') ? [] : [q]
    if (pathname === '/search') response.end(JSON.stringify({ results: q.includes('lantern') ? [] : results }))
    else response.end(JSON.stringify({ results }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const surface = (path: string) => ({
    url: `http://127.0.0.1:${port}${path}?q={text}`,
    verdict: [
      { pointer: '/results', empty: true, says: 'drop' },
      { pointer: '/results', says: 'allow' },
    ],
  })
  const target = join(dir, 'target.json')
  writeFileSync(
    target,
    JSON.stringify({
      name: 'mock',
      terms: ['paper lantern'],
      surfaces: { search: surface('/search'), suggest: surface('/suggest') },
    }),
  )
  const { code, err } = await firebreak('parity', '--target', target)
  server.close()
  assert.equal(code, 1)
  assert.match(err, /DIFFERENT: search, term 1, full width: expected drop, got allow/)
  assert.match(err, /of 68 cases agree/)
})

test('a surface that allows what another withholds, and one that blocks everything, both differ', () => {
  const cases = parityCases(['x'], ['a', 'b', 'c'])
  const report = compareAnswers(
    cases.map((one) => ({
      ...one,
      verdict: one.place === 'c' || (one.place === 'a' && one.disguise !== 'control') ? 'drop' : 'allow',
    })),
  )
  const different = Object.fromEntries(report.places.map(({ place, different }) => [place, different]))
  assert.equal(different.a, 0)
  assert.equal(different.b, cases.length / 3 - 1)
  assert.equal(different.c, 1)
})

test('terms that nothing withholds are no check', async () => {
  const server = createServer((_request, response) => response.end('{"results":["x"]}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const target = join(dir, 'open.json')
  const search = { url: `http://127.0.0.1:${port}/?q={text}`, verdict: [{ pointer: '/results', says: 'allow' }] }
  writeFileSync(target, JSON.stringify({ name: 'open', terms: ['paper lantern'], surfaces: { search } }))
  const { code, err } = await firebreak('parity', '--target', target)
  server.close()
  assert.equal(code, 2)
  assert.match(err, /nothing was checked/)
})

test('a target file that cannot be read is the operator’s mistake', async () => {
  const target = join(dir, 'bad.json')
  writeFileSync(target, '{"name":"x"}')
  const { code, err } = await firebreak('parity', '--target', target)
  assert.equal(code, 2)
  assert.match(err, /input\/format/)
})
