export { CONTACT_RELATIONS, contactOf, contactsIn } from './contacts.ts'
export { DEFAULT_FAIL_MODES, type FailMode } from './fail-mode.ts'
export { Guard, type GuardOptions, type GuardSource, type GuardStatus } from './guard.ts'
export { LabelTable } from './label-table.ts'
export { type RecordedBasis, Switchboard } from './legal/switchboard.ts'
export { type WalkAlarm, WalkAlarms } from './oracle/alarms.ts'
export { PROBE_SUBJECTS, type Walk, WalkWatch } from './oracle/walk-watch.ts'
export { pairKey, WindowedCounters } from './people/counters.ts'
export { NO_PEOPLE, type People } from './people/people.ts'
export { PeopleBook } from './people/people-book.ts'
export { PeopleFollower, type PeopleSource } from './people/people-follower.ts'
export { type OwedStatement, Recorder } from './records/recorder.ts'
export { type DueStatement, Statements } from './records/statements.ts'
export { type MostlyWithheld, WithheldWatch } from './records/withheld-watch.ts'
export { DEFAULT_IN_FORCE, type PolicyInForce, type PolicyOnTrial, policyOnTrial } from './replay/policy-file.ts'
export { type MapAt, type PastCase, type ReplayedCase, type ReplayReport, replay } from './replay/time-machine.ts'
export { type Backtest, type BacktestExample, BacktestTally, backtest } from './rules/backtest.ts'
export { type Regression, regressions } from './rules/regression.ts'
export { checked, RuleBook, type RuleChange, type StoredRule } from './rules/rule-book.ts'
export {
  type AskedSubject,
  addContact,
  answeringVersion,
  type DetectorAllowed,
  type Explained,
  type Explanation,
  emptySnapshot,
  explainRequest,
  isStale,
  judgeRequest,
  type Snapshot,
  type VerdictRequest,
} from './snapshot.ts'
export type { TextContext, TextJudge } from './text-judge.ts'
