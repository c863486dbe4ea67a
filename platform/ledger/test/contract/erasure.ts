import assert from 'node:assert/strict'
import test from 'node:test'
import type { EventInput, Ledger } from '@firebreak/ledger'
import { sql } from 'kysely'
import { LAYER_COLUMNS, type LayerColumn } from '../../src/erasure/layer-tables.ts'
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

  test('the id is taken out of other people’s payloads wherever it stands: context, free data, sentences', async () => {
    const { ledger } = stage
    const id = 'acct-"odd\\one'
    const say = (n: string, more: Partial<EventInput>): EventInput => ({
      id: `said-${n}`,
      type: 'post.created',
      at,
      actor: account('acct-teller'),
      subject: content(`post-${n}`),
      ...more,
    })
    await ledger.append(
      [
        follow('odd-out', id, 'acct-teller'),
        say('a', { data: { text: `ask ${id}, please`, tagged: [{ account: id }, { account: 'acct-else' }] } }),
        say('b', { context: { locale: id }, data: { note: 'kept' } }),
        say('c', { data: { note: 'nothing here' } }),
        { ...say('d', { data: { note: `by ${id} again` } }), actor: account('acct-quiet') },
      ],
      BY,
    )
    await ledger.append([erase(id)], BY)
    const after = new Map((await allEvents(ledger)).map((event) => [event.id, event]))
    const pseudonym = after.get('odd-out')?.actor.id ?? [...after.values()].find(({ data }) => data?.text)!.data!.text
    assert.equal(JSON.stringify([...after.values()]).includes('odd'), false)
    const told = after.get('said-a')?.data as { text: string; tagged: unknown[] }
    assert.match(told.text, /^ask erased-\d+, please$/, String(pseudonym))
    assert.deepEqual(told.tagged, [{ account: 'acct-else' }])
    assert.match(String(after.get('said-b')?.context?.locale), /^erased-/)
    assert.deepEqual(after.get('said-b')?.data, { note: 'kept' })
    assert.deepEqual([after.get('said-c')?.data, after.get('said-c')?.erased], [{ note: 'nothing here' }, false])
    assert.match(String(after.get('said-d')?.data?.note), /^by erased-\d+ again$/)
    assert.equal((await ledger.db.selectFrom('erasure_scan').selectAll().execute()).length, 0)
    const { ok, problem } = await ledger.verify()
    assert.deepEqual([ok, problem], [true, undefined])
  })

  test('an identifier and a search that others used too no longer stand beside the pseudonym', async () => {
    const { ledger } = stage
    const seen = (id: string, who: string, type: string, subject: EventInput['subject']): EventInput => ({
      id,
      type,
      at,
      actor: account(who),
      subject,
    })
    const device = { type: 'identifier', id: 'shared-device' }
    const question = { type: 'query', id: 'shared-question' }
    await ledger.append(
      [
        seen('d-1', 'acct-one', 'identifier.seen', device),
        seen('d-2', 'acct-two', 'identifier.seen', device),
        seen('q-1', 'acct-one', 'search.made', question),
        seen('q-2', 'acct-two', 'search.made', question),
      ],
      BY,
    )
    await ledger.append([erase('acct-one')], BY)
    const of = async (ref: EventInput['subject']) => (await ledger.events({ of: ref })).map(({ actor }) => actor.id)
    assert.deepEqual([await of(device), await of(question)], [['acct-two'], ['acct-two']])
    assert.equal((await ledger.verify()).ok, true)
    const counted = await ledger.events({ types: ['identifier.seen'] })
    assert.ok(counted.some(({ subject }) => subject.id.startsWith('erased-')))
  })

  test('a post of somebody unknown keeps its name when a person who commented on it is erased', async () => {
    const { ledger } = stage
    const on = { type: 'content', id: 'post-of-a-stranger' }
    await ledger.append(
      [
        { id: 'c-1', type: 'comment', at, actor: account('acct-talker'), subject: on, object: content('talk-1') },
        { id: 'u-1', type: 'post.updated', at, actor: account('acct-talker'), subject: content('talkers-post') },
      ],
      BY,
    )
    await ledger.append([erase('acct-talker')], BY)
    assert.equal((await ledger.events({ of: on })).length, 1)
    const tables = await dump(ledger)
    assert.deepEqual([tablesWith(tables, 'talk-1'), tablesWith(tables, 'talkers-post')], [[], []])
  })

  test('an erasure that a legal hold refuses is refused both times when it is sent twice at once', async () => {
    const { ledger } = stage
    await ledger.append([follow('held-1', 'acct-held', 'acct-other')], BY)
    const hold = await ledger.legalHolds.place(account('acct-held'), 'a court asks', BY)
    const answers = await ledger.append([erase('acct-held'), erase('acct-held')], BY)
    assert.deepEqual(
      answers.map((answer) => (answer.status === 'rejected' ? answer.code : answer.status)),
      ['legal-hold', 'legal-hold'],
    )
    await ledger.legalHolds.release(hold.id, BY)
    const [after, twin] = await ledger.append([erase('acct-held'), erase('acct-held')], BY)
    assert.deepEqual([after?.status, twin?.status], ['accepted', 'duplicate'])
  })

  test('tables of the layers above let go of the person in every listed column', async () => {
    const { ledger } = stage
    const gone = 'acct-layered'
    const [first] = await ledger.append([follow('layered', gone, 'acct-other')], BY)
    assert.equal(first?.status, 'accepted')
    const { id: entity } = await ledger.db
      .selectFrom('entity')
      .select('id')
      .where('name', '=', gone)
      .executeTakeFirstOrThrow()
    for (const column of LAYER_COLUMNS) await fillRow(ledger, column, gone, entity)
    await ledger.tasks.define('layered', { retry: { limit: 0 } })
    await ledger.tasks.enqueue('layered', { about: gone, beside: 'acct-other' })
    const tried = Promise.withResolvers<void>()
    const stop = await ledger.tasks.work('layered', async () => {
      setTimeout(() => tried.resolve(), 200)
      throw new Error(`cannot reach ${gone}`)
    })
    await tried.promise
    await stop()
    await ledger.append([erase(gone)], BY)
    const left: string[] = []
    for (const { table, column, does } of LAYER_COLUMNS) {
      const wanted = does === 'delete-entity' ? String(entity) : gone
      const rows = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}
        where strpos(${sql.ref(column)}::text, ${wanted}) > 0`.execute(ledger.db)
      if (rows.rows[0]!.n > 0) left.push(`${table}.${column}`)
    }
    assert.deepEqual(left, [])
    const [dead] = await ledger.tasks.dead({ name: 'layered' })
    assert.equal(JSON.stringify(dead).includes(gone), false)
    assert.equal(dead?.data.beside, 'acct-other')
    assert.deepEqual(tablesWith(await dump(ledger), gone), [])
  })
}

/** A row of the table with the person in the column, and something harmless wherever a value is needed. */
async function fillRow(
  ledger: Ledger,
  { table, column, does }: LayerColumn,
  id: string,
  entity: number,
): Promise<void> {
  const { rows } = await sql<{ name: string; type: string }>`select column_name as name, udt_name as type
    from information_schema.columns where table_schema = 'public' and table_name = ${table}
      and (column_name = ${column} or (is_nullable = 'NO' and column_default is null and is_identity = 'NO'))`.execute(
    ledger.db,
  )
  const values = rows.map(({ name, type }) => {
    if (name === column)
      return does === 'delete-entity' ? sql`${entity}` : does === 'mentions' ? sql`${`{"who":"${id}"}`}` : sql`${id}`
    if (type === 'timestamptz') return sql`now()`
    if (type === 'bytea') return sql`decode(${Buffer.from(column).toString('hex')}, 'hex')`
    if (type === 'bool') return sql`true`
    if (type === 'text') return sql`${`${table} ${column}`}`
    return sql`7`
  })
  await sql`insert into ${sql.table(table)} (${sql.join(rows.map(({ name }) => sql.ref(name)))})
    values (${sql.join(values)})`.execute(ledger.db)
}
