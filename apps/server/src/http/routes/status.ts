import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'
import type { RouteContext } from './index.ts'

const stage = z.object({
  stage: z.string(),
  text: z.string(),
  done: z.number(),
  total: z.number(),
  finished: z.boolean(),
})

const me = z.object({
  user: z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) }),
  permissions: z.array(z.string()),
  instance: z.object({
    demo: z.boolean(),
    own: z.string().nullable(),
    store: z.object({ kind: z.string(), durable: z.string() }),
    version: z.string(),
  }),
})

const status = z.object({
  stages: z.array(stage),
  guard: z.object({
    on: z.boolean(),
    threshold: z.number(),
    labels: z.number(),
    contacted: z.number(),
    snapshotAgeMs: z.number().nullable(),
    stale: z.boolean(),
    policyVersion: z.string(),
    failMode: z.string(),
    failModes: z.record(z.string(), z.string()),
  }),
  counts: z.object({ accounts: z.number(), edges: z.number(), events: z.number(), labels: z.number() }),
  networks: z.number(),
  reports: z.object({ booksAlarmSince: z.string().nullable(), problems: z.array(z.string()) }),
})

const FAIL_MODE = 'Recommendations fail closed, links fail open and marked.'

/** Who am I, how far is the work, how is the guard. */
export function statusRoutes(app: App, { version }: RouteContext): void {
  app.get(
    '/v1/me',
    { config: { needs: 'signed-in' }, schema: { summary: 'Who is asking, and of which store', response: { 200: me } } },
    (request) => {
      const { instance, caller } = signedIn(request)
      return {
        user: { id: caller.principal.id, name: caller.name, roles: [...caller.roles] },
        permissions: [...caller.permissions],
        instance: {
          demo: instance.demo,
          own: instance.own ? '/own/' : null,
          store: { kind: instance.ledger.kind, durable: instance.ledger.durability },
          version,
        },
      }
    },
  )

  app.get(
    '/v1/status',
    { config: { needs: 'read' }, schema: { summary: 'Stages, guard and counts', response: { 200: status } } },
    async (request) => {
      const { instance } = signedIn(request)
      const guard = instance.guard.status()
      const [counts, networks, alarm] = await Promise.all([
        instance.ledger.counts(),
        instance.networks.list(),
        instance.reports.alarm(),
      ])
      const { threshold } = instance.guard.snapshot.compiled.policy
      return {
        stages: instance.progress.stages(),
        guard: { ...guard, threshold, failMode: FAIL_MODE },
        counts,
        networks: networks.length,
        reports: { booksAlarmSince: alarm.since, problems: [...alarm.problems] },
      }
    },
  )

  app.get(
    '/v1/progress',
    { config: { needs: 'read' }, schema: { summary: 'Stages as they advance (server-sent events: progress)' } },
    (request, reply) => {
      const { instance } = signedIn(request)
      reply.hijack()
      const { raw } = reply
      raw.writeHead(200, {
        ...plain(reply.getHeaders()),
        'content-type': 'text/event-stream',
        'x-accel-buffering': 'no',
      })
      const send = (event: unknown) => raw.write(`event: progress\ndata: ${JSON.stringify(event)}\n\n`)
      const stop = instance.progress.listen(send)
      const pulse = setInterval(() => raw.write(': alive\n\n'), 15_000)
      raw.on('close', () => {
        stop()
        clearInterval(pulse)
      })
      raw.write(': here\n\n')
      for (const one of instance.progress.stages()) send(one)
    },
  )
}

function plain(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
