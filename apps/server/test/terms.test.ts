import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import test, { after } from 'node:test'
import { run } from '../src/cli/run.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-terms-'))
after(() => rmSync(dir, { recursive: true, force: true }))

async function firebreak(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' }
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        told[name] += chunk
        done()
      },
    })
  return { code: await run(args, { out: stream('out'), err: stream('err') }), ...told }
}

function file(name: string, content: string | Buffer): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}

const terms = file('terms.txt', '\ufeffseashell\r\npaper lantern\n')

test('Plain lines: a row for each match, with the line number, the term as written and UTF-16 offsets', async () => {
  const texts = file('texts.txt', '𝒙 se4shell\n\nnothing here\r\nPaper  Lantern, "seashell"\n')
  const { code, out, err } = await firebreak('terms', '--terms', terms, '--in', texts)
  assert.equal(code, 0)
  assert.deepEqual(out.split('\n'), [
    'id,term,start,end,tier,why',
    '1,seashell,3,11,folded,leet',
    '4,paper lantern,0,14,exact,case',
    '4,seashell,17,25,exact,',
    '',
  ])
  assert.match(err, /3 texts, 3 matches of 2 terms/)
})

test('JSON lines: texts may hold line breaks, terms may hold options; JSON out', async () => {
  const list = file(
    'terms.jsonl',
    '{"id":"a","term":"seashell","reversed":false}\n{"id":"b","term":"tap","boundary":"none"}\n',
  )
  const texts = file(
    'texts.jsonl',
    '{"id":"p1","text":"s\\ne\\na\\ns\\nh\\ne\\nl\\nl llehsaes"}\n{"id":2,"text":"tapestry"}\n',
  )
  const { code, out } = await firebreak('terms', '--terms', list, '--in', texts, '--json')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out), [
    { id: 'p1', term: 'seashell', start: 0, end: 15, tier: 'folded', why: ['separators'] },
    { id: '2', term: 'tap', start: 0, end: 3, tier: 'exact', why: [] },
  ])
})

test('Near misses come only with --fuzzy; --out writes a private file', async () => {
  const texts = file('near.txt', 'a seashel\n')
  assert.equal((await firebreak('terms', '--terms', terms, '--in', texts)).out, 'id,term,start,end,tier,why\n')
  const out = join(dir, 'found.csv')
  assert.equal((await firebreak('terms', '--terms', terms, '--in', texts, '--fuzzy', '--out', out)).code, 0)
  assert.equal(readFileSync(out, 'utf8').split('\n')[1], '1,seashell,2,9,fuzzy,edit')
  assert.equal(statSync(out).mode & 0o777, 0o600)
})

test('A bad line is told with its number; more than one in a hundred, or any with --strict, is exit 2 and no result', async () => {
  const lines = Array.from({ length: 150 }, (_, i) => `{"id":${i},"text":"x"}`)
  const few = file('few.jsonl', [...lines, '{"id":1}'].join('\n'))
  const told = await firebreak('terms', '--terms', terms, '--in', few)
  assert.equal(told.code, 0)
  assert.match(told.err, /line 151 skipped: text/)
  assert.equal(
    (await firebreak('terms', '--terms', terms, '--in', few, '--strict', '--out', join(dir, 'no.csv'))).code,
    2,
  )
  assert.throws(() => statSync(join(dir, 'no.csv')))
  const broken = file('broken.txt', Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]))
  const refused = await firebreak('terms', '--terms', terms, '--in', broken)
  assert.equal(refused.code, 2)
  assert.match(refused.err, /not UTF-8.*input\/too-many-bad-lines/)
})

test('Missing files, unknown options of a term and lists without a term are exit 2', async () => {
  assert.match((await firebreak('terms', '--terms', join(dir, 'none'), '--in', terms)).err, /input\/file-missing/)
  const unknown = file('unknown.jsonl', '{"term":"seashell","colour":"red"}\n')
  assert.equal((await firebreak('terms', '--terms', unknown, '--in', terms)).code, 2)
  const script = file('script.jsonl', '{"term":"seashell","scripts":["Nowhere"]}\n')
  assert.match((await firebreak('terms', '--terms', script, '--in', terms)).err, /There is no script Nowhere/)
  const empty = file('empty.txt', '\n')
  assert.match((await firebreak('terms', '--terms', empty, '--in', terms)).err, /there is no term in it/)
})
