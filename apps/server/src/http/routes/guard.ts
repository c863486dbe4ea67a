import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const settings = z.strictObject({ on: z.boolean(), threshold: z.number().min(0).max(1) })

/** The guard's switch and threshold. */
export function guardRoutes(app: App): void {
  app.get(
    '/v1/guard',
    { config: { needs: 'read' }, schema: { summary: 'Switch and threshold', response: { 200: settings } } },
    (request) => {
      const { on, threshold } = signedIn(request).instance.guard.snapshot.compiled.policy
      return { on, threshold }
    },
  )

  app.put(
    '/v1/guard',
    {
      config: { needs: 'guard:write' },
      schema: { summary: 'Switch the guard, move its threshold', body: settings, response: { 200: settings } },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const policy = await instance.guardSettings.write(request.body, caller.principal)
      instance.guard.setPolicy(policy)
      await instance.guard.refresh()
      return { on: policy.on, threshold: policy.threshold }
    },
  )
}
