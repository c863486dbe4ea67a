import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { drawSvg, layoutNetwork, percent, type ReportMap, reportPage } from '../src/index.ts'
import { REPORT_SCRIPT_HASH } from '../src/report/page.ts'
import { REPORT_SCRIPT } from '../src/report/script.ts'

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style></script><svg onload=alert(1)>',
  '<!--',
  ']]>',
  '`$' + '{alert(1)}`',
  '\u202etxt.exe\u0000\ud800',
]

function map(over: Partial<ReportMap> = {}, ids: readonly string[] = ['acct-2', 'acct-3']): ReportMap {
  return {
    isNetwork: true,
    networkProbability: 0.98,
    reason: 'The seeds reach each other far more often than random accounts do.',
    seeds: [{ account: 'acct-1', known: true, fits: true, fit: 0.9 }],
    accounts: ids.map((account, i) => ({
      account,
      score: 1,
      probability: 0.9 - i * 0.01,
      member: true,
      role: 'member',
      sentence: `Follows acct-1 and ${account}.`,
    })),
    audienceCount: 22_000,
    cut: { threshold: 0.5, size: ids.length },
    ...over,
  }
}

function page(m: ReportMap, title = 'Network', watermark?: string): string {
  const nodes = [...m.seeds, ...m.accounts].map(({ account }, i) => ({
    id: account,
    role: 'member' as const,
    member: true,
    seed: i < m.seeds.length,
    probability: 0.9,
  }))
  const edges = nodes.map(({ id }) => ({ source: m.seeds[0]!.account, target: id, relation: id }))
  const drawing = layoutNetwork({ nodes, edges })
  return reportPage({ map: m, drawing, title, pseudonymous: true, ...(watermark === undefined ? {} : { watermark }) })
}

/** The tags of a page whose markup is well formed where it matters: outside text may never add one. */
function tags(html: string): string[] {
  return [...html.matchAll(/<[a-z!/][^>]*>/gi)].map((match) => match[0].split(/[\s>]/)[0]!)
}

test('an id that is a script stays text, in every place it is shown', () => {
  const plain = tags(
    page(
      map(
        {},
        HOSTILE.map((_, i) => `acct-${i + 2}`),
      ),
      'Network',
      'mark',
    ),
  )
  for (const text of HOSTILE) {
    const hostile = map({ reason: text, seeds: [{ account: text, known: true, fits: true, fit: 0.5 }] }, [
      ...HOSTILE.filter((other) => other !== text),
      'acct-9',
    ])
    const html = page(hostile, text, text)
    // Labels find other places and relations other colours; the number of tags of each dangerous kind is what counts.
    for (const tag of ['<script', '</script', '<img', '<style', '<title', '<iframe', '<!--', '<bdi', '<tr'])
      assert.equal(
        count(tags(html), tag) <= count(plain, tag) + (tag === '<title' ? 1 : 0),
        true,
        `${tag} from ${text}`,
      )
    assert.ok(
      !/<[^>]*\son\w+=/i.test(html.replaceAll(/<(script|style)>[\s\S]*?<\/\1>/g, '').replaceAll(/"[^"]*"/g, '""')),
      `a handler from ${text}`,
    )
    assert.ok(html.isWellFormed() && !html.includes('\u202e') && !html.includes('\u0000'))
  }
})

test('any id at all is escaped', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (id) => {
      const svg = drawSvg(
        layoutNetwork({ nodes: [{ id, role: 'hub', member: true, seed: true, probability: 1 }], edges: [] }),
        { title: id },
      )
      assert.ok(!/<(script|img|a|foreignObject)\b/i.test(svg))
      assert.equal(svg.match(/</g)!.length, svg.match(/>/g)!.length)
    }),
  )
})

test('the page runs its own script only, and asks no network', () => {
  const html = page(map())
  assert.equal(createHash('sha256').update(REPORT_SCRIPT).digest('base64'), REPORT_SCRIPT_HASH)
  assert.match(html, /default-src 'none'/)
  assert.ok(html.includes(`script-src 'sha256-${REPORT_SCRIPT_HASH}'`))
  assert.equal(html.match(/<script/g)!.length, 1)
  assert.ok(!/(src|href)=|@import|url\(|https?:(?!\/\/www\.w3\.org\/2000\/svg)/.test(html))
})

test('a page about seeds that are no network says so, with the reason, and lists nobody', () => {
  const html = page(map({ isNetwork: false, networkProbability: 0.004, reason: 'They never meet.', accounts: [] }))
  assert.match(html, /This is not a network/)
  assert.match(html, /They never meet\./)
  assert.match(html, /&lt; 1 %|< 1 %/)
  assert.match(html, /No account is ranked/)
})

test('an account that may be a victim is on no page, neither in the list nor in the picture', () => {
  const m = map()
  const accounts = [
    ...m.accounts,
    { ...m.accounts[0]!, account: 'acct-protected', role: 'likely-victim' as const, sentence: '' },
  ]
  const drawing = layoutNetwork({
    nodes: [{ id: 'acct-protected', role: 'likely-victim', member: false, seed: false, probability: 0.7 }],
    edges: [],
  })
  assert.ok(
    !reportPage({ map: { ...m, accounts }, drawing, title: 'x', pseudonymous: true }).includes('acct-protected'),
  )
})

test('the misfit seed is named, the unknown seed too, and a cap is always said', () => {
  const m = map({
    seeds: [
      { account: 'acct-1', known: true, fits: true, fit: 0.9 },
      { account: 'acct-odd', known: true, fits: false, fit: 0.02 },
      { account: 'acct-gone', known: false, fits: false, fit: 0 },
    ],
  })
  const drawing = layoutNetwork(
    {
      nodes: m.accounts.map((a) => ({ id: a.account, role: a.role, member: true, seed: false, probability: 0.9 })),
      edges: [],
    },
    { maxNodes: 1 },
  )
  const html = reportPage({ map: m, drawing, title: 'x', pseudonymous: false, total: 3142 })
  assert.match(html, /acct-odd[\s\S]*does not fit the others/)
  assert.match(html, /acct-gone[\s\S]*not in the data/)
  assert.match(html, /\+1 more accounts, ranked or without a link here/)
  assert.match(html, /\+3,140 more, ranked below these/)
  assert.match(html, /own ids/)
})

test('a probability is never rounded up to certainty or down to none', () => {
  assert.deepEqual([0, 0.004, 0.5, 0.996, 1, Number.NaN].map(percent), [
    '0 %',
    '< 1 %',
    '50 %',
    '> 99 %',
    '100 %',
    '0 %',
  ])
})

function count(list: readonly string[], item: string): number {
  return list.filter((entry) => entry === item).length
}
