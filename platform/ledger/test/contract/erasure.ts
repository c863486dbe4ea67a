import assert from 'node:assert/strict'
import test from 'node:test'
import type { EventInput, Ledger } from '@firebreak/ledger'
import { account, allEvents, BY, content, dump, erase, follow, iso, STORY, type Stage, tablesWith } from './stage.ts'

const GONE = 'acct-leaving'
const at = iso(STORY)

/** Everything that a person leaves behind in the ledger, beside others who stay. */
const LIFE: readonly EventInput[] = [
  {
    id: 'born',
    type: 'account.created',
    at,
    actor: account(GONE),
    subject: account(GONE),
    data: { bio: 'payload-bio' },
  },
  follow('out', GONE, 'acct-stays'),
  { ...follow('in', 'acct-stays', GONE), data: { note: 'payload-note' } },
  follow('bystanders', 'acct-stays', 'acct-other'),
  {
    id: 'p',
    type: 'post.created',
    at,
    actor: account(GONE),
    subject: content('own-post'),
    data: { hashtags: ['own-tag', 'everyones-tag'], links: ['own-link'] },
  },
  {
    id: 'o',
    type: 'post.created',
    at,
    actor: account('acct-other'),
    subject: content('other-post'),
    data: { hashtags: ['everyones-tag'] },
  },
  {
    id: 'liked',
    type: 'like',
    at,
    actor: account('acct-stays'),
    subject: content('own-post'),
    data: { author: GONE, reaction: 'kept' },
  },
  {
    id: 'liked-too',
    type: 'like',
    at,
    actor: account('acct-other'),
    subject: content('own-post'),
    data: { author: GONE },
  },
  {
    id: 'said',
    type: 'comment',
    at,
    actor: account(GONE),
    subject: content('other-post'),
    object: { type: 'comment', id: 'own-comment' },
  },
  { id: 'searched', type: 'search.made', at, actor: account(GONE), subject: { type: 'query', id: 'own-query' } },
  {
    id: 'seen',
    type: 'identifier.seen',
    at,
    actor: account(GONE),
    subject: { type: 'identifier', id: 'own-identifier' },
  },
  {
    id: 'backup',
    type: 'account.updated',
    at,
    actor: account('acct-other'),
    subject: account('acct-other'),
    data: { bio: 'kept', backups: [GONE, 'acct-stays'] },
  },
]
/** Ids and payload of the person that must not be found anywhere afterwards. */
const TRACES = [
  GONE,
  'payload-bio',
  'payload-note',
  'own-post',
  'own-tag',
  'own-link',
  'own-comment',
  'own-query',
  'own-identifier',
]

async function live(ledger: Ledger): Promise<void> {
  const results = await ledger.append(LIFE, BY)
  assert.deepEqual(
    results.filter(({ status }) => status !== 'accepted'),
    [],
  )
  const member = {
    value: 'network-member',
    source: 'case-7',
    reason: `it writes like ${GONE}.`,
    evidence: { paths: [{ via: GONE }] },
  }
  await ledger.labels.apply(
    [
      { subject: account(GONE), ...member },
      { subject: content('own-post'), ...member },
      { subject: account('acct-stays'), ...member },
    ],
    BY,
  )
  for (const name of ['first', 'second'])
    await ledger.documents.put(
      'network',
      'n-1',
      { name, seeds: [GONE, 'acct-stays'], byId: { [GONE]: 1, [`account:${GONE}`]: 2, 'acct-stays': 3 } },
      BY,
    )
  await ledger.documents.put('account-note', GONE, { text: 'a note' }, BY)
  await ledger.record('reveal', { accounts: [GONE, 'acct-stays'], first: `${GONE}` }, BY)
}

async function pairs(ledger: Ledger, asOf?: string): Promise<string[]> {
  const found: string[] = []
  for await (const batch of ledger.edges(asOf === undefined ? {} : { asOf }))
    found.push(...batch.map(({ source, target, relation }) => `${source} ${relation} ${target}`))
  return found.sort()
}

export function erasureTests(stage: Stage): void {
  test('after an erasure no trace of the person is in any table, and the chain still holds', async () => {
    const { ledger } = stage
    await live(ledger)
    assert.deepEqual(
      (await ledger.append([erase(GONE)], BY)).map(({ status }) => status),
      ['accepted'],
    )
    const tables = await dump(ledger)
    assert.deepEqual(
      TRACES.map((trace) => [trace, tablesWith(tables, trace)]).filter(([, where]) => where!.length > 0),
      [],
    )
    const verified = await ledger.verify()
    assert.deepEqual([verified.ok, verified.problem], [true, undefined])
    assert.ok(verified.removed >= LIFE.length - 1)
  })

  test('no trace comes back through any reading, decrypted payloads of others included', async () => {
    const { ledger } = stage
    const readings = {
      events: await allEvents(ledger),
      of: await ledger.events({ of: account(GONE) }),
      edges: await pairs(ledger),
      past: await pairs(ledger, iso(STORY + 1000)),
      neighbours: [...(await ledger.neighbours([GONE, 'acct-stays', 'acct-other', 'hashtag:everyones-tag']))],
      labels: await ledger.labels.changesAfter(0),
      documents: [await ledger.documents.list('network'), await ledger.documents.list('account-note')],
      audit: await ledger.audit(),
    }
    const text = JSON.stringify(readings)
    assert.deepEqual(
      TRACES.filter((trace) => text.includes(trace)),
      [],
    )
  })

  test('its edges, labels and adjacency are gone, and snapshots hear of it', async () => {
    const { ledger } = stage
    const stays = (await ledger.neighbours(['acct-stays'])).get('acct-stays')!
    const around = stays.neighbours.map(({ direction, relation, other }) => `${direction} ${relation} ${other}`)
    assert.deepEqual(around.sort(), ['in backup acct-other', 'out follow acct-other'])
    assert.deepEqual([stays.inDegree, stays.outDegree], [1, 1])
    assert.deepEqual(
      (await ledger.labels.active()).map(({ subject }) => subject.id),
      ['acct-stays'],
    )
    const retractions = (await ledger.labels.changesAfter(0)).filter(({ neg }) => neg)
    assert.deepEqual(
      retractions.map(({ reason }) => reason),
      ['erased', 'erased'],
    )
  })

  test('what belongs to others is unharmed', async () => {
    const { ledger } = stage
    assert.deepEqual(await pairs(ledger), [
      'acct-other backup acct-stays',
      'acct-other hashtag hashtag:everyones-tag',
      'acct-stays follow acct-other',
    ])
    assert.equal((await ledger.counts()).events, LIFE.length + 1)
    const events = await allEvents(ledger)
    const profile = events.find(({ type }) => type === 'account.updated')!
    assert.deepEqual(profile.data, { bio: 'kept', backups: ['acct-stays'] })
    assert.deepEqual(events.find(({ id }) => id === 'o')?.data, { hashtags: ['everyones-tag'] })
    assert.deepEqual((await ledger.documents.get('network', 'n-1'))?.body, {
      name: 'second',
      seeds: ['acct-stays'],
      byId: { 'acct-stays': 3 },
    })
  })

  test('the same id may come back as somebody new, and a repeated event is still known', async () => {
    const { ledger } = stage
    const again = await ledger.append([LIFE[1]!, erase(GONE), follow('new life', GONE, 'acct-other')], BY)
    assert.deepEqual(
      again.map(({ status }) => status),
      ['duplicate', 'duplicate', 'accepted'],
    )
    const back = (await ledger.neighbours([GONE])).get(GONE)!
    assert.deepEqual(
      back.neighbours.map(({ other }) => other),
      ['acct-other'],
    )
    assert.equal((await ledger.events({ of: account(GONE) })).length, 1)
    assert.equal((await ledger.verify()).ok, true)
  })

  test('an erasure in the middle of a batch takes what was before it, not what comes after', async () => {
    const { ledger } = stage
    const results = await ledger.append(
      [follow('before', 'acct-mid', 'acct-x'), erase('acct-mid'), follow('after', 'acct-mid', 'acct-y')],
      BY,
    )
    assert.deepEqual(
      results.map(({ status }) => status),
      ['accepted', 'accepted', 'accepted'],
    )
    assert.deepEqual(
      (await ledger.neighbours(['acct-mid'])).get('acct-mid')?.neighbours.map(({ other }) => other),
      ['acct-y'],
    )
    assert.equal((await ledger.verify()).ok, true)
  })

  test('erasing somebody the ledger never knew, or without any data, does no harm', async () => {
    const { ledger } = stage
    assert.deepEqual(
      (await ledger.append([erase('acct-unknown')], BY)).map(({ status }) => status),
      ['accepted'],
    )
    assert.deepEqual(tablesWith(await dump(ledger), 'acct-unknown'), [])
    assert.equal((await ledger.verify()).ok, true)
  })
}
