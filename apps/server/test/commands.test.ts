import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import test, { after } from 'node:test'
import type { NetworkMap } from '@firebreak/graph'
import { mapWriter } from '../src/cli/map-writers.ts'
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
  const seeds = join(dir, 'seeds.txt')
  writeFileSync(seeds, 'acct-1\n')
  for (const command of [['audit', 'verify'], ['reconcile'], ['replay'], ['map', '--seeds', seeds]]) {
    const { code, err } = await firebreak(...command, '--data', typo)
    assert.equal(code, 2, command.join(' '))
    assert.match(err, /there is no store.*usage\/option/)
    assert.ok(!existsSync(typo))
  }
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

test('a world is not written where something is in the way, and that is said before it is made', async () => {
  const file = join(dir, 'in-the-way')
  writeFileSync(file, '')
  for (const out of [file, ...(process.platform === 'linux' ? ['/proc/firebreak'] : [])]) {
    const { code, err } = await firebreak('simulate', '--scenario', 'small', '--out', out)
    assert.equal(code, 2)
    assert.match(err, /cannot be written.*usage\/option/)
    assert.doesNotMatch(err, /making the world/)
  }
})

test('a port in the environment that makes no sense is refused by the name of the variable', async () => {
  process.env.FIREBREAK_PORT = 'door'
  try {
    const { code, err } = await firebreak('start', '--data', join(dir, 'own'))
    assert.equal(code, 2)
    assert.match(err, /FIREBREAK_PORT/)
  } finally {
    delete process.env.FIREBREAK_PORT
  }
})

test('a command that does not exist is an error, with --help as without', async () => {
  for (const args of [['bogus'], ['bogus', '--help']]) {
    const { code, err } = await firebreak(...args)
    assert.equal(code, 2)
    assert.match(err, /no command "bogus"/)
  }
  assert.equal((await firebreak('--help')).code, 0)
  assert.equal((await firebreak('map', '--help')).code, 0)
})

test('a data directory where nothing can be made is refused at once', {
  skip: process.platform !== 'linux',
}, async () => {
  const { code, err } = await firebreak('start', '--data', '/proc/firebreak/data')
  assert.equal(code, 2)
  assert.match(err, /usage\/option/)
})

test('relations that Firebreak does not know are listed and counted by import', async () => {
  const rows = ['a,b', 'b,c', 'c,a'].map((row) => `${row},frenemy`)
  const odd = join(dir, 'odd.csv')
  writeFileSync(odd, `source,target,relation\n${rows.join('\n')}\nd,e,follow\n`)
  const { code, err } = await firebreak('import', odd, '--data', join(dir, 'relations'))
  assert.equal(code, 0)
  assert.match(err, /4 rows, 4 accepted/)
  assert.match(err, /3 rows have the relation "frenemy"/)
  assert.doesNotMatch(err, /"follow"/)
})

test('a result that cannot be put in its place leaves nothing behind and is no fault of Firebreak', async () => {
  const edges = join(dir, 'ring.csv')
  writeFileSync(edges, 'a,b\nb,c\nc,a\n')
  const seeds = join(dir, 'ab.txt')
  writeFileSync(seeds, 'a\nb\n')
  const folder = join(dir, 'results')
  mkdirSync(join(folder, 'taken.csv'), { recursive: true })
  const { code, err } = await firebreak('map', '--edges', edges, '--seeds', seeds, '--out', join(folder, 'taken.csv'))
  assert.equal(code, 2)
  assert.match(err, /cannot write .*it is a folder.*usage\/option/)
  assert.deepEqual(readdirSync(folder), ['taken.csv'])
})

test('an id that would steer the terminal is shown, not obeyed', async () => {
  let shown = ''
  const screen = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        shown += chunk
        done()
      },
    }),
    { isTTY: true, columns: 200 },
  )
  const writer = await mapWriter('text', { out: screen, err: screen }, {})
  const row = { account: 'acct-1\u001b]0;x\u0007', score: 1, probability: 0.9, member: true, role: 'member' as const }
  await writer.query({
    ...{ query: '1', seeds: [], unknown: [] },
    map: { accounts: [{ ...row, evidence: [], sentence: 'follows \u009b2Jacct-2' }] } as unknown as NetworkMap,
  })
  await writer.finish()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
  assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  assert.match(shown, /acct-1/)
})
