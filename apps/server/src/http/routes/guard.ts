import { FirebreakError } from '@firebreak/kernel'
import { SURFACES } from '@firebreak/policy'
import { z } from 'zod'
import type { Instance } from '../../instance/instance.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const settings = z.strictObject({
  on: z.boolean(),
  threshold: z.number().min(0).max(1),
  strict: z.boolean().optional(),
  outreachMinors: z.number().int().min(1).optional(),
  failModes: z.partialRecord(z.enum(SURFACES), z.enum(['closed', 'open'])).optional(),
})

const params = z.object({ id: z.coerce.number().int() })

/** The guard's switch and threshold, and who used it as an oracle. */
export function guardRoutes(app: App): void {
  app.get(
    '/v1/guard',
    { config: { needs: 'read' }, schema: { summary: 'Switch and threshold', response: { 200: settings } } },
    (request) => {
      return settingsOf(signedIn(request).instance)
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
      return settingsOf(instance)
    },
  )

  app.get(
    '/v1/guard/alarms',
    {
      config: { needs: 'audit' },
      schema: { summary: 'Callers that walked: many questions differing in one small thing' },
    },
    async (request) => ({ alarms: await signedIn(request).instance.walkAlarms.list() }),
  )

  app.post(
    '/v1/guard/alarms/:id/seen',
    { config: { needs: 'guard:write' }, schema: { summary: 'Take note of an alarm', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const seen = await instance.walkAlarms.seen(request.params.id, caller.principal)
      if (!seen) throw new FirebreakError('http/not-found', ['alarm waiting with that id'])
      return reply.code(204).send()
    },
  )

  app.get(
    '/v1/guard/mostly-withheld',
    {
      config: { needs: 'reveal' },
      schema: {
        summary: 'Unlabelled accounts that most of their viewers do not get to see: mistakes of the guard, probably',
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const accounts = instance.guard.mostlyWithheld()
      await instance.ledger.record('reveal', { accounts: accounts.length, how: 'mostly withheld' }, caller.principal)
      return { accounts }
    },
  )
}

function settingsOf({ guard, guardSettings }: Instance): z.infer<typeof settings> {
  const { on, threshold, strict, outreachMinors } = guard.snapshot.compiled.policy
  return { on, threshold, strict, outreachMinors, failModes: guardSettings.failModes() }
}
