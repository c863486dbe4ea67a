import assert from 'node:assert/strict'
import test from 'node:test'
import { account, BY, erase, follow, type Stage, tamper } from './stage.ts'

interface Tampering {
  readonly what: string
  readonly sql: (seq: number) => string
}

/** Ways to falsify one row of a table whose key is seq; `set` changes its content. */
function ways(table: string, set: string): Tampering[] {
  return [
    { what: `changing a row of ${table}`, sql: (seq) => `update ${table} set ${set} where seq = ${seq}` },
    { what: `deleting a row of ${table}`, sql: (seq) => `delete from ${table} where seq = ${seq}` },
    {
      what: `swapping two rows of ${table}`,
      sql: (seq) => `update ${table} set seq = -seq where seq in (${seq}, ${seq + 1});
        update ${table} set seq = ${seq + 1} where seq = ${-seq}; update ${table} set seq = ${seq} where seq = ${-seq - 1}`,
    },
  ]
}

export function tamperTests(stage: Stage): void {
  /** Two neighbouring rows of every chained table: the position of the first. */
  const first: Record<string, number> = {}

  const falsified = async ({ what, sql }: Tampering, table: string) => {
    const seq = first[table]!
    const statements = sql(seq).split(';')
    const copies = ['event', 'label', 'document', 'audit', 'removal', 'chain', 'gone', 'entity', 'ledger_head']
    for (const copy of copies) await tamper(stage.ledger, `create table kept_${copy} as select * from ${copy}`)
    for (const statement of statements) await tamper(stage.ledger, statement)
    const result = await stage.ledger.verify()
    for (const copy of copies) {
      const columns = copy === 'entity' ? '(id, kind, name, owner)' : ''
      const from = copy === 'entity' ? 'id, kind, name, owner' : '*'
      await tamper(stage.ledger, `delete from ${copy}`)
      await tamper(stage.ledger, `insert into ${copy} ${columns} select ${from} from kept_${copy}`)
      await tamper(stage.ledger, `drop table kept_${copy}`)
    }
    assert.equal(result.ok, false, what)
    assert.ok(result.problem, what)
    return { brokenAt: result.brokenAt!, seq, problem: result.problem }
  }

  test('an untouched ledger verifies, erasures included', async () => {
    const { ledger } = stage
    assert.deepEqual(await ledger.verify(), { ok: true, entries: 0, removed: 0 })
    const by = { ...BY }
    const results = await ledger.append(
      Array.from({ length: 20 }, (_, i) => follow(`t-${i}`, `acct-${i}`, 'acct-hub')),
      by,
    )
    first.event = results[9]!.status === 'accepted' ? results[9]!.seq : 0
    const label = (id: string) => ({ subject: account(id), value: 'v', source: 's', reason: 'r' })
    first.label = (await ledger.labels.apply([label('acct-1'), label('acct-2')], by))[0]!.seq
    first.document = (await ledger.head()) + 1
    await ledger.documents.put('k', 'a', { n: 1 }, by)
    await ledger.documents.put('k', 'b', { n: 2 }, by)
    first.audit = (await ledger.head()) + 1
    await ledger.record('reveal', { n: 1 }, by)
    await ledger.record('export', { n: 2 }, by)
    // The twenty events share one entry of the chain, at the position of the last.
    first.chain = results[19]!.status === 'accepted' ? results[19]!.seq : 0
    await ledger.append([erase('acct-19'), erase('acct-18')], by)
    const removals = await ledger.db.selectFrom('removal').select('seq').orderBy('seq').execute()
    first.removal = Number(removals[0]!.seq)
    const { ok, removed } = await ledger.verify()
    assert.deepEqual([ok, removed >= 2], [true, true])
  })

  const changes = {
    event: `at = at + interval '1 second'`,
    label: `reason = 'another'`,
    document: `body = '{"n":9}'`,
    audit: `data = '{"n":9}'`,
    removal: `reason = 'another'`,
  }
  for (const [table, set] of Object.entries(changes))
    for (const way of ways(table, set).filter(({ what }) => !(table === 'removal' && what.startsWith('swapping'))))
      test(`${way.what} is found, and where`, async () => {
        const { brokenAt, seq } = await falsified(way, table)
        assert.equal(brokenAt, seq)
      })

  const NEXT = (seq: number) => `(select min(seq) from chain where seq > ${seq})`
  const inChain: readonly Tampering[] = [
    {
      what: 'changing a digest in the chain',
      sql: (seq) => `update chain set digest = sha256(digest) where seq = ${seq}`,
    },
    {
      what: 'changing one of the digests of a run',
      sql: (seq) =>
        `update chain set digests = set_byte(digests, 40, (get_byte(digests, 40) + 1) % 256) where seq = ${seq}`,
    },
    {
      what: 'changing the kind of a row in a run, digest and all but the hash',
      sql: (seq) =>
        `update chain set digests = set_byte(digests, 33, 4), digest = sha256(int8send(first) || set_byte(digests, 33, 4)) where seq = ${seq}`,
    },
    { what: 'moving the beginning of a run', sql: (seq) => `update chain set first = first + 1 where seq = ${seq}` },
    {
      what: 'taking the last row out of a run',
      sql: (seq) =>
        `update chain set digests = substring(digests from 1 for length(digests) - 33), seq = seq - 1 where seq = ${seq}`,
    },
    { what: 'changing a hash in the chain', sql: (seq) => `update chain set hash = sha256(hash) where seq = ${seq}` },
    { what: 'deleting an entry of the chain', sql: (seq) => `delete from chain where seq = ${seq}` },
    {
      what: 'deleting an entry and its rows',
      sql: (seq) => `delete from event where seq <= ${seq}; delete from chain where seq = ${seq}`,
    },
    {
      what: 'swapping two entries of the chain',
      sql: (seq) => `update chain set seq = -seq where seq in (${seq}, ${NEXT(seq)});
        update chain set seq = (select -min(seq) from chain) where seq = ${-seq}; update chain set seq = ${seq} where seq < 0`,
    },
  ]
  for (const way of inChain)
    test(`${way.what} is found, in the right entry`, async () => {
      const { brokenAt, seq } = await falsified(way, 'chain')
      assert.ok(brokenAt >= seq - 19 && brokenAt <= seq + 1, String(brokenAt))
    })

  const ofRow: readonly Tampering[] = [
    {
      what: 'hiding a row behind an erasure',
      sql: (seq) =>
        `insert into gone (seq, by) values (${seq}, ${first.removal}); delete from event where seq = ${seq}`,
    },
    {
      what: 'hiding a row behind an erasure that never was',
      sql: (seq) => `insert into gone (seq, by) values (${seq}, 7); delete from event where seq = ${seq}`,
    },
    {
      what: 'taking the salt of a row, as an erasure does',
      sql: (seq) => `update event set salt = null where seq = ${seq}`,
    },
    {
      what: 'renaming an account',
      sql: (seq) => `update entity set name = 'acct-x' where id = (select actor from event where seq = ${seq})`,
    },
  ]
  for (const way of ofRow)
    test(`${way.what} is found`, async () => {
      const { brokenAt, seq } = await falsified(way, 'event')
      const expected = way.what.endsWith('an erasure') ? first.removal! : way.what.endsWith('never was') ? 7 : seq
      assert.equal(brokenAt, expected)
    })

  test('an added row, a cut-off end and a moved head are found', async () => {
    const add: Tampering = {
      what: 'adding a row at the end',
      sql: () =>
        `insert into audit (seq, kind, at, written_by, data, salt) select 100000, kind, at, written_by, data, salt from audit limit 1`,
    }
    assert.equal((await falsified(add, 'audit')).brokenAt, 100_000)
    const copy: Tampering = {
      what: 'adding a row of another kind at a taken position',
      sql: () =>
        `insert into audit (seq, kind, at, written_by, data, salt) select ${first.event}, kind, at, written_by, data, salt from audit limit 1`,
    }
    assert.equal((await falsified(copy, 'event')).brokenAt, first.event)
    const cut: Tampering = {
      what: 'cutting off the end',
      sql: () => 'delete from chain where seq = (select seq from ledger_head)',
    }
    assert.equal((await falsified(cut, 'chain')).brokenAt, await stage.ledger.head())
    const head: Tampering = {
      what: 'moving the head back',
      sql: () => 'update ledger_head set (seq, hash) = (select seq, hash from chain order by seq limit 1)',
    }
    assert.ok((await falsified(head, 'chain')).brokenAt > first.chain!)
  })

  test('after all that was put back, the ledger verifies again and takes new events', async () => {
    assert.equal((await stage.ledger.verify()).ok, true)
    const [result] = await stage.ledger.append([follow('t-last', 'acct-1', 'acct-2')], BY)
    assert.equal(result!.status, 'accepted')
    assert.equal((await stage.ledger.verify()).ok, true)
  })
}
