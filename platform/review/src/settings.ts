import { MINUTE } from '@firebreak/kernel'
import { z } from 'zod'
import { DEFAULT_ESCALATION } from './danger/pager.ts'
import { UNDO_WINDOW } from './decisions/decide.ts'
import { DEFAULT_RATES } from './quality/sampling.ts'
import { DEFAULT_BUDGETS } from './wellness/budget.ts'

const share = z.number().min(0).max(1)

/** What an operator sets about review; each part has a default. */
export const reviewSettingsSchema = z.strictObject({
  /** Exposure points a day (seconds × severity weight). */
  budgets: z
    .strictObject({ soft: z.number().min(60).max(100_000), hard: z.number().min(60).max(100_000) })
    .refine(({ soft, hard }) => soft <= hard, 'soft is not above hard')
    .default(DEFAULT_BUDGETS),
  /** Shares of decisions, of decisions not to act, and of golden items among jobs. */
  rates: z.strictObject({ decisions: share, nonDecisions: share, golden: share }).default(DEFAULT_RATES),
  undoMinutes: z
    .number()
    .min(0)
    .max(1_440)
    .default(UNDO_WINDOW / MINUTE),
  escalation: z
    .array(z.strictObject({ afterMinutes: z.number().min(0).max(1_440), to: z.string().min(1).max(100) }))
    .min(1)
    .max(20)
    .default([...DEFAULT_ESCALATION]),
})
/** Checked settings of review. */
export type ReviewSettings = z.infer<typeof reviewSettingsSchema>

/** What holds until somebody sets something. */
export const DEFAULT_REVIEW_SETTINGS: ReviewSettings = reviewSettingsSchema.parse({})
