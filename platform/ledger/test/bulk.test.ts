import assert from 'node:assert/strict'
import { join } from 'node:path'
import test, { after } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../src/store/embedded/client.ts'
import { openPostgres } from '../src/store/postgres/client.ts'
import type { Store } from '../src/store/store.ts'
import { isUniqueViolation } from '../src/store/store-error.ts'
import { withPostgres } from '../src/testing/index.ts'

const TABLE = {
  table: 'bulk_test',
  columns: [
    ['a', 'int8'],
    ['b', 'int4'],
    ['c', 'int2'],
    ['d', 'float4'],
    ['e', 'text'],
    ['f', 'bytea'],
    ['g', 'timestamptz'],
  ],
} as const

const storable = fc
  .string({ unit: 'binary', maxLength: 40 })
  .filter((text) => !text.includes('\0') && text.isWellFormed())
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const row = fc.tuple(
  fc.maxSafeInteger(),
  maybe(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  maybe(fc.integer({ min: -32_768, max: 32_767 })),
  maybe(
    fc
      .float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 })
      .map((n) => Math.fround(Math.round(n * 4) / 4)),
  ),
  maybe(storable),
  maybe(fc.uint8Array({ maxLength: 40 })),
  maybe(fc.integer({ min: 0, max: 4_000_000_000_000 })),
)

async function comesBack(store: Store, rows: readonly (readonly unknown[])[]): Promise<void> {
  const tx = await store.begin()
  try {
    await tx.query(
      'create temp table bulk_test (n bigint generated always as identity, a bigint, b integer, c smallint, d real, e text, f bytea, g timestamptz)',
    )
    await tx.insert(TABLE, rows as Parameters<typeof tx.insert>[1])
    const { rows: found } = await tx.query<Record<string, unknown>>('select * from bulk_test order by n')
    const values = found.map(({ a, b, c, d, e, f, g }) => [
      a,
      b,
      c,
      d === null ? null : Math.fround(Number(d)) + 0,
      e,
      f === null ? null : Buffer.from(f as Uint8Array).toString('hex'),
      g === null ? null : (g as Date).getTime(),
    ])
    assert.deepEqual(
      values,
      rows.map(([a, b, c, d, e, f, g]) => [
        a,
        b,
        c,
        d === null ? null : Number(d) + 0,
        e,
        f === null ? null : Buffer.from(f as Uint8Array).toString('hex'),
        g,
      ]),
    )
  } finally {
    await tx.rollback()
  }
}

function bulkTests(name: string, store: () => Store): void {
  test(`${name}: whatever is inserted in bulk comes back as it was, in order`, async () => {
    await comesBack(store(), [])
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), (rows) => comesBack(store(), rows)),
      { numRuns: 25 },
    )
    await comesBack(
      store(),
      Array.from({ length: 20_000 }, (_, i) => [i, i, 7, 0.5, 'équal — 平等', new Uint8Array(3), 1_777_000_000_000]),
    )
  })

  test(`${name}: a bulk insert that breaks a constraint fails with its code, and the store goes on`, async () => {
    const tx = await store().begin()
    await tx.query(
      'create temp table bulk_test (a bigint primary key, b integer, c smallint, d real, e text, f bytea, g timestamptz)',
    )
    const same = [1, 2, 3, 0.5, 'e', new Uint8Array(1), 0] as const
    await assert.rejects(tx.insert(TABLE, [same, same]), (error) => isUniqueViolation(error))
    await tx.rollback()
    assert.deepEqual((await store().query('select 1 as one')).rows, [{ one: 1 }])
  })
}

const snapshot = join(import.meta.dirname, '../../../.cache/ledger-empty-0.5.16.tar')
const embedded = await openEmbedded('memory', snapshot)
after(() => embedded.close())
bulkTests('embedded', () => embedded)

const postgres = await withPostgres()
if (postgres === null) test('PostgreSQL: bulk inserts', (t) => t.skip('PostgreSQL is not installed'))
else {
  const store = await openPostgres(await postgres.database())
  after(async () => {
    await store.close()
    await postgres.stop()
  })
  bulkTests('PostgreSQL', () => store)
}
