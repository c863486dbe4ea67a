import { HOUR } from '@firebreak/kernel'

/** Who may work on a job: the lane decides before any queue does. */
export const LANES = ['general', 'child-safety', 'danger'] as const
/** One of `LANES`. */
export type Lane = (typeof LANES)[number]

/** What the default policy says of a category. */
export interface Category {
  /** 1 nuisance … 5 a person may be in danger now. */
  readonly severity: 1 | 2 | 3 | 4 | 5
  readonly lane: Lane
  /** Time to a decision that law or the operator's policy sets; counted from receipt, less pauses. */
  readonly within?: number
}

/**
 * What a report can be about, with the severity and clock of the default policy. `intimate-image`: 48 h from a valid request
 * (US TAKE IT DOWN Act, UK since June 2026).
 */
export const CATEGORIES = {
  'imminent-danger': { severity: 5, lane: 'danger', within: HOUR },
  'child-safety': { severity: 5, lane: 'child-safety', within: 24 * HOUR },
  'child-contact': { severity: 5, lane: 'child-safety', within: 24 * HOUR },
  'intimate-image': { severity: 4, lane: 'general', within: 48 * HOUR },
  'self-harm': { severity: 4, lane: 'general', within: 24 * HOUR },
  violence: { severity: 4, lane: 'general', within: 48 * HOUR },
  'illegal-content': { severity: 3, lane: 'general', within: 168 * HOUR },
  harassment: { severity: 3, lane: 'general' },
  fraud: { severity: 3, lane: 'general' },
  'ban-evasion': { severity: 3, lane: 'general' },
  impersonation: { severity: 2, lane: 'general' },
  privacy: { severity: 2, lane: 'general' },
  spam: { severity: 1, lane: 'general' },
  other: { severity: 1, lane: 'general' },
} as const satisfies Readonly<Record<string, Category>>

/** A name in `CATEGORIES`. */
export type CategoryName = keyof typeof CATEGORIES
/** All names, gravest first. */
export const CATEGORY_NAMES = Object.keys(CATEGORIES) as readonly CategoryName[]

/** The category of a name. */
export function categoryOf(name: CategoryName): Category {
  return CATEGORIES[name]
}
