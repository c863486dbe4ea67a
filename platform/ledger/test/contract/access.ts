import assert from 'node:assert/strict'
import test from 'node:test'
import { account, BY, dump, erase, follow, iso, type Stage, tablesWith } from './stage.ts'

const HOUR = 3_600_000

export function accessTests(stage: Stage): void {
  const admin = { kind: 'user', id: 'user-admin' } as const

  test('users have names that nobody else has, roles that change, and can be disabled', async () => {
    const { users } = stage.ledger
    const user = await users.create({ name: 'Ada', roles: ['admin'], passwordHash: 'argon2id…' }, BY)
    await assert.rejects(users.create({ name: 'Ada', roles: [] }, BY), { code: 'input/invalid' })
    await users.setRoles(user.id, ['investigator', 'auditor'], admin)
    await users.setPasswordHash(user.id, 'another hash', admin)
    assert.deepEqual(await users.byName('Ada'), {
      ...user,
      roles: ['investigator', 'auditor'],
      passwordHash: 'another hash',
    })
    assert.equal(await users.byName('Nobody'), null)
    await users.disable(user.id, admin)
    assert.equal((await users.byId(user.id))?.disabledAt, iso(stage.now))
    assert.deepEqual(
      (await users.list()).map(({ name }) => name),
      ['Ada'],
    )
    await assert.rejects(users.setRoles('user-none', [], admin), { code: 'input/invalid' })
    await assert.rejects(users.disable('user-none', admin), { code: 'input/invalid' })
  })

  test('a sign-in link works once, a session until it ends, and neither after its time or for a disabled user', async () => {
    const { users, sessions } = stage.ledger
    const user = await users.create({ name: 'Grace', roles: ['moderator'] }, BY)
    const link = await sessions.create(user.id, { ttlMs: HOUR, once: true })
    assert.equal(await sessions.verify(link), null)
    const redeemed = await Promise.all([sessions.redeem(link), sessions.redeem(link)])
    assert.deepEqual(
      redeemed.filter((found) => found !== null).map(({ id }) => id),
      [user.id],
    )
    const token = await sessions.create(user.id, { ttlMs: HOUR })
    assert.equal(await sessions.redeem(token), null)
    assert.equal((await sessions.verify(token))?.name, 'Grace')
    await sessions.end(token)
    assert.equal(await sessions.verify(token), null)
    const short = [
      await sessions.create(user.id, { ttlMs: HOUR }),
      await sessions.create(user.id, { ttlMs: HOUR, once: true }),
    ]
    const long = await sessions.create(user.id, { ttlMs: 3 * HOUR })
    stage.now += HOUR
    assert.deepEqual([await sessions.verify(short[0]!), await sessions.redeem(short[1]!)], [null, null])
    assert.equal((await sessions.verify(long))?.id, user.id)
    await users.disable(user.id, admin)
    assert.equal(await sessions.verify(long), null)
  })

  test('an API key works until it expires or is revoked, and its use is noted', async () => {
    const { apiKeys } = stage.ledger
    const { key, token } = await apiKeys.create(
      { name: 'shop', scopes: ['events', 'verdicts'], expiresAt: iso(stage.now + HOUR) },
      admin,
    )
    assert.deepEqual((await apiKeys.verify(token))?.scopes, ['events', 'verdicts'])
    assert.equal((await apiKeys.list()).find(({ id }) => id === key.id)?.lastUsedAt, iso(stage.now))
    assert.equal(await apiKeys.verify(`${token}x`), null)
    stage.now += HOUR
    assert.equal(await apiKeys.verify(token), null)
    const other = await apiKeys.create({ name: 'feed', scopes: [] }, admin)
    assert.equal(await apiKeys.revoke(other.key.id, admin), true)
    assert.equal(await apiKeys.revoke(other.key.id, admin), false)
    assert.equal(await apiKeys.verify(other.token), null)
  })

  test('a key expires at an ISO time; what only one of the stores would understand is refused', async () => {
    const { apiKeys } = stage.ledger
    for (const expiresAt of ['tomorrow', 'infinity', '2026-13-01', '1 June 2027', ''])
      await assert.rejects(apiKeys.create({ name: 'odd', scopes: [], expiresAt }, admin), { code: 'input/invalid' })
    const { key } = await apiKeys.create({ name: 'even', scopes: [], expiresAt: '2030-01-01T00:00:00+02:00' }, admin)
    assert.equal(key.expiresAt, '2029-12-31T22:00:00.000Z')
  })

  test('no token and no payload stands in any table, as text or as bytes', async () => {
    const { ledger } = stage
    const user = await ledger.users.create({ name: 'Lin', roles: [] }, BY)
    const tokens = [
      (await ledger.apiKeys.create({ name: 'k', scopes: [] }, admin)).token,
      await ledger.sessions.create(user.id, { ttlMs: HOUR }),
      await ledger.sessions.create(user.id, { ttlMs: HOUR, once: true }),
    ]
    await ledger.append([{ ...follow('secret-payload', 'p-1', 'p-2'), data: { note: 'seashell trade' } }], BY)
    const tables = await dump(ledger)
    assert.deepEqual(tablesWith(tables, 'Lin').sort(), ['app_user', 'audit'])
    for (const secret of [...tokens, ...tokens.map((token) => token.slice(4)), 'seashell trade'])
      assert.deepEqual(tablesWith(tables, secret), [])
  })

  test('what was done to users and keys is on record, with who did it', async () => {
    const kinds = (await stage.ledger.audit()).map(({ kind }) => kind)
    for (const kind of [
      'user.created',
      'user.roles-changed',
      'user.password-changed',
      'user.disabled',
      'api-key.created',
      'api-key.revoked',
    ])
      assert.ok(kinds.includes(kind), kind)
    await stage.ledger.record('reveal', { accounts: 3, why: 'case-7' }, admin)
    const [record] = await stage.ledger.audit({ kind: 'reveal' })
    const { seq, ...rest } = record!
    assert.deepEqual(rest, { kind: 'reveal', at: iso(stage.now), by: admin, data: { accounts: 3, why: 'case-7' } })
    assert.deepEqual(await stage.ledger.audit({ afterSeq: seq, kind: 'reveal' }), [])
    assert.equal((await stage.ledger.audit({ limit: 2 })).length, 2)
  })

  test('while a legal hold stands nobody is erased; once it is released they are', async () => {
    const { ledger } = stage
    await ledger.append([follow('held-1', 'held', 'other')], BY)
    const hold = await ledger.legalHolds.place(account('held'), 'court order', admin)
    const twice = [erase('held'), { ...erase('held'), id: 'held-again' }]
    const refused = await ledger.append([twice[0]!, follow('held-2', 'held', 'third')], BY)
    assert.deepEqual(
      refused.map((result) => (result.status === 'rejected' ? result.code : result.status)),
      ['legal-hold', 'accepted'],
    )
    assert.equal((await ledger.events({ of: account('held') })).length, 2)
    assert.deepEqual(
      (await ledger.legalHolds.list({ standingOnly: true })).map(({ id }) => id),
      [hold.id],
    )
    assert.equal(await ledger.legalHolds.release(hold.id, admin), true)
    assert.equal(await ledger.legalHolds.release(hold.id, admin), false)
    const accepted = await ledger.append([twice[0]!], BY)
    assert.equal(accepted[0]!.status, 'accepted')
    assert.deepEqual(tablesWith(await dump(ledger), 'held'), [])
    assert.deepEqual(await ledger.legalHolds.list({ standingOnly: true }), [])
    assert.equal((await ledger.verify()).ok, true)
  })
}
