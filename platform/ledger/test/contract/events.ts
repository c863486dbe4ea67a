import assert from 'node:assert/strict'
import test from 'node:test'
import type { EventInput, EventType } from '@firebreak/ledger'
import { EVENT_TYPE_LIST } from '@firebreak/ledger'
import { account, allEvents, BY, content, EXAMPLES, follow, iso, STORY, type Stage } from './stage.ts'

const DAY = 86_400_000

/** Bad data from outside, and the code it is answered with. */
function badEvents(now: number): [what: string, code: string, event: unknown][] {
  const good = follow('bad', 'acct-1', 'acct-2')
  const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown
  return [
    ['nothing', 'malformed', null],
    ['a number', 'malformed', 7],
    ['a list', 'malformed', [good]],
    ['no id', 'malformed', { ...good, id: '' }],
    ['an id that is a number', 'malformed', { ...good, id: 12 }],
    ['an id too long', 'malformed', { ...good, id: 'x'.repeat(513) }],
    ['a NUL in a name', 'malformed', { ...good, subject: account('acct-\0') }],
    ['half a character in a name', 'malformed', { ...good, subject: account('acct-\ud800') }],
    ['an unknown type', 'unknown-type', { ...good, type: 'lantern.lit' }],
    ['a type named like a method of objects', 'unknown-type', { ...good, type: 'constructor' }],
    ['no type', 'unknown-type', { ...good, type: undefined }],
    ['a later version', 'unsupported-version', { ...good, v: 2 }],
    ['no time', 'bad-time', { ...good, at: undefined }],
    ['a time without a zone', 'bad-time', { ...good, at: '2026-05-01T00:00:00' }],
    ['a time in words', 'bad-time', { ...good, at: 'yesterday' }],
    ['the thirtieth of February', 'bad-time', { ...good, at: '2026-02-30T00:00:00Z' }],
    ['a time long before computers', 'bad-time', { ...good, at: '0000-01-01T00:00:00+12:00' }],
    ['a time in the far future', 'bad-time', { ...good, at: iso(now + 2 * DAY) }],
    ['no actor', 'malformed', { ...good, actor: undefined }],
    ['an actor of a wrong kind', 'malformed', { ...good, actor: content('post-1') }],
    [
      'the kind that the ledger keeps for itself',
      'malformed',
      { ...good, type: 'view.sampled', actor: { type: 'principal', id: 'x' } },
    ],
    ['no subject', 'malformed', { ...good, subject: {} }],
    ['no object where one is needed', 'malformed', { ...good, type: 'recommendation.shown' }],
    ['no data where some is needed', 'malformed', { ...good, type: 'age.assured' }],
    ['data that is a list', 'malformed', { ...good, data: [] }],
    ['a weight of nothing', 'malformed', { ...good, data: { weight: 0 } }],
    ['a weight too small for the store', 'malformed', { ...good, data: { weight: 1e-60 } }],
    ['a weight that is a text', 'malformed', { ...good, data: { weight: '1' } }],
    ['a relation that is no word', 'malformed', { ...good, data: { relation: 'Follow Me' } }],
    ['backups that are no list', 'malformed', { ...good, type: 'account.updated', data: { backups: 'acct-1' } }],
    [
      'hundreds of backups',
      'malformed',
      { ...good, type: 'account.updated', data: { backups: new Array(201).fill('acct-1') } },
    ],
    ['a payload too large', 'too-large', { ...good, data: { note: 'x'.repeat(70_000) } }],
    ['data nested too deep', 'malformed', { ...good, data: { deep: nested(30_000) } }],
  ]
}

export function eventTests(stage: Stage): void {
  const append = (events: readonly unknown[]) => stage.ledger.append(events as EventInput[], BY)

  test('a valid example of every type of event is accepted, in the order given', async () => {
    const before = await stage.ledger.head()
    const events = EVENT_TYPE_LIST.map((type, i) => ({
      id: `every-${type}`,
      type,
      at: iso(STORY + i),
      ...EXAMPLES[type],
    }))
    const results = await append(events)
    assert.deepEqual(
      results.filter(({ status }) => status !== 'accepted'),
      [],
    )
    const stored = await allEvents(stage.ledger, before)
    assert.deepEqual(
      stored.map(({ type }) => type),
      EVENT_TYPE_LIST,
    )
    assert.deepEqual(
      stored.map(({ seq }) => seq),
      results.map((result) => (result.status === 'accepted' ? result.seq : 0)),
    )
  })

  test('each bad event is refused with its code while its neighbours are accepted', async () => {
    const bad = badEvents(stage.now)
    const batch = bad.flatMap(([what, , event]) => [follow(`beside ${what}`, 'acct-1', 'acct-2'), event])
    const results = await append([...batch, follow('after all bad', 'acct-1', 'acct-2')])
    const codes = bad.map(([what], i) => {
      const result = results[2 * i + 1]!
      return [what, result.status === 'rejected' ? result.code : result.status]
    })
    assert.deepEqual(
      codes,
      bad.map(([what, code]) => [what, code]),
    )
    const neighbours = results.filter((_, i) => i % 2 === 0)
    assert.deepEqual(
      neighbours.filter(({ status }) => status !== 'accepted'),
      [],
    )
  })

  test('an id counts once: inside a batch, across batches, and in calls made at the same time', async () => {
    const event = follow('once', 'acct-1', 'acct-2')
    const statuses = async (events: EventInput[]) => (await append(events)).map(({ status }) => status)
    assert.deepEqual(await statuses([event, event]), ['accepted', 'duplicate'])
    assert.deepEqual(await statuses([event, follow('twice', 'acct-1', 'acct-2')]), ['duplicate', 'accepted'])
    const racing = await Promise.all(Array.from({ length: 20 }, () => statuses([follow('raced', 'acct-1', 'acct-3')])))
    assert.equal(racing.flat().filter((status) => status === 'accepted').length, 1)
    assert.equal(racing.flat().filter((status) => status === 'duplicate').length, 19)
  })

  test('five hundred events appended one by one at the same time all stand, on positions without a gap', async () => {
    const before = await stage.ledger.head()
    const results = await Promise.all(
      Array.from({ length: 500 }, (_, i) => append([follow(`many-${i}`, `acct-${i % 7}`, `acct-m${i}`)])),
    )
    const seqs = results.flat().map((result) => (result.status === 'accepted' ? result.seq : -1))
    assert.deepEqual(
      seqs.toSorted((a, b) => a - b),
      Array.from({ length: 500 }, (_, i) => before + 1 + i),
    )
  })

  test('what an event carried comes back as it was, with who wrote it and when', async () => {
    const event: EventInput = {
      id: 'round-trip ✓ "quoted" \\ 🏮',
      type: 'recommendation.shown',
      at: '2026-05-02T10:00:00.123+02:00',
      actor: { type: 'recommender', id: 'r-1' },
      subject: account('acct-ü'),
      object: content("post-'1'"),
      surface: 'recommend_content',
      context: { jurisdiction: 'DE', locale: 'de-DE', ageBand: '13-15' },
      data: { text: 'paper lantern\0 🏮 ünï', list: [1, 2.5, null, { a: true }], empty: {}, big: 12345678901 },
    }
    const [result] = await stage.ledger.append([event], { kind: 'api-key', id: 'key-1' })
    assert.equal(result!.status, 'accepted')
    const seq = result!.status === 'accepted' ? result!.seq : 0
    const [stored] = await stage.ledger.events({ afterSeq: seq - 1, limit: 1 })
    const { by, receivedAt, erased, ...rest } = stored!
    assert.deepEqual(rest, { ...event, seq, v: 1, at: '2026-05-02T08:00:00.123Z' })
    assert.deepEqual(
      { by, receivedAt, erased },
      { by: { kind: 'api-key', id: 'key-1' }, receivedAt: iso(stage.now), erased: false },
    )
  })

  test('events can be asked for by type, by whom they are about, and page by page', async () => {
    const { ledger } = stage
    const before = await ledger.head()
    await append([
      follow('q1', 'asked-a', 'asked-b'),
      { id: 'q2', type: 'block', at: iso(STORY), actor: account('asked-b'), subject: account('asked-a') },
      { id: 'q3', type: 'mention', at: iso(STORY), actor: account('asked-c'), subject: account('asked-b') },
      {
        ...EXAMPLES['recommendation.shown'],
        id: 'q4',
        type: 'recommendation.shown',
        at: iso(STORY),
        object: account('asked-a'),
      },
    ])
    const ids = async (query: { types?: EventType[]; of?: { type: string; id: string }; limit?: number }) =>
      (await ledger.events({ afterSeq: before, ...query })).map(({ id }) => id)
    assert.deepEqual(await ids({}), ['q1', 'q2', 'q3', 'q4'])
    assert.deepEqual(await ids({ types: ['block', 'mention'] }), ['q2', 'q3'])
    assert.deepEqual(await ids({ of: account('asked-a') }), ['q1', 'q2', 'q4'])
    assert.deepEqual(await ids({ of: account('asked-a'), types: ['follow'] }), ['q1'])
    assert.deepEqual(await ids({ of: content('asked-a') }), [])
    assert.deepEqual(await ids({ limit: 2 }), ['q1', 'q2'])
  })
}
