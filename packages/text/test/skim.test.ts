import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { type Random, randomInt, seededRandom } from '@firebreak/kernel'
import { isDrawn } from '../src/characters/drawn.ts'
import { readCharacters } from '../src/characters/read.ts'
import { Units } from '../src/characters/units.ts'
import { skimText } from '../src/core/skim-core.ts'
import { compileTerms } from '../src/index.ts'
import { Part } from '../src/terms/part.ts'
import { type Found, Scan } from '../src/terms/scan.ts'
import { skimPlainly } from './skim-reference.ts'

const TERMS = [
  'seashell',
  'paper lantern',
  'tap',
  'lil',
  'illicit',
  'route66',
  'aaaa',
  'фонарь',
  'añejo',
  'oslo',
  '4square',
]
const part = new Part(TERMS.map((term) => ({ id: term, term })))

const PIECES = [
  ...[
    'a',
    'l',
    'I',
    'i',
    'L',
    's',
    'S',
    'e',
    'h',
    't',
    'p',
    'P',
    'o',
    '0',
    '1',
    '5',
    '$',
    '!',
    '@',
    '(',
    ')',
    '|',
    '#',
  ],
  ...[
    ' ',
    '  ',
    '.',
    '-',
    '_',
    '\n',
    '     ',
    '%',
    '%7',
    '&',
    '&a',
    '&#115;',
    '\\',
    '\\u',
    '"',
    '’',
    '–',
    'é',
    'ñ',
    'ф',
    'я',
  ],
  ...[
    '纸',
    '\u0301',
    '\u200b',
    '🔑',
    '\ud83d',
    'seashell',
    '<b>',
    'vv',
    '/',
    '[',
    '{',
    '}',
    'llehsaes',
    'tap',
    'sea',
    'shell',
    'paper',
    'lantern',
    '66',
    'lil',
  ],
]

function randomText(random: Random): string {
  const few = Array.from({ length: 2 + randomInt(random, 6) }, () => PIECES[randomInt(random, PIECES.length)]!)
  return Array.from({ length: randomInt(random, 14) }, () => few[randomInt(random, few.length)]!).join('')
}

function pairsOf(text: string, anywhere: boolean): number[] | undefined {
  const pairs: number[] = []
  const simple = skimText(text, part.beginnings.third, anywhere, (some, count) => {
    for (let i = 0; i < 2 * count; i++) pairs.push(some[i]!)
  })
  return simple ? pairs : undefined
}

test('The skim core finds the places that its plain reference finds, in the same order', () => {
  const random = seededRandom('skim core')
  for (let i = 0; i < 20_000; i++) {
    const text = randomText(random)
    const anywhere = i % 7 === 0
    assert.deepEqual(pairsOf(text, anywhere), skimPlainly(text, part.beginnings.third, anywhere), JSON.stringify(text))
  }
})

const units = new Units()
const scans = new Map<boolean, Scan>()

/** What the complete scan finds without any skimming: entry and first unit. */
function completely(text: string, anywhere: boolean): string[] {
  const boundary = anywhere ? 'none' : 'word'
  if (!scans.has(anywhere)) scans.set(anywhere, new Scan(new Part(TERMS.map((term) => ({ id: term, term, boundary })))))
  readCharacters(text, units)
  const found: Found[] = []
  scans.get(anywhere)!.run(units, found)
  return [...new Set(found.map(({ pattern }) => pattern.entry.id))].sort()
}

const matchers = [false, true].map((anywhere) =>
  compileTerms(TERMS.map((term) => ({ id: term, term, boundary: anywhere ? 'none' : 'word' }))),
)

test('A skimmed text gives the terms that a complete scan of it gives', () => {
  const random = seededRandom('skim')
  let hits = 0
  for (let i = 0; i < 30_000; i++) {
    const text = randomText(random)
    const anywhere = i % 5 === 0
    const found = [...new Set(matchers[anywhere ? 1 : 0]!.find(text).map(({ entry }) => entry.id))].sort()
    const complete = completely(text, anywhere)
    // Tags and drawn letters are read once more.
    const expected = isDrawn(text) ? complete.filter((id) => found.includes(id)) : complete
    assert.deepEqual(isDrawn(text) ? expected : found, complete, JSON.stringify(text))
    if (found.length > 0) hits++
  }
  assert.ok(hits > 1_000, `${hits} texts with terms`)
})

test('A long text is skimmed in several goes, as if it were one', () => {
  const text = `${'tap 5ea #tap '.repeat(10_000)} seashell`
  const found = pairsOf(text, false)!
  assert.ok(found.length > 2 * 0x4000)
  assert.deepEqual(found, skimPlainly(text, part.beginnings.third, false))
})

const tools = join(import.meta.dirname, '../tools')
const built = JSON.parse(readFileSync(join(tools, 'built.json'), 'utf8')) as Record<'skim', Record<string, string>>
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

test('The committed skim core is the one that was built from the committed source', () => {
  assert.equal(digest(join(tools, 'assembly/skim.ts')), built.skim.source, 'assembly/skim.ts changed: build again')
  assert.equal(digest(join(tools, '../src/core/skim.wasm')), built.skim.core)
})

const skip = existsSync(join(tools, 'node_modules/assemblyscript'))
  ? false
  : 'AssemblyScript is not installed in packages/text/tools'

test('Building the skim core again gives the same bytes', { skip }, () => {
  const to = mkdtempSync(join(tmpdir(), 'firebreak-core-'))
  try {
    const { status, stderr } = spawnSync(process.execPath, [join(tools, 'build.mjs'), '--to', to], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    assert.equal(digest(join(to, 'skim.wasm')), built.skim.core)
  } finally {
    rmSync(to, { recursive: true, force: true })
  }
})
