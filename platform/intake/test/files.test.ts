import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { gzipSync } from 'node:zlib'
import { readBatch, readEdges, readIds } from '@firebreak/intake'
import { isFirebreakError } from '@firebreak/kernel'
import { detectDelimiter } from '../src/files/delimited.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-files-'))
after(() => rmSync(dir, { recursive: true }))
let files = 0

function file(content: string | Buffer, name = `f${files++}.csv`): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}

/** Reads a file into plain tuples; weight and time only where they say something. */
async function edgesOf(content: string | Buffer, options: Parameters<typeof readEdges>[2] = {}) {
  const ids: string[] = []
  const known = new Map<string, number>()
  const rows: string[] = []
  const report = await readEdges(
    file(content),
    {
      intern(id) {
        if (!known.has(id)) known.set(id, ids.push(id) - 1)
        return known.get(id)!
      },
      add(source, target, relation, weight, atMs) {
        rows.push([ids[source], ids[target], relation, weight, atMs ?? ''].join('|'))
      },
    },
    options,
  )
  return { rows, report }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    assert.ok(isFirebreakError(error), String(error))
    return error.code
  }
  return 'no error'
}

test('commas, tabs, semicolons and blanks are told apart by what the file holds', async () => {
  const expected = ['a|b|follow|1|', 'b|c|follow|1|']
  for (const delimiter of [',', '\t', ';', ' ', '  ']) {
    assert.deepEqual((await edgesOf(`a${delimiter}b\nb${delimiter}c\n`)).rows, expected)
  }
})

test('a header may name its columns in any order, and comments and blank lines are not rows', async () => {
  const { rows, report } = await edgesOf(
    '# made by hand\nat,target,weight,source,relation\n\n2026-01-02T00:00:00Z,b,2,a,Mention\n',
  )
  assert.deepEqual(rows, [`a|b|mention|2|${Date.UTC(2026, 0, 2)}`])
  assert.equal(report.bad, 0)
})

test('the relation of a file is given beside it, and a column wins over that', async () => {
  assert.deepEqual((await edgesOf('a,b\na,c,like\n', { relation: 'mention' })).rows, ['a|b|mention|1|', 'a|c|like|1|'])
})

test('gzip is recognised by content, also with Windows line ends, a byte order mark and no last line break', async () => {
  const { rows } = await edgesOf(gzipSync('\ufeffsource,target\r\nä,ö\r\n7,8'))
  assert.deepEqual(rows, ['ä|ö|follow|1|', '7|8|follow|1|'])
})

test('numbers that look alike stay different ids', async () => {
  const { rows } = await edgesOf('7,07\n7,7.0\n99999999,7\n0,33554432\n')
  assert.deepEqual(rows, ['7|07|follow|1|', '7|7.0|follow|1|', '99999999|7|follow|1|', '0|33554432|follow|1|'])
})

test('quoted ids keep their commas and quotes', async () => {
  assert.deepEqual((await edgesOf('"a,1","say ""hi"""\nb,c\n')).rows, ['a,1|say "hi"|follow|1|', 'b|c|follow|1|'])
})

test('times are ISO dates, seconds or milliseconds', async () => {
  const { rows } = await edgesOf('a,b,,,1700000000\na,b,,,1700000000000\na,b,follow,0.5,2026-05-01\n')
  assert.deepEqual(rows, [
    'a|b|follow|1|1700000000000',
    'a|b|follow|1|1700000000000',
    `a|b|follow|0.5|${Date.UTC(2026, 4, 1)}`,
  ])
})

test('a bad line is counted with its number and reason, and the others are read', async () => {
  const good = Array.from({ length: 300 }, (_, i) => `u${i},v${i}`)
  const { rows, report } = await edgesOf([...good, 'lonely', 'x,y,follow,minus', ',y'].join('\n'))
  assert.equal(rows.length, 300)
  assert.equal(report.bad, 3)
  assert.deepEqual(
    report.firstBad.map((b) => b.line),
    [301, 302, 303],
  )
})

test('more than one bad line in a hundred stops the run; --strict allows none', async () => {
  const lines = [...Array.from({ length: 300 }, (_, i) => `u${i},v${i}`), 'lonely'].join('\n')
  assert.equal(await codeOf(edgesOf(lines)), 'no error')
  assert.equal(await codeOf(edgesOf(lines, { strict: true })), 'input/too-many-bad-lines')
  assert.equal(await codeOf(edgesOf('a,b\nlonely\n')), 'input/too-many-bad-lines')
})

test('what is not an edge list is refused by name', async () => {
  assert.equal(
    await codeOf(readEdges(join(dir, 'nowhere.csv'), { intern: () => 0, add: () => {} })),
    'input/file-missing',
  )
  assert.equal(await codeOf(readEdges(dir, { intern: () => 0, add: () => {} })), 'input/file-unreadable')
  assert.equal(await codeOf(edgesOf('PAR1 and more')), 'input/parquet')
  assert.equal(await codeOf(edgesOf('PK\u0003\u0004 and more')), 'input/format')
  assert.equal(await codeOf(edgesOf(Buffer.from('a,b\n', 'utf16le'))), 'input/encoding')
  assert.equal(await codeOf(edgesOf('only\none\ncolumn\n')), 'input/columns')
  assert.equal(await codeOf(edgesOf('follower,weight\na,2\n')), 'input/columns')
})

test('a truncated or damaged gzip is an error, not a short result', async () => {
  const zipped = gzipSync(Array.from({ length: 5000 }, (_, i) => `user-${i},user-${i * 7}`).join('\n'))
  assert.equal(await codeOf(edgesOf(zipped.subarray(0, zipped.length / 2))), 'input/truncated')
  const damaged = Buffer.from(zipped)
  damaged.fill(0xff, 200, 260)
  assert.equal(await codeOf(edgesOf(damaged)), 'input/file-unreadable')
})

test('Latin-1 text is counted as bad lines, an empty file is an empty graph', async () => {
  assert.equal(await codeOf(edgesOf(Buffer.from('a,caf\xe9\n', 'latin1'))), 'input/too-many-bad-lines')
  assert.deepEqual((await edgesOf('')).rows, [])
  assert.deepEqual((await edgesOf('# nothing\n\n')).rows, [])
})

test('lines across chunk borders are whole', async () => {
  const lines = Array.from({ length: 120_000 }, (_, i) => `left-${i},right-${i}`)
  const { rows } = await edgesOf(lines.join('\n'))
  assert.equal(rows.length, lines.length)
  assert.equal(rows[77_777], 'left-77777|right-77777|follow|1|')
})

test('seeds are read once each, without comments', async () => {
  assert.deepEqual(await readIds(file('# reported in May\nb\n a \n"b"\n\nc')), ['b', 'a', 'c'])
})

test('batch queries keep their names; numbers are ids too; bad ones are refused', async () => {
  const { items } = await readBatch(file('{"query":"q1","seeds":["a","b","a"]}\n\n{"query":2,"seeds":[7]}\n'))
  assert.deepEqual(items, [
    { query: 'q1', seeds: ['a', 'b'] },
    { query: '2', seeds: ['7'] },
  ])
  for (const bad of ['nonsense', '[1]', '{"query":"q"}', '{"query":"q","seeds":[]}', '{"query":"q","seeds":[{}]}']) {
    assert.equal(await codeOf(readBatch(file(bad))), 'input/too-many-bad-lines')
  }
})

test('a comma inside the columns of a semicolon file does not make it a comma file', () => {
  assert.equal(detectDelimiter(['acct-1;acct-2;"x, y"', 'acct-2;acct-3;"a, b"']), ';')
  assert.equal(detectDelimiter(['acct-1,acct-2,"x; y"', 'acct-2,acct-3,"a; b"']), ',')
  assert.equal(detectDelimiter(['first name,second name', 'Ann B,Cy D']), ',')
  assert.equal(detectDelimiter(['a b', 'c d']), ' ')
  assert.equal(detectDelimiter(['one', 'two']), null)
})
