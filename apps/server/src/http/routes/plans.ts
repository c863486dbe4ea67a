import { approvalsNeeded, openedOf, type Plan, type PlanMember } from '@firebreak/enforcement'
import { FirebreakError } from '@firebreak/kernel'
import { type Pseudonyms, pseudonymsFrom } from '@firebreak/networks'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { mayReveal } from '../../access/reveal-limit.ts'
import { planView, receiptView } from '../../enforcement/plan-view.ts'
import type { Instance } from '../../instance/instance.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const id = z.string().min(1).max(100)
const account = z.string().min(1).max(256)
const params = z.object({ id })
const thing = z.enum(['content', 'url', 'media', 'stream', 'thread', 'group', 'hashtag']).default('content')
const days = z.int().min(1).max(3_650)
const limit = z.strictObject({ kind: z.literal('limit-visibility'), days })
const sanction = z.discriminatedUnion('kind', [
  limit,
  z.strictObject({ kind: z.literal('notice'), text: z.string().min(1).max(2_000) }),
  z.strictObject({ kind: z.literal('restrict'), surfaces: z.array(z.string().min(1).max(40)).min(1).max(20), days }),
  z.strictObject({ kind: z.literal('suspend'), days }),
  z.strictObject({ kind: z.literal('disable') }),
  z.strictObject({ kind: z.literal('remove-content'), content: z.string().min(1).max(2_048), type: thing }),
  z.strictObject({
    kind: z.literal('restrict-content'),
    content: z.string().min(1).max(2_048),
    type: thing,
    surfaces: z.array(z.string().min(1).max(40)).min(1).max(20),
    days,
  }),
])
const newPlan = z.strictObject({
  sanctions: z.tuple([sanction], sanction),
  otherwise: limit.optional(),
  includeProtected: z.array(account).max(100).optional(),
  accounts: z.array(account).min(1).max(1_000).optional(),
  schedule: z
    .strictObject({
      mode: z.enum(['at-once', 'window']).default('at-once'),
      from: z.iso.datetime({ offset: true }).optional(),
      to: z.iso.datetime({ offset: true }).optional(),
      perMinute: z.int().min(1).max(60_000).default(600),
    })
    .refine(({ mode, from, to }) => mode === 'at-once' || (from !== undefined && to !== undefined && from < to), {
      message: 'a window has a from before its to',
    })
    .optional(),
})
const evidence = z.strictObject({
  account,
  place: z.int().min(0).max(1_000),
  finding: z.enum(['supports', 'does-not-support']).optional(),
})
const undoing = z.strictObject({ accounts: z.array(account).min(1).max(1_000).optional() }).default({})
const revealQuery = z.object({ reveal: z.enum(['0', '1']).optional() })

/** Plans: read first, then opened piece by piece, rehearsed, approved by others, carried out with receipts, undone. */
export function planRoutes(app: App): void {
  app.post(
    '/v1/cases/:id/plans',
    { config: { needs: 'plans:write' }, schema: { summary: 'Draft a plan; nobody is touched', params, body: newPlan } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { schedule, ...rest } = request.body
      const given = { ...rest, ...(schedule ? { schedule: withoutUndefined(schedule) } : {}) }
      const plan = await instance.enforcement.desk.draft(request.params.id, given, caller.principal)
      return reply.code(201).send(await view(request, plan, false))
    },
  )

  app.get(
    '/v1/plans/:id',
    {
      config: { needs: 'read' },
      schema: { summary: 'One plan, and what stands in its way', params, querystring: revealQuery },
    },
    async (request) => {
      const plan = await signedIn(request).instance.enforcement.desk.plan(request.params.id)
      return view(request, plan, request.query.reveal === '1')
    },
  )

  app.post(
    '/v1/plans/:id/evidence',
    {
      config: { needs: 'plans:write' },
      schema: {
        summary: 'Open one piece of evidence (logged); with a finding: say what it shows',
        params,
        body: evidence,
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { desk } = instance.enforcement
      const plan = await desk.plan(request.params.id)
      const member = memberCalled(instance, plan, request.body.account)
      const piece = member.grounds === 'conduct' ? member.conduct[request.body.place] : undefined
      if (!piece) throw new FirebreakError('http/not-found', ['such evidence in this plan'])
      const { finding } = request.body
      if (finding) await desk.open(plan.id, member.account, piece.id, finding, caller.principal)
      else await instance.ledger.record('evidence.looked', { plan: plan.id, evidence: piece.id }, caller.principal)
      return { kind: piece.kind, at: piece.at, sentence: piece.sentence, ref: piece.ref, finding: finding ?? null }
    },
  )

  for (const [verb, needs, summary] of [
    ['rehearse', 'plans:write', 'Go through every step with a hand that touches nothing'],
    ['approve', 'plans:approve', 'Approve as somebody who did not write it'],
    ['execute', 'plans:write', 'Carry it out on its schedule'],
    ['cancel', 'plans:write', 'Give it up before anything was done'],
  ] as const)
    app.post(`/v1/plans/:id/${verb}`, { config: { needs }, schema: { summary, params } }, async (request, reply) => {
      const { instance, caller } = signedIn(request)
      if (verb === 'execute' && instance.enforcement.carrier === null)
        throw new FirebreakError('plan/obstacles', ['no platform address is set (FIREBREAK_ACTIONS_URL)'])
      const plan = await instance.enforcement.desk[verb](request.params.id, caller.principal)
      return reply.code(verb === 'execute' ? 202 : 200).send(await view(request, plan, false))
    })

  app.post(
    '/v1/plans/:id/undo',
    {
      config: { needs: 'plans:write' },
      schema: { summary: 'Take it back, whole or for some accounts', params, body: undoing },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { desk } = instance.enforcement
      const plan = await desk.plan(request.params.id)
      const accounts = request.body.accounts?.map((one) => memberCalled(instance, plan, one).account)
      const done = await desk.undo(plan.id, caller.principal, accounts ? new Set(accounts) : undefined)
      const name = pseudonyms(instance, false)
      return reply.code(202).send({
        reversed: done.reverse.length,
        cancelled: done.cancel.length,
        left: done.left.map(({ step, why }) => ({ account: name ? name(step.account) : step.account, why })),
      })
    },
  )

  app.get(
    '/v1/plans/:id/receipts',
    { config: { needs: 'read' }, schema: { summary: 'What became of every step', params } },
    async (request) => {
      const { instance } = signedIn(request)
      const receipts = await instance.enforcement.desk.receipts(request.params.id)
      return { receipts: receipts.map((receipt) => receiptView(receipt, pseudonyms(instance, false))) }
    },
  )

  app.post(
    '/v1/plans/:id/replay',
    { config: { needs: 'plans:write' }, schema: { summary: 'Try every dead-lettered step again', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      return reply
        .code(202)
        .send({ replayed: await instance.enforcement.desk.replayDead(request.params.id, caller.principal) })
    },
  )
}

function withoutUndefined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never
}

function pseudonyms(instance: Instance, reveal: boolean): Pseudonyms | null {
  return reveal || instance.demo ? null : pseudonymsFrom(instance.secrets.pseudonyms)
}

function memberCalled(instance: Instance, plan: Plan, called: string): PlanMember {
  const name = pseudonymsFrom(instance.secrets.pseudonyms)
  const member = plan.members.find((one) => one.account === called || name(one.account) === called)
  if (!member) throw new FirebreakError('http/not-found', ['member of this plan with that id'])
  return member
}

async function view(request: FastifyRequest, plan: Plan, reveal: boolean) {
  const { instance, caller } = signedIn(request)
  if (reveal && !instance.demo) {
    mayReveal(plan.members.length)
    if (!caller.permissions.has('reveal')) throw new FirebreakError('access/denied', ['reveal'])
    await instance.ledger.record('reveal', { plan: plan.id, accounts: plan.members.length }, caller.principal)
  }
  const { desk } = instance.enforcement
  const open = !['executing', 'done', 'cancelled', 'undone'].includes(plan.state)
  return {
    ...planView(plan, await openedOf(instance.ledger, plan.id), pseudonyms(instance, reveal)),
    approvalsNeeded: approvalsNeeded(plan),
    obstacles: open
      ? (await desk.obstacles(plan, plan.state === 'approved' ? 'execution' : 'approval')).map((one) =>
          'accounts' in one ? { code: one.code, accounts: one.accounts.length } : one,
        )
      : [],
  }
}
