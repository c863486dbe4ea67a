import { FirebreakError } from '@firebreak/kernel'
import { z } from 'zod'

const ids = z.array(z.string().min(1)).min(1)

const recommenderSchema = z.strictObject({
  /** `{viewer}`, `{history}` (comma-separated) and `{limit}` are filled in, percent-encoded. */
  url: z.string().regex(/^https?:\/\/[^\s]+$/, 'must be an http or https address'),
  method: z.enum(['GET', 'POST']).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Any JSON; a text that is just `{history}` becomes a list, just `{limit}` a number, others are filled in place. */
  body: z.json().optional(),
  /** Dotted path to the list in the answer; empty: the answer is the list. */
  items: z.string().default(''),
  /** Field of the id where list members are objects. */
  id: z.string().min(1).optional(),
  /** Field of the account behind an item; needed where content is recommended. */
  owner: z.string().min(1).optional(),
  timeoutMs: z.int().min(1).max(120_000).default(10_000),
})

const definitionSchema = z.strictObject({
  name: z.string().min(1).max(100).default('recommender'),
  surface: z.enum(['recommend_accounts', 'recommend_content']).default('recommend_accounts'),
  recommender: recommenderSchema,
  /** Asked in the same way when the guard leaves places empty: usually the platform's non-personal list. */
  fallback: recommenderSchema.optional(),
  contact: z.strictObject({ network: ids, benign: ids }),
  /** Accounts that count as network; without it, the accounts labelled now. */
  flagged: z.union([z.array(z.string().min(1)), z.literal('labels')]).default('labels'),
  top: z.int().min(1).max(200).default(20),
  refreshes: z.int().min(1).max(100).default(10),
  probes: z.int().min(2).max(10_000).default(30),
  /** For the gate: largest guarded network share and, if given, largest share of benign candidates withheld. */
  limit: z.number().min(0).max(1).default(0.001),
  benignLimit: z.number().min(0).max(1).optional(),
})

/** What an operator writes to have an own recommender probed. */
export type ProbeDefinition = z.infer<typeof definitionSchema>
/** How to ask an HTTP recommender and where its answer holds the list. */
export type HttpRecommenderDefinition = ProbeDefinition['recommender']

/** Checks a parsed JSON definition and fills in the defaults. Throws `probe/definition` naming the field at fault. */
export function parseProbeDefinition(json: unknown): ProbeDefinition {
  const parsed = definitionSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.map(String).join('.') || 'the definition'
  throw new FirebreakError('probe/definition', [`${where}: ${issue?.message ?? 'not valid'}`])
}

/** The same from text; text that is not JSON is `probe/definition` too. */
export function readProbeDefinition(text: string): ProbeDefinition {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new FirebreakError('probe/definition', [`not JSON: ${(error as Error).message}`], { cause: error })
  }
  return parseProbeDefinition(json)
}
