export { type BankRow, BankStore, type SealedEntries, type StoredEntry } from './banks/bank-store.ts'
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
export type { CatalogueStatus } from './content/catalogue.ts'
export {
  ContentSignals,
  type ContentSignalsOptions,
  type ContentSignalsStatus,
  type UploadAnswer,
} from './content/content-signals.ts'
export type { EqualEntry } from './content/contents.ts'
export {
  type ContentLabelValue,
  isLive,
  judgeContent,
  judgeMedium,
  KNOWN_MEDIA,
  KNOWN_MEDIA_LOOK,
  type MatchFact,
  type MediaJudgement,
} from './content/judge.ts'
export { MEDIUM_STATES, type MediumState } from './content/media-store.ts'
export { MEDIA_MATCH, type UnknownMedia } from './content/medium-work.ts'
export type { Hashed, MediaHash, MediaPort, StepFailure } from './content/ports.ts'
export {
  type CalibrationModel,
  calibrate,
  isotonic,
  platt,
  probabilityOf,
  type Reliability,
  type Reviewed,
  reliability,
} from './detectors/calibration.ts'
export { Detectors, type DetectorsOptions, type DetectorView } from './detectors/detectors.ts'
export type {
  DetectorAllowed,
  DetectorHttp,
  DetectorSettings,
  DetectorShape,
  Sample,
  TriageSignal,
} from './detectors/port.ts'
export { SHAPES } from './detectors/shapes.ts'
export * from './lexicon/index.ts'
export type { BankState } from './matching/bank-state.ts'
export { type Hit, Matcher, type Query } from './matching/matcher.ts'
export { ASK_LIMITS, type Asked, type AskLimits, AskWatch } from './matching/walks.ts'
export { type Sealer, sealerFrom, sealJson, unsealJson } from './store/seal.ts'
export { WorkLoop, type WorkLoopOptions } from './store/work-loop.ts'
