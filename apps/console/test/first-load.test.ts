import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { withStage } from '../src/api/progress-stages.ts'
import { basePath } from '../src/base.ts'
import { reduction, tableLines } from '../src/guardrail/arms.ts'
import { hiddenRelations, hiddenRoles, isShown, readView, toggled } from '../src/network/view.ts'
import { idsIn, share } from '../src/parts/words.ts'

test('what a browser fetches before the graph is at most 200 kB gzipped, and no script is inline', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-build-'))
  try {
    await build({ root: join(import.meta.dirname, '..'), logLevel: 'error', build: { outDir: dir, emptyOutDir: true } })
    const html = readFileSync(join(dir, 'index.html'), 'utf8')
    const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]!)
    const bytes = files.reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(dir, file))).length,
      gzipSync(html).length,
    )
    assert.ok(files.length >= 2)
    assert.ok(bytes <= 200_000, `first load is ${bytes} bytes gzipped`)
    assert.ok(!/<script(?![^>]*\bsrc=)[^>]*>/.test(html), 'the content policy would refuse an inline script')
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test('the console finds its server from where it is opened', () => {
  assert.deepEqual(['/', '/index.html', '/own', '/own/', '/ownership/'].map(basePath), ['', '', '/own', '/own', ''])
})

test('a view survives its address, and nonsense in an address is ignored', () => {
  const view = { sel: 'acct-1', min: 40, hide: 'audience.bystander', off: 'follow' }
  assert.deepEqual(readView(view), view)
  assert.deepEqual(readView({ min: 'x', hide: 3, off: '', extra: 1 }), {})
  assert.deepEqual([...hiddenRoles({ hide: 'hub.nonsense' })], ['hub'])
  assert.deepEqual([...hiddenRelations({ off: 'follow.like' })], ['follow', 'like'])
  assert.equal(toggled(toggled(undefined, 'hub'), 'hub'), undefined)
})

test('filters never hide a seed and never show an account that may be a victim', () => {
  const account = { role: 'member' as const, probability: 0.3 }
  assert.ok(isShown({ ...account, seed: true }, { min: 90, hide: 'member' }))
  assert.ok(!isShown(account, { min: 31 }))
  assert.ok(!isShown(account, { hide: 'member' }))
  assert.ok(!isShown({ role: 'likely-victim', probability: 1, seed: true }, {}))
})

test('pasted ids are read once each, however they are parted', () => {
  assert.deepEqual(idsIn(' a\nb, c;a\t\n'), ['a', 'b', 'c'])
})

test('a small share is never shown as none', () => {
  assert.deepEqual([0, 0.00001, 0.0003, 0.0123, 0.19].map(share), ['0 %', '< 0.01 %', '0.03 %', '1.2 %', '19 %'])
})

test('the chart’s table has one line a refresh, also where an arm is missing a point', () => {
  const point = (refresh: number) => ({ refresh, share: 0.1, low: 0, high: 0.2, slots: 10 })
  const arm = (...refreshes: number[]) => ({
    name: 'contact' as const,
    guarded: false,
    points: refreshes.map(point),
    total: { share: 0.1, low: 0, high: 0.2 },
  })
  const lines = tableLines([arm(1, 2), undefined, arm(2, 3)])
  assert.deepEqual(
    lines.map(({ refresh, cells }) => [refresh, ...cells.map((cell) => cell?.slots ?? null)]),
    [
      [1, 10, null, null],
      [2, 10, null, 10],
      [3, null, null, 10],
    ],
  )
})

test('the drop is said in words, without dividing by nothing', () => {
  const total = (value: number) => ({ share: value, low: 0, high: 1 })
  assert.equal(reduction(total(0.2), total(0.001)), '200 times less')
  assert.equal(reduction(total(0.2), total(0)), 'none left')
  assert.equal(reduction(total(0), total(0)), null)
  assert.equal(reduction(total(0.2), total(0.21)), 'no less')
})

test('news of a stage takes its place among the others', () => {
  const stage = (name: string, done: number) => ({ stage: name, text: name, done, total: 10, finished: false })
  const stages = [stage('a', 1), stage('b', 2)]
  assert.deepEqual(withStage(stages, stage('a', 5)), [stage('a', 5), stage('b', 2)])
  assert.equal(withStage(stages, stage('c', 0)).length, 3)
})
