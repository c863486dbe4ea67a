import {
  CATEGORIES,
  type CategoryName,
  categoryOf,
  categorySchema,
  type Lane,
  REPORTER_CLASSES,
  type Router,
  type RoutingFacts,
} from '@firebreak/intake'
import { HOUR } from '@firebreak/kernel'
import { z } from 'zod'

/** One line of the routing table: the first whose conditions all hold decides; a condition left out holds always. */
export const routingRuleSchema = z.strictObject({
  queue: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  when: z
    .strictObject({
      categories: z.array(categorySchema).min(1).optional(),
      /** Language tags; `de` covers `de-AT`. */
      languages: z.array(z.string().max(16)).min(1).optional(),
      severityFrom: z.number().int().min(1).max(5).optional(),
      classes: z.array(z.enum(REPORTER_CLASSES)).min(1).optional(),
      sources: z.array(z.string().max(120)).min(1).optional(),
    })
    .default({}),
  /** Hours to a decision; null = none; left out = the category's own. */
  withinHours: z.number().min(1).max(8_760).nullable().optional(),
})
/** A checked line of the routing table. */
export type RoutingRule = z.infer<typeof routingRuleSchema>

/** Where reports go until a policy says otherwise. The lane (who may see it) is not a matter of routing: it follows from the category. */
export const DEFAULT_ROUTING: readonly RoutingRule[] = [
  { queue: 'danger', when: { categories: ['imminent-danger'] } },
  {
    queue: 'child-safety-priority',
    when: { categories: ['child-safety', 'child-contact'], classes: ['trusted-flagger', 'hotline', 'authority'] },
  },
  { queue: 'child-safety', when: { categories: ['child-safety', 'child-contact'] } },
  { queue: 'intimate-image', when: { categories: ['intimate-image'] } },
  { queue: 'priority', when: { classes: ['trusted-flagger', 'hotline', 'authority'] } },
  { queue: 'severe', when: { severityFrom: 4 } },
  { queue: 'general', when: {} },
]

/** Compiles a table into a router. Reports that no line takes go to a queue named after their lane, so that none is without a place. */
export function routerOf(rules: readonly RoutingRule[]): Router {
  return (facts) => {
    const rule = rules.find(({ when }) => holds(when, facts))
    const own = categoryOf(facts.category).within ?? null
    if (rule === undefined) return { queue: facts.lane, within: own }
    const { withinHours } = rule
    return {
      queue: rule.queue,
      within: withinHours === undefined ? own : withinHours === null ? null : withinHours * HOUR,
    }
  }
}

function holds(when: RoutingRule['when'], facts: RoutingFacts): boolean {
  return (
    (when.categories?.includes(facts.category) ?? true) &&
    (when.classes?.includes(facts.reporterClass) ?? true) &&
    (when.sources?.includes(facts.source) ?? true) &&
    facts.severity >= (when.severityFrom ?? 0) &&
    (when.languages?.some((tag) => speaks(facts.language, tag)) ?? true)
  )
}

function speaks(language: string | null, tag: string): boolean {
  if (language === null) return false
  const [given, wanted] = [language.toLowerCase(), tag.toLowerCase()]
  return given === wanted || given.startsWith(`${wanted}-`)
}

/** Which lanes a queue can hold, from the table. For showing empty queues. */
export function queuesOf(rules: readonly RoutingRule[]): { queue: string; lanes: readonly Lane[] }[] {
  const lanes = new Map<string, Set<Lane>>()
  for (const { queue, when } of rules) {
    const of = lanes.get(queue) ?? new Set<Lane>()
    for (const name of (when.categories ?? Object.keys(CATEGORIES)) as CategoryName[]) of.add(categoryOf(name).lane)
    lanes.set(queue, of)
  }
  return Array.from(lanes, ([queue, of]) => ({ queue, lanes: [...of] }))
}
