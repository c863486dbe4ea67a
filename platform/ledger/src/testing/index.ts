export { openTestLedger, TEST_TIME, testMasterKey } from './open-test-ledger.ts'
export { type TestPostgres, withPostgres } from './postgres-cluster.ts'
