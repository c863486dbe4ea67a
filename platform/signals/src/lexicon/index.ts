export { type BlastRadius, eventsSince, type SampledHit } from './blast-radius.ts'
export { CompiledList, type Findings, type Hit } from './compiled-list.ts'
export { type DiscoveredVariant, discoverVariants } from './discovery.ts'
export { type AddedEntry, Entries } from './entries.ts'
export {
  type CheckedEntry,
  ENTRY_ACTIONS,
  ENTRY_KINDS,
  ENTRY_STATES,
  type EntryView,
  entrySchema,
  masked,
  type NewEntry as NewLexiconEntry,
  optionsSchema,
} from './entry.ts'
export { PLAIN_STEPS, type PlainStep, type SteppedEntry } from './entry-steps.ts'
export { IMPORT_FORMATS, type ImportedEntries, type ImportFormat, importEntries } from './import-entries.ts'
export type { InboxItem, InboxState } from './inbox.ts'
export { INTERSTITIAL_KINDS, type InterstitialKind } from './interstitial-texts.ts'
export { type Interstitial, type InterstitialSettings, Interstitials } from './interstitials.ts'
export { Lexicon, type LexiconOptions } from './lexicon.ts'
export { type LintProblem, type LintReport, lintEntry } from './lint.ts'
export { LISTED_TEXT, ListedTexts, type ListedTextsOptions } from './listed-texts.ts'
export { InterstitialOutcomes, OUTCOMES, type Outcome, type VariantOutcome } from './outcomes.ts'
export { PROTECTED_TERMS, ProtectedTerms } from './protected-terms.ts'
export { type LexiconSettingsValue, lexiconSettingsSchema } from './settings.ts'
export type { TextContext } from './text-judge.ts'
