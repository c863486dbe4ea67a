import { randomBytes } from 'node:crypto'
import { actionInWords, DEFAULT_STRIKE_POLICY, standingOf, strikeStanding, strikesOf } from '@firebreak/enforcement'
import { lookUp } from '@firebreak/review'
import { z } from 'zod'
import { reviewerOf } from '../../access/reviewer.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(256) })
const query = z.object({ purpose: z.string().trim().max(300).default('') })

/** How an account stands: sanctions in force, strikes, what they suggest. Counted as a look-up; without a job in hand it needs a purpose. */
export function standingRoutes(app: App): void {
  app.get(
    '/v1/accounts/:id/standing',
    {
      config: { needs: 'review' },
      schema: { summary: 'Sanctions and strikes of an account (a counted look-up)', params, querystring: query },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { id } = request.params
      const now = instance.clock()
      const lookup = randomBytes(9).toString('base64url')
      const file = await lookUp(
        instance.ledger,
        reviewerOf(caller),
        { type: 'account', id },
        request.query.purpose,
        lookup,
      )
      const standing = await standingOf(instance.ledger, [id], now)
      const strikes = strikeStanding(await strikesOf(instance.ledger, id), DEFAULT_STRIKE_POLICY, now)
      return {
        ...file,
        sanctions: standing.map(({ action, since, until }) => ({
          action,
          words: actionInWords(action),
          since: new Date(since).toISOString(),
          until: until === null ? null : new Date(until).toISOString(),
        })),
        strikes: {
          total: strikes.total,
          nextEndsAt: strikes.nextEndsAt === null ? null : new Date(strikes.nextEndsAt).toISOString(),
          suggest: strikes.suggest,
        },
      }
    },
  )
}
