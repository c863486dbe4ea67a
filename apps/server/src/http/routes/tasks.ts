import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const counts = z.object({
  name: z.string(),
  waiting: z.number(),
  active: z.number(),
  retrying: z.number(),
  completed: z.number(),
  deadLettered: z.number(),
})
const dead = z.object({
  id: z.string(),
  name: z.string(),
  data: z.record(z.string(), z.unknown()),
  failedAt: z.string(),
  error: z.string(),
})
const chosen = z.strictObject({
  name: z.string().min(1).max(100).optional(),
  ids: z.array(z.uuid()).max(1_000).optional(),
})

/** Background tasks: how many are where, which failed for good, and those tried again. */
export function taskRoutes(app: App): void {
  app.get(
    '/v1/tasks',
    {
      config: { needs: 'audit' },
      schema: {
        summary: 'Background tasks by state, and those that failed for good',
        response: { 200: z.object({ tasks: z.array(counts), dead: z.array(dead) }) },
      },
    },
    async (request) => {
      const { tasks } = signedIn(request).instance.ledger
      const [all, failed] = await Promise.all([tasks.counts(), tasks.dead()])
      return { tasks: all, dead: failed.map((task) => ({ ...task, data: { ...task.data } })) }
    },
  )

  app.post(
    '/v1/tasks/replay',
    {
      config: { needs: 'guard:write' },
      schema: {
        summary: 'Try tasks again that failed for good: all, those of a name, or some',
        body: chosen,
        response: { 200: z.object({ replayed: z.number() }) },
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { name, ids } = request.body
      const replayed = await instance.ledger.tasks.replay({
        ...(name === undefined ? {} : { name }),
        ...(ids === undefined ? {} : { ids }),
      })
      await instance.ledger.record('tasks.replayed', { name: name ?? null, replayed }, caller.principal)
      return { replayed }
    },
  )
}
