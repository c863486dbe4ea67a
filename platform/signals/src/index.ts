export { type BankRow, BankStore, type SealedEntries } from './banks/bank-store.ts'
export { Banks, type BanksOptions, type BankView } from './banks/banks.ts'
export type { EntryChange } from './banks/changes.ts'
export type { NewEntry } from './banks/chunk.ts'
export { HASH_BYTES, HASH_KINDS, type HashKind, hashFromHex, hexOf, isHashKind } from './banks/kinds.ts'
export {
  type AggregateOpinion,
  aggregateOpinion,
  OPINION_CATEGORIES,
  type Opinion,
  type OpinionCategory,
  OWN,
  positiveOwners,
} from './banks/opinions.ts'
export { type BankSettings, bankSettings, bankSettingsSchema, PDQ_DISTANCE, PDQ_QUALITY } from './banks/settings.ts'
export {
  ContentSignals,
  type ContentSignalsOptions,
  type ContentSignalsStatus,
  type UnknownMedia,
  type UploadAnswer,
} from './content/content-signals.ts'
export {
  type ContentLabelValue,
  judgeContent,
  judgeMedium,
  KNOWN_MEDIA,
  KNOWN_MEDIA_LOOK,
  type MatchFact,
  type MediaJudgement,
} from './content/judge.ts'
export { MEDIUM_STATES, type MediumState } from './content/media-store.ts'
export type { MediaHash, MediaPort, StepFailure } from './content/ports.ts'
export type { BankState } from './matching/bank-state.ts'
export { type Hit, Matcher, type Query } from './matching/matcher.ts'
export { type Sealer, sealerFrom, sealJson, unsealJson } from './store/seal.ts'
