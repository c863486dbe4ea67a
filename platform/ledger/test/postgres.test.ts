import { after, test } from 'node:test'
import { openTestLedger, withPostgres } from '@firebreak/ledger/testing'
import { ledgerContract } from './contract.ts'

const postgres = await withPostgres()

if (postgres === null) test('PostgreSQL keeps the contract', (t) => t.skip('PostgreSQL is not installed'))
else {
  after(() => postgres.stop())
  let url = ''
  ledgerContract('PostgreSQL', () => ({
    open: async ({ clock }) => {
      url = await postgres.database()
      return openTestLedger({ clock, store: { kind: 'postgres', url } })
    },
    again: ({ clock }) => openTestLedger({ clock, store: { kind: 'postgres', url } }),
  }))
}
