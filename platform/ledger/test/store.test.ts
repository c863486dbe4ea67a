import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { isFirebreakError } from '@firebreak/kernel'
import { type LedgerOptions, openLedger } from '@firebreak/ledger'
import { openTestLedger, testMasterKey } from '@firebreak/ledger/testing'
import { sql } from 'kysely'
import { masterKeyFrom } from '../src/keys/master-key.ts'
import { migrate, migrations } from '../src/migrations/migrate.ts'
import { schemaTypes } from '../src/schema-types.ts'
import { openEmbedded } from '../src/store/embedded/client.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-store-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const options = (name: string, more: Partial<LedgerOptions> = {}): LedgerOptions => ({
  store: { kind: 'embedded', dir: join(dir, name) },
  clock: Date.now,
  ...more,
})

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (isFirebreakError(error) ? error.code : String(error)),
  )
}

test('a second process on one directory is refused, and let in at once when the first was killed', async () => {
  const args = [join(import.meta.dirname, 'kill-writer.ts'), 'embedded', join(dir, 'locked'), '0']
  const first = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(first.stdout, 'data')
  assert.equal(await codeOf(openLedger(options('locked', { masterKey: testMasterKey }))), 'ledger/locked')
  first.kill('SIGKILL')
  await once(first, 'exit')
  const ledger = await openLedger(options('locked', { masterKey: testMasterKey }))
  await ledger.close()
})

test('the master key is made once, for its owner alone; another key is refused', async () => {
  const first = await openLedger(options('keyed'))
  await first.close()
  assert.equal(statSync(join(dir, 'keyed', 'master.key')).mode & 0o777, 0o600)
  assert.equal(await codeOf(openLedger(options('keyed', { masterKey: new Uint8Array(32) }))), 'ledger/unavailable')
})

test('a store whose key file was lost says so, and no new key is laid beside it', async () => {
  const file = join(dir, 'lost', 'master.key')
  await (await openLedger(options('lost'))).close()
  const kept = readFileSync(file)
  rmSync(file)
  assert.equal(await codeOf(openLedger(options('lost'))), 'ledger/unavailable')
  assert.equal(existsSync(file), false)
  writeFileSync(file, kept)
  await (await openLedger(options('lost'))).close()
})

test('an old store gains the newer tables, keeps its chain, and a removal of before still holds', async () => {
  const store = await openEmbedded('memory')
  after(() => store.close())
  await migrate(store, migrations().slice(0, 1))
  await store.script(
    `insert into chain (seq, kind, digest, hash, gone_by) values (1, 4, sha256('a'), sha256('b'), 2), (2, 5, sha256('c'), sha256('d'), null)`,
  )
  await migrate(store)
  const { rows } = await store.query(
    'select c.seq, c.first, g.by from chain c left join gone g on g.seq = c.seq order by c.seq',
  )
  assert.deepEqual(rows, [
    { seq: 1, first: null, by: 2 },
    { seq: 2, first: null, by: null },
  ])
})

test('a search for an erased id that a stop cut off is finished at the next start', async () => {
  const by = { kind: 'system', id: 'test' } as const
  const at = '2026-05-01T00:00:00Z'
  const account = (id: string) => ({ type: 'account', id })
  const posts = Array.from({ length: 300 }, (_, i) => ({
    id: `p-${i}`,
    type: 'post.created',
    at,
    actor: account('acct-teller'),
    subject: { type: 'content', id: `post-${i}` },
    data: { note: i % 100 === 0 ? 'about acct-gone' : 'about nobody' },
  }))
  const first = await openLedger(options('cut-off'))
  await first.append(posts, by)
  const erasure = { id: 'e', type: 'subject.erased', at, actor: account('acct-gone'), subject: account('acct-gone') }
  const closing = new Promise<void>((closed) => first.onCommit(() => void first.close().then(closed)))
  assert.equal(await codeOf(first.append([erasure], by)), 'ledger/closed')
  await closing
  const second = await openLedger(options('cut-off'))
  await second.close() // waits for what was resumed
  const third = await openLedger(options('cut-off'))
  try {
    const events = await third.events({ types: ['post.created'] })
    assert.equal(JSON.stringify(events).includes('acct-gone'), false)
    assert.equal(events.filter(({ data }) => String(data?.note).startsWith('about erased-')).length, 3)
    assert.equal((await third.verify()).ok, true)
  } finally {
    await third.close()
  }
})

test('a store of a newer version is left alone', async () => {
  const ledger = await openLedger(options('newer'))
  await sql`insert into schema_migration (number, name) values (9000, 'from the future')`.execute(ledger.db)
  await ledger.close()
  assert.equal(await codeOf(openLedger(options('newer'))), 'ledger/schema-newer')
})

test('the row types in the code are those of a freshly migrated store', async () => {
  const store = await openEmbedded('memory')
  after(() => store.close())
  await migrate(store)
  const committed = readFileSync(join(import.meta.dirname, '../src/schema.generated.ts'), 'utf8')
  assert.ok(committed === (await schemaTypes(store)), 'run: node platform/ledger/scripts/generate-schema.ts')
})

test('a store that cannot be reached, or has no sensible address, is an operator’s error with a code', async () => {
  for (const url of ['nonsense', 'postgres://nobody@127.0.0.1:1/nowhere'])
    assert.equal(
      await codeOf(openLedger({ store: { kind: 'postgres', url }, clock: Date.now, masterKey: testMasterKey })),
      'ledger/unavailable',
    )
})

test('of two first starts at once both get the same master key, and nothing else is left beside it', () => {
  const file = join(dir, 'race', 'master.key')
  let inner: Buffer | undefined
  // The second start happens just before the first one publishes its key.
  const key = masterKeyFrom(file, (size) => {
    if (size === 32) inner ??= masterKeyFrom(file, () => new Uint8Array(size).fill(2))
    return new Uint8Array(size).fill(1)
  })
  assert.deepEqual(key, inner)
  assert.deepEqual(readdirSync(join(dir, 'race')), ['master.key'])
})

test('an embedded engine that breaks off in the middle of a statement ends the store; nothing is answered after it', async () => {
  const ledger = await openTestLedger()
  // PGlite itself answers this as done, and every later statement with nothing.
  const broken = sql`copy entity from '/dev/blob'`.execute(ledger.db)
  await assert.rejects(broken, { code: 'ledger/unavailable' })
  await assert.rejects(ledger.head())
  await assert.rejects(ledger.record('test', {}, { kind: 'system', id: 'test' }))
})
