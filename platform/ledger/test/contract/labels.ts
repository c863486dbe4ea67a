import assert from 'node:assert/strict'
import test from 'node:test'
import type { LabelInput } from '@firebreak/ledger'
import { account, BY, iso, type Stage } from './stage.ts'

const DAY = 86_400_000

export function labelTests(stage: Stage): void {
  const label = (id: string, more: Partial<LabelInput> = {}): LabelInput => ({
    subject: account(id),
    value: 'network-member',
    source: 'case-7',
    reason: 'own conduct',
    ...more,
  })
  const activeIds = async (caseId: string, asOf?: number) =>
    (await stage.ledger.labels.active({ caseId, ...(asOf === undefined ? {} : { asOf: iso(asOf) }) })).map(
      ({ subject }) => subject.id,
    )

  test('a label comes back as it was made, in the order given', async () => {
    const inputs = [
      label('l-1', {
        caseId: 'whole',
        probability: 0.87,
        evidence: { paths: ['paper lantern ✓'] },
        expiresAt: iso(stage.now + DAY),
      }),
      label('l-2', { caseId: 'whole' }),
    ]
    const made = await stage.ledger.labels.apply(inputs, { kind: 'user', id: 'user-1' })
    assert.deepEqual(
      made.map(({ id, seq, ...rest }) => rest),
      inputs.map((input) => ({ ...input, neg: false, at: iso(stage.now), by: { kind: 'user', id: 'user-1' } })),
    )
    assert.deepEqual(await stage.ledger.labels.active({ caseId: 'whole' }), made)
    assert.equal(made[1]!.seq, made[0]!.seq + 1)
  })

  test('a label expires by the clock, and was in force before', async () => {
    await stage.ledger.labels.apply(
      [label('e-1', { caseId: 'expiry', expiresAt: iso(stage.now + DAY) }), label('e-2', { caseId: 'expiry' })],
      BY,
    )
    const made = stage.now
    assert.deepEqual(await activeIds('expiry'), ['e-1', 'e-2'])
    stage.now += DAY
    assert.deepEqual(await activeIds('expiry'), ['e-2'])
    assert.deepEqual(await activeIds('expiry', made + DAY - 1), ['e-1', 'e-2'])
    assert.deepEqual(await activeIds('expiry', made - 1), [])
  })

  test('a retraction takes a label back once, and only from then on', async () => {
    const [first, second] = await stage.ledger.labels.apply(
      [label('r-1', { caseId: 'undo' }), label('r-2', { caseId: 'undo' })],
      BY,
    )
    const made = stage.now
    stage.now += 1000
    assert.equal(await stage.ledger.labels.retract([first!.id, 'no such label'], BY, 'an error'), 1)
    assert.equal(await stage.ledger.labels.retract([first!.id], BY, 'again'), 0)
    assert.deepEqual(await activeIds('undo'), ['r-2'])
    assert.deepEqual(await activeIds('undo', made), ['r-1', 'r-2'])
    const changes = await stage.ledger.labels.changesAfter(second!.seq)
    assert.deepEqual(
      changes.map(({ neg, retracts, reason, subject }) => ({ neg, retracts, reason, subject })),
      [{ neg: true, retracts: first!.id, reason: 'an error', subject: account('r-1') }],
    )
    assert.deepEqual(
      (await stage.ledger.labels.changesAfter(first!.seq - 1, 1)).map(({ id }) => id),
      [first!.id],
    )
  })

  test('labels can be asked for by subject, kind of subject and value', async () => {
    const inputs = [
      label('a-1', { value: 'one' }),
      label('a-1', { value: 'two' }),
      { ...label('a-1', { value: 'one' }), subject: { type: 'group', id: 'a-1' } },
    ]
    await stage.ledger.labels.apply(inputs, BY)
    const { labels } = stage.ledger
    assert.deepEqual(
      (await labels.active({ subject: account('a-1') })).map(({ value }) => value),
      ['one', 'two'],
    )
    assert.deepEqual(
      (await labels.active({ subjectType: 'group' })).map(({ subject }) => subject.id),
      ['a-1'],
    )
    assert.equal((await labels.active({ value: 'one' })).length, 2)
  })

  test('a label that says nothing is refused, and none of its batch is written', async () => {
    const head = await stage.ledger.head()
    for (const bad of [
      { value: '' },
      { subject: account('') },
      { probability: 1.5 },
      { expiresAt: 'soon' },
      { source: 'x\0' },
    ])
      await assert.rejects(stage.ledger.labels.apply([label('ok'), label('bad', bad)], BY), { code: 'input/invalid' })
    assert.equal(await stage.ledger.head(), head)
  })

  test('a document has versions; a write over another version than the one read is refused', async () => {
    const { documents } = stage.ledger
    assert.equal(await documents.get('network', 'n-1'), null)
    const first = await documents.put('network', 'n-1', { name: 'paper lantern', list: [1, null] }, BY, {
      ifVersion: 0,
    })
    assert.equal(first?.version, 1)
    assert.equal(await documents.put('network', 'n-1', {}, BY, { ifVersion: 0 }), null)
    const races = await Promise.all([1, 2, 3].map((i) => documents.put('network', 'n-1', { i }, BY, { ifVersion: 1 })))
    assert.deepEqual(
      races.map((made) => made?.version ?? null),
      [2, null, null],
    )
    assert.deepEqual(await documents.get('network', 'n-1'), {
      kind: 'network',
      id: 'n-1',
      version: 2,
      at: iso(stage.now),
      by: BY,
      body: { i: 1 },
    })
    stage.now += 1000
    await documents.put('network', 'n-2', 'a text', BY)
    assert.deepEqual(
      (await documents.list('network')).map(({ id, body }) => [id, body]),
      [
        ['n-2', 'a text'],
        ['n-1', { i: 1 }],
      ],
    )
    assert.deepEqual(
      (await documents.list('network', { limit: 1 })).map(({ id }) => id),
      ['n-2'],
    )
  })
}
