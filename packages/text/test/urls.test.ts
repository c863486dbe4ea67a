import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import {
  canonicalUrl,
  expressionHash,
  isPublicSuffix,
  isShortener,
  LinkList,
  ownerOf,
  urlExpressions,
} from '../src/index.ts'
import { unescapeAll } from '../src/urls/escapes.ts'

const VECTORS = join(import.meta.dirname, '../../../../shared/data/links/canonical-urls.dev.json')

test('the published Web Risk vectors hold', { skip: existsSync(VECTORS) ? false : 'no ../shared/data' }, () => {
  const vectors = JSON.parse(readFileSync(VECTORS, 'utf8')) as { url: string; canonical: string }[]
  for (const { url, canonical } of vectors) assert.equal(canonicalUrl(url), canonical, url)
})

test('every documented rule of canonicalisation', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['http://a.example/b\tc\rd\ne', 'http://a.example/bcde'],
    ['http://a.example/b%0Ac', 'http://a.example/b%0Ac'],
    ['http://a.example/b#c#d', 'http://a.example/b'],
    ['http://a.example/%2525252525', 'http://a.example/%25'],
    ['http://a.example/%25%32%35', 'http://a.example/%25'],
    ['http://a.example/%%%25%32%35x%%', 'http://a.example/%25%25%25x%25%25'],
    ['HTTP://A.Example', 'http://a.example/'],
    ['a.example', 'http://a.example/'],
    ['a.example:81/x', 'http://a.example/x'],
    ['//a.example/x', 'http://a.example/x'],
    ['http://user:word@a.example:8080/x', 'http://a.example/x'],
    ['http://..a...example../x', 'http://a.example/x'],
    ['http://a.example/b/./c/../d/', 'http://a.example/b/d/'],
    ['http://a.example/../..', 'http://a.example/'],
    ['http://a.example//b///c', 'http://a.example/b/c'],
    ['http://a.example/b?c//d/../e', 'http://a.example/b'],
    ['http://3279880203/x', 'http://195.127.0.11/x'],
    ['http://0303.0177.0.013/x', 'http://195.127.0.11/x'],
    ['http://0xc3.0x7f.11/x', 'http://195.127.0.11/x'],
    ['http://1.2.3.4.5/', 'http://1.2.3.4.5/'],
    ['http://09.1/', 'http://09.1/'],
    ['http://[2001:0DB8:0::1]/x', 'http://[2001:db8::1]/x'],
    ['http://[::ffff:1.2.3.4]/x', 'http://1.2.3.4/x'],
    ['http://[64:ff9b::1.2.3.4]/x', 'http://1.2.3.4/x'],
    ['http://ümlaut.example/ü', 'http://xn--mlaut-jva.example/%C3%BC'],
    ['http://a b.example/c d', 'http://a%20b.example/c%20d'],
    ['mailto:a@b.example', null],
    ['data:text/plain,x', null],
    ['', null],
    ['http://', null],
  ]
  for (const [url, canonical] of cases) assert.equal(canonicalUrl(url), canonical, url)
})

test('canonical URLs stay as they are', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
      const once = canonicalUrl(url)
      assert.ok(once !== null)
      assert.equal(canonicalUrl(once), once)
    }),
  )
})

test('escapes nested to any depth come off in one pass, as many passes would take them', () => {
  const slowly = (text: string): string => {
    const next = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    return next === text ? text : slowly(next)
  }
  const piece = fc.constantFrom('%', '2', '5', '3', 'a', 'F', '%25', '%32', '%35', 'x')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      assert.equal(unescapeAll(pieces.join('')), slowly(pieces.join('')))
    }),
  )
})

test('expressions are those of the documented examples, never more than thirty', () => {
  assert.deepEqual(urlExpressions('http://a.b.c/1/2.html?param=1').toSorted(), [
    'a.b.c/',
    'a.b.c/1/',
    'a.b.c/1/2.html',
    'a.b.c/1/2.html?param=1',
    'b.c/',
    'b.c/1/',
    'b.c/1/2.html',
    'b.c/1/2.html?param=1',
  ])
  assert.deepEqual(urlExpressions('http://a.b.c.d.e.f.g/1.html'), [
    'a.b.c.d.e.f.g/1.html',
    'a.b.c.d.e.f.g/',
    'c.d.e.f.g/1.html',
    'c.d.e.f.g/',
    'd.e.f.g/1.html',
    'd.e.f.g/',
    'e.f.g/1.html',
    'e.f.g/',
    'f.g/1.html',
    'f.g/',
  ])
  assert.deepEqual(urlExpressions('http://1.2.3.4/1/'), ['1.2.3.4/1/', '1.2.3.4/'])
  assert.deepEqual(urlExpressions('mailto:a@b.example'), [])
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
      const all = urlExpressions(url)
      assert.ok(all.length <= 30)
      assert.equal(new Set(all).size, all.length)
    }),
  )
})

test('a listed host covers its subdomains and paths, a listed page only itself', () => {
  const list = new LinkList<string>()
  list.addUrl('https://lantern.example/', 'host')
  list.addUrl('http://shell.example/trade/', 'folder')
  list.addUrl('http://shell.example/x?y=1', 'page')
  const entries = (url: string): string[] => list.find(url).map(({ entry }) => entry)
  assert.deepEqual(entries('http://a.b.lantern.example/any?thing#else'), ['host'])
  assert.deepEqual(entries('http://notlantern.example/'), [])
  assert.deepEqual(entries('http://shell.example/trade/a/b'), ['folder'])
  assert.deepEqual(entries('http://shell.example/trades'), [])
  assert.deepEqual(entries('http://shell.example/x?y=1'), ['page'])
  assert.deepEqual(entries('http://shell.example/x?y=2'), [])
  assert.equal(list.size, 3)
})

test('hashed lists match by whole hashes and by prefixes, and say which', () => {
  const list = new LinkList<number>()
  list.addHash(expressionHash('lantern.example/'), 1)
  list.addHash(expressionHash('shell.example/a/').slice(0, 8), 2)
  assert.deepEqual(list.find('http://www.lantern.example/x')[0], {
    entry: 1,
    expression: 'lantern.example/',
    how: 'hash',
  })
  assert.deepEqual(list.find('http://shell.example/a/b')[0], {
    entry: 2,
    expression: 'shell.example/a/',
    how: 'prefix',
  })
  assert.throws(() => list.addHash('abc', 3), { code: 'input/invalid' })
})

test('what many own cannot be listed; what a hosting service gives out has its own owner', () => {
  assert.throws(() => new LinkList().addUrl('co.uk', 0), { code: 'input/invalid' })
  assert.throws(() => new LinkList().addUrl('http://github.io/', 0), { code: 'input/invalid' })
  assert.equal(ownerOf('a.someone.github.io').registrable, 'someone.github.io')
  assert.equal(ownerOf('a.lantern.co.uk').registrable, 'lantern.co.uk')
  assert.deepEqual(ownerOf('10.0.0.1'), { registrable: '10.0.0.1', isAddress: true })
  assert.equal(ownerOf('localhost').registrable, null)
  assert.equal(isPublicSuffix('com'), true)
  assert.equal(isPublicSuffix('lantern.com'), false)
})

test('shorteners are known by name, their customers’ pages are not', () => {
  assert.ok(isShortener('bit.ly') && isShortener('www.tinyurl.com'))
  assert.ok(!isShortener('lantern.example') && !isShortener('rabbit.ly'))
})
