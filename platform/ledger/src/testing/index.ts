export { onBothStores } from './both-stores.ts'
export { type KillPlace, type KillRound, linesUntilKilled } from './kill-rounds.ts'
export { openTestLedger, TEST_TIME, testMasterKey } from './open-test-ledger.ts'
export { type TestPostgres, withPostgres } from './postgres-cluster.ts'
