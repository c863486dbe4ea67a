import { z } from 'zod'

/**
 * What a decision asks for, as data. Enforcement carries it out once the decision takes effect; review itself changes nothing outside.
 * `account`: the author rather than the reported thing.
 */
const target = z.enum(['subject', 'account']).default('subject')
const surface = z.string().regex(/^[a-z_]{1,32}$/)
/** Labels that say what a bank, a map or a removal found: no decision can write them. */
const RESERVED_LABELS: ReadonlySet<string> = new Set([
  'known-media',
  'known-media-look',
  'triage-look',
  'listed-text',
  'network-member',
  'network-adjacent',
  'returner',
])
const list = z.string().max(64)
const days = z.number().int().min(1).max(3_650)

/** One action of a decision. */
export const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('notice'), target }),
  z.strictObject({ kind: z.literal('remove-content') }),
  z.strictObject({ kind: z.literal('restrict'), target, surface, days: days.optional() }),
  z.strictObject({ kind: z.literal('age-restrict') }),
  z.strictObject({ kind: z.literal('suspend'), days }),
  z.strictObject({ kind: z.literal('disable') }),
  z.strictObject({
    kind: z.literal('label'),
    target,
    value: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/)
      .refine((value) => !RESERVED_LABELS.has(value), 'is written by Firebreak itself alone'),
    /** A label ends after 30 days without new evidence. */
    days: z.number().int().min(1).max(30).default(30),
  }),
  // `text`: what is to be listed; without it the reported hashtag or link itself. A second person looks at it before it is in force.
  z.strictObject({ kind: z.literal('block-term'), list, text: z.string().trim().min(1).max(200).optional() }),
  z.strictObject({ kind: z.literal('block-url'), list, text: z.string().trim().min(1).max(2_000).optional() }),
  z.strictObject({ kind: z.literal('report-to-authority'), urgent: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal('refer-to-case'), caseId: z.string().max(100).optional() }),
])
/** A checked action. */
export type Action = z.infer<typeof actionSchema>

/** How a job can end. */
export const OUTCOMES = ['violation', 'no-violation', 'not-enough', 'out-of-scope'] as const
/** One of `OUTCOMES`. */
export type Outcome = (typeof OUTCOMES)[number]

/** Noted for the people who do it: nothing here carries it out. */
function isOnlyNoted(action: Action): boolean {
  if (action.kind === 'block-term' || action.kind === 'block-url') return action.text === undefined
  return action.kind === 'report-to-authority' || action.kind === 'refer-to-case'
}

/** What restricts somebody, and so owes a statement of reasons (DSA art. 17). */
export const RESTRICTIONS: ReadonlySet<Action['kind']> = new Set([
  'remove-content',
  'restrict',
  'age-restrict',
  'suspend',
  'disable',
])

/** A decision as a moderator sends it. */
export const decisionSchema = z.strictObject({
  outcome: z.enum(OUTCOMES),
  /** The rule it rests on, as the operator's policy names it. */
  policy: z.string().min(1).max(200),
  ground: z.enum(['legal', 'terms']).default('terms'),
  actions: z.array(actionSchema).max(10).default([]),
  /** The facts in words that the affected person may read. Never who reported. */
  facts: z.string().max(5_000).default(''),
  /** For colleagues only. */
  note: z.string().max(5_000).optional(),
})
/** A checked decision. */
export type DecisionInput = z.infer<typeof decisionSchema>

/** Why a decision cannot stand as it is, or null. */
export function decisionProblem({ outcome, actions, facts, ground, policy }: DecisionInput): string | null {
  if (outcome !== 'violation' && actions.some(({ kind }) => kind !== 'refer-to-case'))
    return `"${outcome}" carries no actions`
  if (outcome === 'violation' && actions.length === 0) return 'a violation has at least one action (a notice is one)'
  if (outcome === 'violation' && actions.every(isOnlyNoted))
    return `${actions.map(({ kind }) => kind).join(', ')} is only noted here and carried out by hand; add what is to be done (a notice is enough)`
  const restricts = actions.some(({ kind }) => RESTRICTIONS.has(kind))
  if (restricts && facts.trim().length < 10) return 'a restriction states the facts it rests on'
  if (ground === 'legal' && policy.trim().length < 3) return 'a legal ground names the law'
  const kinds = new Set(actions.map(({ kind }) => kind))
  if (kinds.has('suspend') && kinds.has('disable')) return 'an account is suspended or disabled, not both'
  return null
}
