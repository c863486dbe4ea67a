import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import test, { after } from 'node:test'
import { gzipSync } from 'node:zlib'
import { randomInt, seededRandom } from '@firebreak/kernel'
import { run } from '../src/cli/run.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-map-'))
after(() => rmSync(dir, { recursive: true }))

/** A crowd of strangers, and a ring of thirty that follow one another. */
function ringInACrowd(): string[] {
  const random = seededRandom(3)
  const rows: string[] = []
  for (let i = 0; i < 3_000; i++) rows.push(`crowd-${randomInt(random, 600)},crowd-${randomInt(random, 600)}`)
  for (let a = 0; a < 30; a++) {
    for (let b = 0; b < 30; b++) if (a !== b && random() < 0.4) rows.push(`ring-${a},ring-${b}`)
    rows.push(`ring-${a},crowd-${randomInt(random, 600)}`, `crowd-${randomInt(random, 600)},ring-${a}`)
  }
  return rows
}

function file(name: string, content: string | Buffer): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}

const edges = file('follows.csv', `source,target\n${ringInACrowd().join('\n')}\n`)
const seeds = file('seeds.txt', 'ring-0\nring-1\nring-2\n')

async function firebreak(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const texts = { out: '', err: '' }
  const stream = (name: 'out' | 'err'): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        texts[name] += chunk
        done()
      },
    })
  const code = await run(args, { out: stream('out'), err: stream('err') })
  return { code, ...texts }
}

function rowsOf(csv: string): string[][] {
  return csv
    .trim()
    .split('\n')
    .map((line) => line.split(','))
}

test('three seeds of a ring give the ring, as CSV with a header, seeds not listed', async () => {
  const { code, out } = await firebreak('map', '--edges', edges, '--seeds', seeds)
  assert.equal(code, 0)
  const [header, ...rows] = rowsOf(out)
  assert.deepEqual(header, ['query', 'rank', 'account', 'score', 'probability', 'member', 'role', 'evidence'])
  const members = rows.filter((row) => row[5] === '1').map((row) => row[2]!)
  assert.ok(members.filter((id) => id.startsWith('ring-')).length >= 24, `${members.length} members`)
  assert.ok(members.filter((id) => !id.startsWith('ring-')).length <= 1)
  assert.ok(!members.includes('ring-0'))
  assert.deepEqual(
    rows.map((row) => Number(row[1])),
    rows.map((_, i) => i + 1),
  )
})

test('the limit shortens the tail, never the members', async () => {
  const { out } = await firebreak('map', '--edges', edges, '--seeds', seeds, '--limit', '5')
  const rows = rowsOf(out).slice(1)
  assert.ok(rows.length > 20 && rows.every((row) => row[5] === '1'))
})

test('three strangers are not a network: exit 0, nobody inside the cut, and it says so', async () => {
  const strangers = file('strangers.txt', 'crowd-11\ncrowd-205\ncrowd-499\n')
  const { code, out, err } = await firebreak('map', '--edges', edges, '--seeds', strangers)
  assert.equal(code, 0)
  assert.match(err, /not a network/)
  assert.ok(
    rowsOf(out)
      .slice(1)
      .every((row) => row[5] === '0'),
  )
})

test('of twenty triples drawn by lot at most two name more than five accounts', async () => {
  const random = seededRandom(11)
  const triple = (): string[] => [0, 1, 2].map(() => `crowd-${randomInt(random, 600)}`)
  const lines = Array.from({ length: 20 }, (_, i) => JSON.stringify({ query: `lot-${i}`, seeds: triple() }))
  const { out } = await firebreak('map', '--edges', edges, '--batch', file('lots.jsonl', lines.join('\n')))
  const members = new Map<string, number>()
  for (const [query, , , , , member] of rowsOf(out).slice(1))
    if (member === '1') members.set(query!, (members.get(query!) ?? 0) + 1)
  assert.ok([...members.values()].filter((count) => count > 5).length <= 2, JSON.stringify([...members]))
})

test('a batch answers every query over one graph; JSON says which is a network', async () => {
  const batch = file(
    'batch.jsonl',
    '{"query":"ring","seeds":["ring-3","ring-4","ring-5"]}\n{"query":"none","seeds":["crowd-11","crowd-205","crowd-499"]}\n{"query":"unknown","seeds":["nobody"]}\n',
  )
  const { code, out } = await firebreak('map', '--edges', edges, '--batch', batch, '--json')
  assert.equal(code, 0)
  const { queries } = JSON.parse(out) as {
    queries: { query: string; isNetwork: boolean; unknownSeeds: string[]; accounts: unknown[] }[]
  }
  assert.deepEqual(
    queries.map((q) => [q.query, q.isNetwork]),
    [
      ['ring', true],
      ['none', false],
      ['unknown', false],
    ],
  )
  assert.deepEqual(queries[2]!.unknownSeeds, ['nobody'])
})

test('several files with relations of their own are one graph, gzip and TSV included', async () => {
  const shared = file(
    'shared.tsv.gz',
    gzipSync(Array.from({ length: 30 }, (_, i) => `ring-${i}\tlantern-${i % 3}`).join('\n')),
  )
  const { code, out } = await firebreak(
    'map',
    '--edges',
    `${edges}:follow`,
    '--edges',
    `${shared}:hashtag`,
    '--seeds',
    seeds,
  )
  assert.equal(code, 0)
  assert.ok(!/,lantern-\d,/.test(out), 'items are never listed as accounts')
})

test('unknown seeds are listed; only unknown ones are an error', async () => {
  const mixed = file('mixed.txt', 'ring-0\nring-1\nghost-1\n')
  const some = await firebreak('map', '--edges', edges, '--seeds', mixed)
  assert.equal(some.code, 0)
  assert.match(some.err, /1 of 3 seeds.*ghost-1/)
  const none = await firebreak('map', '--edges', edges, '--seeds', file('ghosts.txt', 'ghost-1\nghost-2\n'))
  assert.equal(none.code, 2)
  assert.match(none.err, /input\/no-seeds/)
})

test('a page has no real id unless revealed, and is readable by its owner alone', async () => {
  const page = join(dir, 'page.html')
  assert.equal((await firebreak('map', '--edges', edges, '--seeds', seeds, '--out', page)).code, 0)
  assert.ok(!/ring-\d/.test(readFileSync(page, 'utf8')))
  assert.equal(statSync(page).mode & 0o777, 0o600)
  await firebreak('map', '--edges', edges, '--seeds', seeds, '--out', page, '--reveal')
  assert.match(readFileSync(page, 'utf8'), /ring-7/)
})

test('mistakes leave exit 2, a code and no result file', async () => {
  const out = join(dir, 'never.csv')
  const cases: [string[], RegExp][] = [
    [['map', '--edges', edges], /usage\/option/],
    [['map', '--edges', edges, '--seeds', seeds, '--out', 'x.pdf'], /usage\/option/],
    [['map', '--edges', edges, '--seeds', seeds, '--limit', 'many'], /whole number/],
    [['map', '--edges', edges, '--seeds', seeds, '--surprise'], /unknown option/],
    [['map', '--edges', join(dir, 'none.csv'), '--seeds', seeds, '--out', out], /input\/file-missing/],
    [['map', '--edges', edges, '--seeds', join(dir, 'none.txt'), '--out', out], /input\/file-missing/],
    [
      [
        'map',
        '--edges',
        file('short.gz', gzipSync(ringInACrowd().join('\n')).subarray(0, 2_000)),
        '--seeds',
        seeds,
        '--out',
        out,
      ],
      /input\/truncated/,
    ],
    [['map', '--edges', file('one.csv', 'only\none\n'), '--seeds', seeds, '--out', out], /input\/columns/],
    [['map', '--edges', file('x.parquet', 'PAR1…'), '--seeds', seeds, '--out', out], /input\/parquet/],
    [['map', '--edges', file('empty.csv', ''), '--seeds', seeds, '--out', out], /input\/columns/],
    [['map', '--edges', file('header.csv', 'source,target\n'), '--seeds', seeds, '--out', out], /no row is an edge/],
    [
      ['map', '--edges', edges, '--seeds', seeds, '--out', join(dir, 'nowhere', 'x.csv')],
      /folder .*nowhere does not exist/,
    ],
    [
      ['map', '--edges', file('bad.csv', 'ring-0,ring-1\nring-0\n'), '--seeds', seeds, '--out', out],
      /input\/too-many-bad-lines/,
    ],
  ]
  for (const [args, expected] of cases) {
    const { code, err } = await firebreak(...args)
    assert.equal(code, 2, args.join(' '))
    assert.match(err, expected)
  }
  assert.ok(!existsSync(out))
})

test('one node, two components and a hub of 100,000 followers are graphs like any other', async () => {
  const single = await firebreak('map', '--edges', file('loop.csv', 'a,a\n'), '--seeds', file('a.txt', 'a\n'))
  assert.equal(single.code, 0)
  assert.equal(rowsOf(single.out).length, 1)
  const pairs = await firebreak('map', '--edges', file('pairs.csv', 'a,b\nc,d\n'), '--seeds', file('ac.txt', 'a\nc\n'))
  assert.equal(pairs.code, 0)
  const star = file('star.csv', Array.from({ length: 100_000 }, (_, i) => `fan-${i},star`).join('\n'))
  const hub = await firebreak('map', '--edges', star, '--seeds', file('star.txt', 'star\nfan-7\n'), '--limit', '10')
  assert.equal(hub.code, 0)
  assert.ok(
    rowsOf(hub.out)
      .slice(1)
      .every((row) => row[5] === '0'),
    'the audience of a star is no network',
  )
})
