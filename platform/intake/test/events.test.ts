import assert from 'node:assert/strict'
import test from 'node:test'
import { EVENT_TYPE_LIST, INTERNAL_EVENT_TYPES } from '@firebreak/ledger'
import fc from 'fast-check'
import { backupHandles, canonicalEvent, keyIdentifier, type PlatformEvent } from '../src/events/index.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const edge = { key: new Uint8Array(32).fill(7), clock: () => NOW }
const follow = {
  id: 'e-1',
  type: 'follow',
  at: '2026-03-01T10:00:00Z',
  actor: { type: 'account', id: 'acct-0001' },
  subject: { type: 'account', id: 'acct-0002' },
}
const taken = (input: unknown): PlatformEvent => {
  const result = canonicalEvent(input, edge)
  assert.ok(result.ok, JSON.stringify(result))
  return result.event
}
const refused = (input: unknown) => {
  const result = canonicalEvent(input, edge)
  assert.ok(!result.ok)
  return result
}

test('every event of the vocabulary is taken as it stands; what only Firebreak itself writes is refused', () => {
  for (const type of EVENT_TYPE_LIST) {
    const event = { ...follow, type, data: undefined, ...seen(type) }
    if (!INTERNAL_EVENT_TYPES.includes(type)) assert.equal(taken(event).type, type)
    else assert.equal(canonicalEvent(event, edge).ok, false, type)
  }
})
const seen = (type: string) => (type === 'identifier.seen' ? { data: { kind: 'device', value: 'lantern-7' } } : {})

test('an e-mail address, phone, address, device or card leaves only a keyed hash', () => {
  const raw = {
    email: 'Paper.Lantern+shop@example.org',
    phone: '+49 (151) 555-0100',
    ip: '203.0.113.9',
    device: 'Lantern-Phone-7',
    payment: '4000 0000 0000 0002',
  }
  for (const [kind, value] of Object.entries(raw)) {
    const event = taken({ ...follow, type: 'identifier.seen', data: { kind, value } })
    assert.match(event.subject.id, new RegExp(`^${kind}:[0-9a-f]{64}$`))
    const kept = JSON.stringify(event).toLowerCase()
    for (const part of [value, 'lantern', '555', '203.0', '4000']) assert.ok(!kept.includes(part.toLowerCase()), part)
  }
})

test('two spellings of one identifier meet, another key does not', () => {
  const at = (text: string, key = edge.key) => keyIdentifier('email', text, key)!
  assert.equal(at(' A@Example.org ').id, at('a@example.org').id)
  assert.equal(at('a+shop@example.org').wider, at('a@example.org').wider)
  assert.notEqual(at('a@example.org').id, at('a@example.org', new Uint8Array(32)).id)
  assert.equal(
    keyIdentifier('ip', '::ffff:203.0.113.9', edge.key)!.id,
    keyIdentifier('ip', '203.0.113.9', edge.key)!.id,
  )
  assert.equal(keyIdentifier('ip', '2001:db8::1', edge.key)!.id, keyIdentifier('ip', '2001:DB8:0:0::1', edge.key)!.id)
})

test('an address behind carrier NAT is marked as shared before it is hashed', () => {
  const shared = (value: string) =>
    taken({ ...follow, type: 'identifier.seen', data: { kind: 'ip', value } }).data?.shared
  for (const address of ['100.64.0.1', '100.127.255.1', '10.0.0.1', '192.168.1.1', 'fd00::1', '::1'])
    assert.equal(shared(address), true, address)
  for (const address of ['100.63.0.1', '100.128.0.1', '203.0.113.9', '2001:db8::1'])
    assert.equal(shared(address), false)
  const told = { kind: 'ip', value: '203.0.113.9', carrierNat: true }
  assert.equal(taken({ ...follow, type: 'identifier.seen', data: told }).data?.shared, true)
})

test('an identifier sent as the subject is keyed as well, and one of the wrong kind is refused without being repeated', () => {
  const subject = { type: 'identifier', id: 'paper-lantern-device' }
  assert.match(taken({ ...follow, type: 'identifier.seen', subject }).subject.id, /^device:[0-9a-f]{64}$/)
  const bad = refused({ ...follow, type: 'identifier.seen', data: { kind: 'email', value: 'not-an-address-at-all' } })
  assert.equal(bad.code, 'event/identifier')
  assert.ok(!JSON.stringify(bad).includes('not-an-address'))
})

test('raw identifiers in other events are refused by their key and taken out of texts', () => {
  assert.equal(refused({ ...follow, data: { profile: { email: 'a@example.org' } } }).code, 'event/raw-identifier')
  const event = taken({
    ...follow,
    data: { note: 'write a@example.org or +49 151 5550100', handle: 'a@example.social' },
  })
  assert.deepEqual(event.data, { note: 'write [removed] or [removed]', handle: 'a@example.social' })
})

test('a profile text leaves only the backup names it claims', () => {
  const event = taken({ ...follow, type: 'account.updated', data: { bio: 'paper lanterns. backup: @acct-0009' } })
  assert.deepEqual(event.data, { backups: ['acct-0009'] })
})

const CLAIMS: [string, string[]][] = [
  ['backup: @name_two', ['name_two']],
  ['my Back-up acc @a.b and @c-d', ['a.b', 'c-d']],
  ['Backup → acct-0412', ['acct-0412']],
  ['if gone @two_two', ['two_two']],
  ['2nd acc @x1/@x2', ['x1', 'x2']],
  ['ＢＡＣＫＵＰ： @wide', ['wide']],
  ['other account is @zed.', ['zed']],
  ['paper lanterns with @friend', []],
  ['new here, hi @bob', []],
  ['main: rome', []],
  ['not my backup', []],
  ['humpbackup @whale', []],
]
for (const [text, names] of CLAIMS)
  test(`"${text}" names ${names.length === 0 ? 'nobody' : names.join(' and ')} as a backup`, () => {
    assert.deepEqual(backupHandles(text), names)
  })

test('a hostile profile text is read in linear time and yields at most ten names', () => {
  assert.equal(backupHandles(`backup: ${'@aa,'.repeat(50_000)}`).length, 1)
  assert.equal(backupHandles(`backup: ${Array.from({ length: 99 }, (_, i) => `@n${i}x`).join(' ')}`).length, 10)
  assert.deepEqual(backupHandles('back up '.repeat(100_000)), [])
})

test('each kind of bad event has its own code, and the answer names the field, not its content', () => {
  const cases: [unknown, string][] = [
    [{ ...follow, type: 'paper' }, 'event/type'],
    [{ ...follow, v: 2 }, 'event/version'],
    [{ ...follow, at: 'yesterday' }, 'event/time'],
    [{ ...follow, at: '2026-03-03T12:00:01Z' }, 'event/time'],
    [{ ...follow, actor: { type: 'account', id: '' } }, 'event/shape'],
    [{ ...follow, actor: { type: 'account', id: 'two\nlines' } }, 'event/shape'],
    [{ ...follow, extra: 'seashell' }, 'event/shape'],
    [{ ...follow, data: { note: 'x'.repeat(40_000) } }, 'event/too-large'],
    [null, 'event/shape'],
    ['seashell', 'event/shape'],
    [[], 'event/shape'],
  ]
  for (const [input, code] of cases) {
    const bad = refused(input)
    assert.equal(bad.code, code, JSON.stringify(bad))
    assert.ok(!JSON.stringify(bad).includes('seashell'))
  }
})

test('nothing from outside can make the edge throw or touch object prototypes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      canonicalEvent(value, edge)
      canonicalEvent({ ...follow, data: value }, edge)
      canonicalEvent({ ...follow, data: { deep: value } }, edge)
    }),
  )
  taken(
    JSON.parse(
      JSON.stringify(follow)
        .replace('"e-1"', '"e-1","data":{"__proto__":{"polluted":true}}')
        .replace('"id":"e-1"', '"id":"e-1"'),
    ),
  )
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
})
