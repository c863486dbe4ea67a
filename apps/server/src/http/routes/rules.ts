import { backtest, checked, regressions, type StoredRule } from '@firebreak/guard'
import { FirebreakError } from '@firebreak/kernel'
import {
  ACTIONS,
  compileRule,
  FACTS,
  FUNCTIONS,
  isProblem,
  PUBLIC_REASONS,
  RULE_STATES,
  type RuleSource,
  WINDOWS,
} from '@firebreak/policy'
import { z } from 'zod'
import type { Instance } from '../../instance/instance.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(64) })
const note = z.string().max(500).optional()
const body = z.strictObject({
  says: z.string().min(10).max(500),
  when: z.string().min(1).max(8_000),
  action: z.enum(ACTIONS).exclude(['allow']),
  reason: z.enum(PUBLIC_REASONS).exclude(['none', 'unchecked']),
  factor: z.number().min(0).max(1).optional(),
  interstitial: z.enum(['stop', 'warn', 'resources', 'listed']).optional(),
  statement: z.boolean().optional(),
  owner: z.string().min(1).max(120),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  note,
  force: z.boolean().optional(),
})
const stateChange = z.strictObject({ state: z.enum(RULE_STATES), note, force: z.boolean().optional() })
const period = z.strictObject({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
})
const HOUR = 3_600_000

/** The rules: read, checked, tried on the past, published, taken back. */
export function rulesRoutes(app: App): void {
  app.get(
    '/v1/rules',
    { config: { needs: 'read' }, schema: { summary: 'Every rule, with its state and counts' } },
    async (request) => {
      const { instance } = signedIn(request)
      const counts = await countsOf(instance)
      const tallies = new Map(instance.guard.snapshot.compiled.tallies().map(({ rule, tally }) => [rule.id, tally]))
      const rules = instance.rules.list().map((rule) => ({
        ...rule,
        counts: counts.get(rule.id) ?? null,
        lastError: tallies.get(rule.id)?.lastError ?? null,
        lastUnknown: tallies.get(rule.id)?.lastUnknown ?? [],
      }))
      return { policyVersion: instance.guard.snapshot.policyVersion, rules }
    },
  )

  app.get(
    '/v1/rules/language',
    { config: { needs: 'read' }, schema: { summary: 'Facts and functions that rules may use' } },
    () => ({
      facts: Object.entries(FACTS).map(([name, { says, scope, type }]) => ({ name, says, scope, type: nameOf(type) })),
      functions: Object.entries(FUNCTIONS).map(([name, { overloads }]) => ({
        name,
        forms: overloads.map(({ params, result }) => `${name}(${params.map(nameOf).join(', ')}) -> ${nameOf(result)}`),
      })),
      windows: Object.keys(WINDOWS),
    }),
  )

  app.post(
    '/v1/rules/check',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Whether an expression is sound, with its worst-case steps',
        body: z.strictObject({ when: z.string().max(8_000) }),
      },
    },
    (request) => {
      const rule = compileRule({ ...PLAIN, when: request.body.when })
      return isProblem(rule)
        ? { ok: false, problem: rule }
        : { ok: true, steps: Math.ceil(rule.steps), reads: [...rule.reads] }
    },
  )

  app.get(
    '/v1/rules/:id',
    { config: { needs: 'read' }, schema: { summary: 'A rule and its versions', params } },
    async (request) => {
      const { rules } = signedIn(request).instance
      return { rule: rules.get(request.params.id), versions: await rules.versions(request.params.id) }
    },
  )

  app.put(
    '/v1/rules/:id',
    { config: { needs: 'guard:write' }, schema: { summary: 'Write a rule (DRAFT) or its next version', params, body } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { note, force, ...rest } = request.body
      const source = withoutGaps({ ...rest, id: request.params.id })
      const known = instance.rules.list().find(({ id }) => id === source.id)
      if (known) refuseRegression(instance, { ...source, state: known.state }, force, note)
      else checked({ ...source, state: 'DRAFT' })
      const rule = await instance.rules.write(source, caller.principal, note)
      await instance.guard.refresh()
      return reply.code(known ? 200 : 201).send(rule)
    },
  )

  app.post(
    '/v1/rules/:id/state',
    {
      config: { needs: 'guard:write' },
      schema: { summary: 'DRAFT, BACKGROUND (shadow), LIVE or EXPIRED', params, body: stateChange },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { state, note, force } = request.body
      refuseRegression(instance, { ...sourceOf(instance.rules.get(request.params.id)), state }, force, note)
      const rule = await instance.rules.setState(request.params.id, state, caller.principal, note)
      await instance.guard.refresh()
      return rule
    },
  )

  app.get(
    '/v1/rules/:id/diff',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'What changed between two versions',
        params,
        querystring: z.object({ from: z.coerce.number().int(), to: z.coerce.number().int() }),
      },
    },
    async (request) => ({
      changes: await signedIn(request).instance.rules.diff(request.params.id, request.query.from, request.query.to),
    }),
  )

  app.post(
    '/v1/rules/:id/rollback',
    {
      config: { needs: 'guard:write' },
      schema: {
        summary: 'Make an old version the newest',
        params,
        body: z.strictObject({ version: z.number().int().min(0), force: z.boolean().optional(), note }),
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { version, force, note } = request.body
      const old = (await instance.rules.versions(request.params.id)).find((one) => one.version === version)
      if (old) refuseRegression(instance, sourceOf(old), force, note)
      const rule = await instance.rules.rollback(request.params.id, version, caller.principal)
      await instance.guard.refresh()
      return rule
    },
  )

  app.post(
    '/v1/rules/:id/backtest',
    {
      config: { needs: 'guard:write' },
      schema: {
        summary: 'What the rule, or a wording given here, would have done to sampled questions of the past',
        params,
        body: period.extend({ when: z.string().max(8_000).optional() }),
      },
    },
    async (request) => {
      const { instance } = signedIn(request)
      const { when, from, to } = request.body
      const known = instance.rules.list().find(({ id }) => id === request.params.id)
      if (!known && when === undefined) throw new FirebreakError('http/not-found', [`rule ${request.params.id}`])
      const source = known ? sourceOf(known) : { ...PLAIN, id: request.params.id }
      const rule = checked({ ...source, ...(when === undefined ? {} : { when }) })
      return backtest(instance.ledger.db, rule, instance.guard.snapshot.compiled.policy, {
        ...(from === undefined ? {} : { from: new Date(from) }),
        ...(to === undefined ? {} : { to: new Date(to) }),
      })
    },
  )
}

const PLAIN: RuleSource = {
  id: 'checked',
  says: 'An expression on trial.',
  when: 'true',
  action: 'drop',
  reason: 'not-eligible',
  owner: 'nobody',
  state: 'DRAFT',
}

type Optional<T> = { [K in keyof T]: T[K] | undefined }

function withoutGaps(source: Optional<Omit<RuleSource, 'state'>>): Omit<RuleSource, 'state'> {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined)) as unknown as Omit<
    RuleSource,
    'state'
  >
}

function sourceOf({ version: _v, note: _n, at: _at, by: _by, ...source }: StoredRule): RuleSource {
  return source
}

/** Past cases are the suite that every change of a rule passes, or whoever makes it says so in words. */
function refuseRegression(instance: Instance, changed: RuleSource, force = false, note = ''): void {
  checked(changed)
  const { labels, compiled } = instance.guard.snapshot
  const at = instance.clock()
  const { policy } = compiled
  const next = instance.rules.ruleSetWith(changed, policy, at)
  const worse = regressions(labels.subjects(at), at, { rules: compiled, policy }, { rules: next, policy })
  if (worse.length === 0 || (force && note.trim() !== '')) return
  const first = worse[0]!
  throw new FirebreakError('rule/regression', [
    `${worse.length} past cases would be held back less (${first.caseId}: ${first.before} to ${first.after} of its ${first.members} subjects on five surfaces)`,
  ])
}

interface RuleCounts {
  readonly day: { readonly judged: number; readonly hits: number; readonly unknowns: number; readonly errors: number }
  readonly month: RuleCounts['day']
  readonly nanosEach: number | null
}

async function countsOf(instance: Instance): Promise<Map<string, RuleCounts>> {
  const hour = Math.floor(instance.clock() / HOUR)
  const rows = await instance.ledger.db
    .selectFrom('rule_count')
    .selectAll()
    .where('hour', '>', hour - 720)
    .execute()
  const found = new Map<string, RuleCounts>()
  for (const [rule, mine] of Map.groupBy(rows, (row) => row.rule)) {
    const sum = (from: number) => {
      const some = mine.filter((row) => row.hour > hour - from)
      const all = (field: 'judged' | 'hits' | 'unknowns' | 'errors') =>
        some.reduce((sum, row) => sum + Number(row[field]), 0)
      return { judged: all('judged'), hits: all('hits'), unknowns: all('unknowns'), errors: all('errors') }
    }
    const timed = mine.reduce((all, row) => all + Number(row.timed), 0)
    const nanos = mine.reduce((all, row) => all + Number(row.nanos), 0)
    found.set(rule, { day: sum(24), month: sum(720), nanosEach: timed === 0 ? null : Math.round(nanos / timed) })
  }
  return found
}

function nameOf(type: { kind: string; name?: string; of?: { kind: string; name?: string } }): string {
  if (type.kind === 'list' && type.of) return `list(${nameOf(type.of)})`
  return type.name ?? type.kind
}
