import assert from 'node:assert/strict'
import test from 'node:test'
import { type EventInput, RETENTION } from '@firebreak/ledger'
import { account, BY, content, follow, iso, type Stage } from './stage.ts'

const DAY = 86_400_000
const by = BY

export function retentionTests(stage: Stage): void {
  test('a sweep takes from every class what is due, and nothing else; the chain holds', async () => {
    const { ledger } = stage
    const start = stage.now
    const at = iso(start)
    const held = 'acct-held'
    const seen = (id: string, who: string): EventInput => ({
      id,
      type: 'view.sampled',
      at,
      actor: account(who),
      subject: content('p'),
    })
    const shows = Array.from({ length: 1_200 }, (_, i) => seen(`view-${i}`, `acct-${i}`))
    const known = (id: string, who: string): EventInput => ({
      id,
      type: 'identifier.seen',
      at,
      actor: account(who),
      subject: { type: 'identifier', id: 'k' },
    })
    await ledger.append(
      [
        ...shows,
        seen('view-held', held),
        known('id-1', 'acct-1'),
        known('id-held', held),
        { ...follow('f', 'acct-1', 'acct-2', start), data: { weight: 2 } },
        follow('g', 'acct-3', 'acct-4', start),
        { ...follow('u', 'acct-3', 'acct-4', start + 1000), type: 'unfollow' },
      ],
      by,
    )
    const label = (id: string, days?: number) => ({
      subject: account(id),
      value: 'v',
      source: 's',
      reason: 'r',
      ...(days === undefined ? {} : { expiresAt: iso(start + days * DAY) }),
    })
    const [, taken] = await ledger.labels.apply(
      [label('acct-1', 30), label('acct-2'), label('acct-5'), label(held, 30)],
      by,
    )
    await ledger.labels.retract([taken!.id], by, 'an error')
    await ledger.documents.put('network', 'n', { v: 1 }, by)
    await ledger.documents.put('network', 'n', { v: 2 }, by)
    // Held by its subject, whose id stands escaped in the document.
    const quoted = 'acct-"quoted"\\'
    for (const v of [1, 2]) await ledger.documents.put('network', 'quoted', { v, about: quoted }, by)
    await ledger.legalHolds.place(account(quoted), 'court order', by)
    await ledger.record('reveal', { n: 1 }, by)
    await ledger.legalHolds.place(account(held), 'court order', by)
    const other = await ledger.legalHolds.place(account('acct-77'), 'court order', by)
    await ledger.legalHolds.release(other.id, by)
    const user = await ledger.users.create({ name: 'Ada', roles: [] }, by)
    await ledger.sessions.create(user.id, { ttlMs: DAY })
    await ledger.apiKeys.create({ name: 'k', scopes: [], expiresAt: iso(start + DAY) }, by)

    const early = await ledger.sweep(start)
    assert.deepEqual(
      early.map(({ dataClass }) => dataClass),
      RETENTION.map(({ dataClass }) => dataClass),
    )
    assert.deepEqual(
      early.filter(({ removed }) => removed > 0),
      [],
    )

    const takenBy = Object.fromEntries(
      (await ledger.sweep(start + 2_000 * DAY)).map(({ dataClass, removed }) => [dataClass, removed]),
    )
    assert.equal((await ledger.verify()).problem, undefined)
    assert.equal(takenBy['exposure events (searches, recommendations, sampled views)'], 1_200)
    assert.equal(takenBy['identifier sightings'], 1)
    assert.ok(takenBy['identifier links']! > 0)
    assert.equal(takenBy['payloads of activity events'], 1)
    assert.ok(takenBy['withdrawn edges']! > 0)
    assert.equal(takenBy['labels no longer in force'], 3)
    assert.equal(takenBy['superseded versions of documents'], 1)
    assert.ok(takenBy['audit records']! > 0)
    assert.equal(takenBy['released legal holds'], 1)
    assert.equal(takenBy['expired sessions and sign-in links'], 1)
    assert.equal(takenBy['revoked and expired API keys'], 1)
  })

  test('what a legal hold protects, current edges, labels in force and latest documents are still there', async () => {
    const { ledger } = stage
    assert.deepEqual(
      (await ledger.events({ of: account('acct-held') })).map(({ id }) => id),
      ['view-held', 'id-held'],
    )
    assert.deepEqual((await ledger.documents.get('network', 'n'))?.body, { v: 2 })
    assert.deepEqual(
      (await ledger.labels.active({ asOf: iso(stage.now) })).map(({ subject }) => subject.id),
      ['acct-5', 'acct-held'],
    )
    const kept = (await ledger.neighbours(['acct-1', 'acct-3', 'acct-held'])).values()
    const pairs = [...kept].map(({ neighbours, outDegree }) => [
      outDegree,
      ...neighbours.map(({ relation, other }) => `${relation} ${other}`),
    ])
    assert.deepEqual(pairs.filter(([degree]) => degree !== 0).sort(), [
      [1, 'follow acct-2'],
      [1, 'identifier identifier:k'],
    ])
    assert.deepEqual(
      (await ledger.events({ types: ['follow'] })).map(({ id, data }) => [id, data]),
      [
        ['f', undefined],
        ['g', undefined],
      ],
    )
  })

  test('a second sweep finds nothing, and the ledger goes on', async () => {
    const { ledger } = stage
    assert.deepEqual(
      (await ledger.sweep(stage.now + 2_000 * DAY)).filter(({ removed }) => removed > 0),
      [],
    )
    assert.deepEqual(
      (await ledger.append([follow('next', 'acct-1', 'acct-9')], by)).map(({ status }) => status),
      ['accepted'],
    )
    assert.equal((await ledger.verify()).ok, true)
  })
}
