import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import test, { after } from 'node:test'
import { run } from '../src/cli/run.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-links-'))
after(() => rmSync(dir, { recursive: true, force: true }))

async function firebreak(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const to = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        said[name] += chunk
        done()
      },
    })
  return { code: await run(args, { out: to('out'), err: to('err') }), ...said }
}

test('urls canonical writes one row a URL in order; one without a host is named and makes the exit code 2', async () => {
  const good = await firebreak('urls', 'canonical', 'http://A.example//b?x#y', 'http://3279880203/')
  assert.deepEqual(
    [good.code, good.out],
    [0, 'url,canonical\nhttp://A.example//b?x#y,http://a.example/b\nhttp://3279880203/,http://195.127.0.11/\n'],
  )
  const bad = await firebreak('urls', 'canonical', '--json', 'mailto:x')
  assert.deepEqual([bad.code, JSON.parse(bad.out)], [2, [{ url: 'mailto:x', canonical: null }]])
  assert.match(bad.err, /input\/invalid/)
})

test('urls find reads lines and JSON lines, with offsets into the original', async () => {
  const file = join(dir, 'lines.txt')
  writeFileSync(
    file,
    'join hxxps://paper-lantern[.]example/x now\n{"id":"p7","text":"nothing here"}\n{"id":"p8","text":"a.shell.example"}\n',
  )
  const { code, out } = await firebreak('urls', 'find', '--in', file)
  assert.equal(code, 0)
  assert.equal(
    out,
    'id,url,host,registrable,looksLike,start,end,disguises\n' +
      '1,https://paper-lantern.example/x,paper-lantern.example,paper-lantern.example,,5,38,scheme bracketed-dot\n' +
      'p8,http://a.shell.example/,a.shell.example,shell.example,,0,15,no-scheme\n',
  )
  assert.equal((await firebreak('urls', 'find', '--in', join(dir, 'none'))).code, 2)
})

test('variants reads texts, tags and events; a bad line is named and counted, too many stop the run', async () => {
  const post = (account: string, day: number, said: object) =>
    JSON.stringify({ at: `2026-05-${String(day).padStart(2, '0')}T00:00:00Z`, account, ...said })
  const lines = ['a', 'b', 'c'].flatMap((account, i) => [
    post(account, 1 + i, { text: 'the Paper  Lantern club' }),
    post(account, 20 + i, { tags: ['#p4perl4ntern'] }),
    JSON.stringify({
      ...{ id: `e${i}`, type: 'post.created', at: `2026-05-2${i}T10:00:00Z`, actor: { type: 'account', id: account } },
      ...{ subject: { type: 'content', id: `c${i}` }, data: { hashtags: ['glassbell'] } },
    }),
  ])
  const filler = Array.from({ length: 200 }, (_, i) => post(`x${i}`, 1 + (i % 28), { tags: ['weekend'] }))
  const file = join(dir, 'posts.jsonl')
  writeFileSync(file, [...lines, ...filler, 'not json'].join('\n'))
  const asked = ['variants', '--blocked', 'paper lantern', '--at', '2026-05-10T00:00:00Z', '--in', file]
  const { code, out, err } = await firebreak(...asked)
  assert.equal(code, 0, err)
  const rows = out.trim().split('\n')
  assert.equal(rows[0], 'rank,variant,score,accounts,evidence')
  assert.deepEqual(
    rows.slice(1).map((row) => row.split(',')[1]),
    ['#p4perl4ntern', 'glassbell'],
  )
  assert.match(rows[1]!, /"?3 of 3 accounts that used the term took this up after the block, first on 2026-05-20/)
  assert.match(err, /skipped line 210: not JSON/)
  assert.equal((await firebreak(...asked, '--strict')).code, 2)
  assert.equal((await firebreak('variants', '--blocked', 'x', '--at', 'yesterday-ish', '--in', file)).code, 2)
})
