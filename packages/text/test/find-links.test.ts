import assert from 'node:assert/strict'
import test from 'node:test'
import { randomInt, seededRandom } from '@firebreak/kernel'
import fc from 'fast-check'
import { findLinks, findPayments, serviceKey, serviceRef } from '../src/index.ts'
import { HOST, hostIn, mayHoldHost } from '../src/urls/link-grammar.ts'

/** One name in every disguise; each must lead to it. `com` because the example endings are no public suffixes. */
const NAME = 'paperlantern.com'
const DISGUISED: Readonly<Record<string, string>> = {
  plain: 'see http://paperlantern.com/a.',
  capitals: 'HTTPS://PAPERLANTERN.COM/X',
  'no scheme': 'go to paperlantern.com/join now',
  'two slashes': '//paperlantern.com/x',
  hxxp: 'hxxp://paperlantern.com',
  hxxps: 'hxxps://paperlantern[.]com/x',
  'starred scheme': 'h**ps://paperlantern.com',
  'cut scheme': 'ttp://paperlantern.com',
  'one slash': 'http:/paperlantern.com',
  backslashes: 'http:\\\\paperlantern.com\\x',
  'colon in brackets': 'hxxp[:]//paperlantern[.]com',
  'blank after the colon': 'http: //paperlantern .com',
  'dot in brackets': 'paperlantern[.]com',
  'dot in parentheses': 'paperlantern (.) com',
  'dot in braces': 'paperlantern{.}com',
  'word in parentheses': 'paperlantern(dot)com',
  'word in brackets': 'paperlantern [dot] com',
  spoken: 'join paperlantern dot com today',
  'spoken loudly': 'PAPERLANTERN DOT COM',
  'dot apart': 'paperlantern . com',
  'underscored dot': 'paperlantern_dot_com',
  bullet: 'paperlantern•com',
  user: 'http://search.example@paperlantern.com/',
  'user and word': 'http://user:word@paperlantern.com/',
  port: 'http://paperlantern.com:8080/x',
  'spare dot': 'http://paperlantern.com./x',
  'escaped letter': 'http://%70aperlantern.com/',
  'escaped dot': 'paperlantern%2Ecom',
  'full width': 'ｐａｐｅｒｌａｎｔｅｒｎ．ｃｏｍ',
  'ideographic stop': 'paperlantern。com',
  'zero width': 'paper\u200blantern.\u2060com',
  'soft hyphen': 'paper\u00adlantern.com',
  mathematical: '𝗉𝖺𝗉𝖾𝗋𝗅𝖺𝗇𝗍𝖾𝗋𝗇.𝖼𝗈𝗆',
  circled: 'ⓟⓐⓟⓔⓡⓛⓐⓝⓣⓔⓡⓝ.ⓒⓞⓜ',
  squared: '🅿🅰🅿🅴🆁🅻🅰🅽🆃🅴🆁🅽.🅲🅾🅼',
  'html entity': 'http&colon;//paperlantern&#46;com',
  'redirect wrapper': 'https://out.example.org/l.php?u=https%3A%2F%2Fpaperlantern.com%2Fx&h=1',
  'wrapped twice': 'https://a.example.org/?to=https%253A%252F%252Fb.example.net%252F%253Fu%253Dpaperlantern.com',
  'wrapped host': 'https://example.org/redirect?url=paperlantern.com',
  'wrapped in base64': 'https://example.org/go?x=aHR0cHM6Ly9wYXBlcmxhbnRlcm4uY29tL2E=',
  archive: 'https://web.archive.org/web/20260101000000/http://paperlantern.com/x',
  'archive without scheme': 'https://archive.ph/paperlantern.com',
  cache: 'https://webcache.googleusercontent.com/search?q=cache:abcdefghijkl:paperlantern.com/x',
  'translation proxy': 'https://paperlantern-com.translate.goog/x',
  amp: 'https://cdn.ampproject.org/c/s/paperlantern.com/x',
  'view-source': 'view-source:https://paperlantern.com/',
  markdown: '[here](https://paperlantern.com/x)',
  'angle brackets': '<https://paperlantern.com>',
}
const LOOKALIKE: readonly string[] = [
  'http://рaperlantern.com/',
  'раperlаntеrn.com',
  'paperlanterո.com',
  'pαperlantern.com',
]

test('a link is found in every disguise', () => {
  for (const [kind, text] of Object.entries(DISGUISED)) {
    const found = findLinks(text).map(({ registrable }) => registrable)
    assert.deepEqual(found, [NAME], kind)
  }
})

test('a host in look-alike letters keeps its own name and tells whom it resembles', () => {
  for (const text of LOOKALIKE) {
    const [link] = findLinks(text)
    assert.equal(link?.looksLike, NAME, text)
    assert.match(link?.registrable ?? '', /^xn--/)
  }
})

test('offsets cover the link in the original text, without the sentence around it', () => {
  for (const text of Object.values(DISGUISED)) {
    const [link] = findLinks(`Wörter davor (${text}), danach`)
    const cut = `Wörter davor (${text}), danach`.slice(link!.start, link!.end)
    assert.ok(text.includes(cut), `${text}: ${cut}`)
    assert.doesNotMatch(cut, /^[\s(]|[\s,]$/)
  }
  const [link] = findLinks('(see https://paperlantern.com/a_(b)).')
  assert.equal(link?.url, 'https://paperlantern.com/a_(b)')
})

test('numeric addresses are found in any notation', () => {
  for (const host of ['195.127.0.11', '3279880203', '0xc3.127.0.11', '0303.0177.013'])
    assert.equal(findLinks(`at http://${host}/x today`)[0]?.host, '195.127.0.11', host)
  assert.equal(findLinks('http://[2001:db8::1]/x')[0]?.host, '[2001:db8::1]')
})

test('reserved endings count, unknown ones only after a scheme', () => {
  const hosts = (text: string): string[] => findLinks(text).map(({ registrable }) => registrable)
  assert.deepEqual(hosts('see a.paper-lantern.example/x, lamp.onion and http://shell.nosuchending/'), [
    'paper-lantern.example',
    'lamp.onion',
    'shell.nosuchending',
  ])
  assert.deepEqual(hosts('readme.nosuchending'), [])
})

test('mail addresses, handles and prose are not links', () => {
  for (const text of [
    'write to someone@paperlantern.com',
    '@someone@paperlantern.com',
    'look at the dot in the picture. Me too.',
    'the dot com years were long ago',
    'one . two . three',
    'e.g. this, i.e. that... and so on.',
    'version 1.2.3 of file.txt2',
    '',
  ])
    assert.deepEqual(findLinks(text), [], text)
})

test('several links in one text are found in order, those inside another link’s path belong to it', () => {
  const found = findLinks('a.com/x?y=b.org then c.net, http://3279880203/d.com and e[.]info')
  assert.deepEqual(
    found.map(({ host }) => host),
    ['a.com', 'c.net', '195.127.0.11', 'e.info'],
  )
})

test('any text is read without a throw, with offsets inside it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('', 'http://', '.com', '[.]', ' dot com'),
      (text, more) => {
        const whole = text + more + text
        for (const { start, end } of findLinks(whole)) assert.ok(0 <= start && start < end && end <= whole.length)
      },
    ),
  )
})

test('accounts, invitations and folders have one spelling', () => {
  const keys: Readonly<Record<string, string>> = {
    'https://t.me/+AbCdEfGh12': 'telegram:invite:AbCdEfGh12',
    'http://telegram.me/joinchat/AbCdEfGh12': 'telegram:invite:AbCdEfGh12',
    'https://t.me/s/Paper_Lantern': 'telegram:account:paper_lantern',
    'https://discord.com/invite/AbC12': 'discord:invite:AbC12',
    'discord.gg/AbC12': 'discord:invite:AbC12',
    'https://chat.whatsapp.com/invite/AbCd1234': 'whatsapp:invite:AbCd1234',
    'https://www.instagram.com/Paper.Lantern/?hl=en': 'instagram:account:paper.lantern',
    'https://twitter.com/PaperLantern/status/1': 'x:account:paperlantern',
    'https://x.com/paperlantern': 'x:account:paperlantern',
    'https://matrix.to/#/#lantern:example.org': 'matrix:invite:#lantern:example.org',
    'https://mega.nz/folder/AbCd1234#key': 'mega:folder:AbCd1234',
  }
  for (const [link, key] of Object.entries(keys)) {
    const ref = serviceRef(link)
    assert.equal(ref && serviceKey(ref), key, link)
  }
  for (const link of ['https://x.com/search?q=lantern', 'https://example.org/paperlantern', 'no link'])
    assert.equal(serviceRef(link), null, link)
})

test('wallets count only with a good checksum, handles in one spelling', () => {
  const kinds = (text: string): string[] => findPayments(text).map(({ kind, raw }) => `${kind} ${raw}`)
  assert.deepEqual(kinds('BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4 or $PaperLantern'), [
    'wallet:bitcoin bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    'handle:cashapp paperlantern',
  ])
  assert.deepEqual(kinds('bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5'), [])
  assert.deepEqual(kinds('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'), ['wallet:bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'])
  assert.deepEqual(kinds('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'), [])
  assert.deepEqual(kinds('GB82 WEST 1234 5698 7654 32'), ['bank:iban GB82WEST12345698765432'])
  assert.deepEqual(kinds('it costs $20 or $5,000'), [])
  assert.deepEqual(kinds('https://paypal.me/PaperLantern'), ['handle:paypal paperlantern'])
})

const PIECES = [
  'a',
  'lamp',
  'com',
  'org',
  'io',
  '.',
  '. ',
  ' . ',
  ' dot ',
  '(dot)',
  '[.]',
  '[',
  ')',
  '-dot-',
  '_',
  ' · ',
]
const MORE = [
  '%2e',
  '%41',
  '\\.',
  '  .  ',
  ' ',
  '1',
  '.)',
  '{punkt}',
  '< point >',
  'punkt',
  '\n',
  '(.',
  '. com',
  '/',
  '!',
]

test('No text that the quick look turns away holds a host', () => {
  const random = seededRandom('hosts')
  const all = [...PIECES, ...MORE]
  let hosts = 0
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from({ length: 1 + randomInt(random, 8) }, () => all[randomInt(random, all.length)]!).join('')
    if (![...text.matchAll(HOST)].some((match) => hostIn(match[0], match.index))) continue
    hosts++
    assert.ok(mayHoldHost(text), JSON.stringify(text))
  }
  assert.ok(hosts > 1_000)
})
