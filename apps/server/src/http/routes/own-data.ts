import { FirebreakError } from '@firebreak/kernel'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

/** From the demo to the visitor's own, separate store. */
export function ownDataRoutes(app: App): void {
  app.post(
    '/v1/own-data',
    { config: { needs: 'own-data' }, schema: { summary: 'Open your own store; answers with a one-time link into it' } },
    async (request) => {
      const { own } = signedIn(request).instance
      if (!own) throw new FirebreakError('http/not-found', ['second store beside this one'])
      return { signIn: await own() }
    },
  )
}
