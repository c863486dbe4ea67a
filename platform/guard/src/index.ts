export { CONTACT_RELATIONS, contactOf, contactsIn } from './contacts.ts'
export { DEFAULT_FAIL_MODES, type FailMode } from './fail-mode.ts'
export { Guard, type GuardOptions, type GuardSource, type GuardStatus } from './guard.ts'
export { LabelTable } from './label-table.ts'
export { NO_PEOPLE, type People } from './people.ts'
export {
  type AskedSubject,
  addContact,
  type DetectorAllowed,
  type Explanation,
  emptySnapshot,
  explainRequest,
  isStale,
  judgeRequest,
  type Snapshot,
  type VerdictRequest,
} from './snapshot.ts'
export type { TextContext, TextJudge } from './text-judge.ts'
