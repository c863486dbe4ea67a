import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import test, { after } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { seededRandom } from '@firebreak/kernel'
import { formatHash, parseHash, pdqHash } from '@firebreak/media'
import { run } from '../src/cli/run.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-hash-'))
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

/** A grey PNG of patches, and what PDQ says of its pixels. */
function picture(name: string, seed: number): { file: string; hash: string; quality: number } {
  const [width, height] = [96, 80]
  const random = seededRandom(seed)
  const patches = Array.from({ length: 100 }, () => Math.floor(random() * 256))
  const rows = Array.from({ length: height }, (_, y) =>
    Uint8Array.from({ length: width }, (_, x) => patches[Math.floor(y / 8) * 10 + Math.floor(x / 10)]!),
  )
  const chunk = (type: string, body: Uint8Array) => {
    const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type), body, Buffer.alloc(4)])
    bytes.writeUInt32BE(body.length)
    bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4)
    return bytes
  }
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, 0, 0, 0, 0])
  const body = deflateSync(Buffer.concat(rows.map((row) => Buffer.concat([Buffer.alloc(1), row]))))
  const file = join(dir, name)
  writeFileSync(
    file,
    Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', header),
      chunk('IDAT', body),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  )
  return { file, ...pdqHash(new Uint8Array(Buffer.concat(rows)), width, height, 1) }
}

/** The hash with its first `bits` bits turned over. */
function off(hash: string, bits: number): string {
  const bytes = parseHash(hash)
  for (let bit = 0; bit < bits; bit++) bytes[bit >> 3]! ^= 1 << (bit & 7)
  return formatHash(bytes)
}

mkdirSync(join(dir, 'pictures'))
const lantern = picture('pictures/lantern.png', 1)
const shell = picture('pictures/shell.png', 2)

test('hash writes a row for each picture, folders included, in the order given', async () => {
  const { code, out, err } = await firebreak('hash', shell.file, join(dir, 'pictures'))
  assert.deepEqual([code, err], [0, ''])
  assert.deepEqual(out.trim().split('\n'), [
    'file,type,hash,quality',
    ...[shell, lantern, shell].map(({ file, hash, quality }) => `${file},pdq,${hash},${quality}`),
  ])
  const exact = await firebreak('hash', '--type', 'md5', lantern.file, '--json')
  assert.deepEqual(
    JSON.parse(exact.out).map(({ type, quality, hash }: Record<string, string>) => [type, quality, hash?.length]),
    [['md5', null, 32]],
  )
})

test('a file that gives no hash is counted and named with the reason; too many of them leave no result file', async () => {
  const note = join(dir, 'note.txt')
  writeFileSync(note, 'paper lantern')
  const missing = join(dir, 'missing.png')
  const to = join(dir, 'result.csv')
  const { code, out, err } = await firebreak('hash', note, lantern.file, missing)
  assert.equal(code, 2)
  assert.equal(out.trim().split('\n').length, 2)
  assert.match(err, /note\.txt: .*\[media\/unsupported\]/)
  assert.match(err, /missing\.png: no such file \[media\/unreadable\]/)
  assert.match(err, /2 of 3/)
  assert.equal((await firebreak('hash', note, lantern.file, '--out', to)).code, 2)
  assert.equal(existsSync(to), false)
  assert.equal((await firebreak('hash', lantern.file, '--out', to)).code, 0)
  assert.match(readFileSync(to, 'utf8'), new RegExp(lantern.hash))
})

test('match finds bank entries up to the distance, for hashes and for pictures', async () => {
  const bank = join(dir, 'bank.txt')
  writeFileSync(bank, `# known\n${off(lantern.hash, 31)}\n\n${shell.hash.toUpperCase()}\n${off(lantern.hash, 32)}\n`)
  const { code, out } = await firebreak('match', '--bank', bank, lantern.hash, shell.file)
  assert.equal(code, 0)
  assert.deepEqual(out.trim().split('\n'), [
    'query,hash,distance,entry',
    `${lantern.hash},${lantern.hash},31,${off(lantern.hash, 31)}`,
    `${shell.file},${shell.hash},0,${shell.hash}`,
  ])
  const wider = await firebreak('match', '--bank', bank, '--distance', '32', lantern.hash, '--json')
  assert.deepEqual(
    JSON.parse(wider.out).map(({ distance, line }: Record<string, number>) => [distance, line]),
    [
      [31, 2],
      [32, 5],
    ],
  )
  const none = await firebreak('match', '--bank', bank, '--distance', '3', off(shell.hash, 200))
  assert.deepEqual([none.code, none.out], [0, 'query,hash,distance,entry\n'])
})

test('a bank may be CSV with a hash column; entries are called by their id, other types are left out and said', async () => {
  const bank = join(dir, 'bank.csv')
  writeFileSync(bank, `id,type,hash\n"entry, one",pdq,${lantern.hash}\nother,md5,0123\n,pdq,${shell.hash}\n`)
  const { code, out, err } = await firebreak('match', '--bank', bank, lantern.hash, shell.hash)
  assert.equal(code, 0)
  assert.deepEqual(out.trim().split('\n').slice(1), [
    `${lantern.hash},${lantern.hash},0,"entry, one"`,
    `${shell.hash},${shell.hash},0,${shell.hash}`,
  ])
  assert.match(err, /1 rows of other types/)
})

test('bad lines of a bank are counted with number and reason; more than one in a hundred, or --strict, stop the run', async () => {
  const bank = join(dir, 'long.txt')
  writeFileSync(bank, `${Array(150).fill(lantern.hash).join('\n')}\nno hash\n`)
  const few = await firebreak('match', '--bank', bank, shell.hash)
  assert.equal(few.code, 0)
  assert.match(few.err, /1 bad lines skipped; first: line 151 is not a hash/)
  assert.equal((await firebreak('match', '--bank', bank, shell.hash, '--strict')).code, 2)
  writeFileSync(bank, `${lantern.hash}\nno hash\n`)
  const many = await firebreak('match', '--bank', bank, shell.hash)
  assert.equal(many.code, 2)
  assert.match(many.err, /input\/too-many-bad-lines/)
})

test('mistyped options, types and banks are usage errors', async () => {
  for (const args of [
    ['hash'],
    ['hash', '--type', 'crc', lantern.file],
    ['hash', lantern.file, '--out', join(dir, 'result.html')],
    ['match', lantern.hash],
    ['match', '--bank', join(dir, 'nowhere.txt'), lantern.hash],
    ['match', '--bank', lantern.file, lantern.hash],
    ['match', '--bank', join(dir, 'bank.txt'), '--distance', '257', lantern.hash],
    ['match', '--bank', join(dir, 'bank.txt'), '--distance', 'far', lantern.hash],
    ['match', '--bank', join(dir, 'bank.txt'), lantern.hash.slice(1)],
  ]) {
    assert.equal((await firebreak(...args)).code, 2, args.join(' '))
  }
})
