import { FirebreakError } from '@firebreak/kernel'
import {
  INTERSTITIAL_KINDS,
  type Interstitial,
  type InterstitialKind,
  type Interstitials,
  OUTCOMES,
} from '@firebreak/signals'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'
import { interstitialPage } from '../interstitial-page.ts'

const kind = z.enum(INTERSTITIAL_KINDS)
const name = z.string().regex(/^[a-z0-9-]{1,32}$/)
const locale = z.string().regex(/^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$/)

const asked = z.object({ variant: name.optional(), locale: locale.default('en') })

/** The screens between a person and what they asked for: their words, and what came of them. No query ever reaches these. */
export function interstitialRoutes(app: App): void {
  app.get(
    '/v1/interstitials/:kind',
    {
      config: { needs: 'verdicts' },
      schema: {
        summary: 'The words of a screen in the nearest language; without a variant the first in the draw',
        params: z.object({ kind }),
        querystring: asked,
      },
    },
    (request) => {
      const { interstitials } = signedIn(request).instance.lexicon
      return screen(interstitials, request.params.kind, request.query)
    },
  )
  app.get(
    '/v1/interstitials/:kind/page',
    {
      config: { needs: 'verdicts' },
      schema: {
        summary: 'The same as a page without script, to look at and to copy',
        params: z.object({ kind }),
        querystring: asked,
      },
    },
    (request, reply) => {
      const { interstitials } = signedIn(request).instance.lexicon
      reply.type('text/html; charset=utf-8')
      return reply.send(interstitialPage(screen(interstitials, request.params.kind, request.query)))
    },
  )
  app.post(
    '/v1/interstitials/outcomes',
    {
      config: { needs: 'verdicts' },
      schema: {
        summary: 'Counts what came of a screen: shown, help, requery, back, continued; no person, no query',
        body: z.strictObject({ kind, variant: name, locale: locale.default('en'), outcome: z.enum(OUTCOMES) }),
      },
    },
    (request, reply) => {
      const { lexicon, outcomes } = signedIn(request).instance
      const { kind, variant, locale, outcome } = request.body
      const shown = lexicon.interstitials.show(kind, variant, locale)
      if (!shown) throw new FirebreakError('http/not-found', [`variant ${variant}`])
      outcomes.count({ kind, variant, locale: shown.locale, outcome })
      return reply.code(202).send({})
    },
  )
  app.get(
    '/v1/interstitials/outcomes',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Each variant’s trial so far, shares with 95 % intervals',
        querystring: z.object({ since: z.iso.date().optional() }),
      },
    },
    async (request) => ({ variants: await signedIn(request).instance.outcomes.report(request.query.since) }),
  )
}

/** Throws `http/not-found` for a variant nobody wrote. `default` is what a verdict says that drew none. */
function screen(
  interstitials: Interstitials,
  kind: InterstitialKind,
  { variant, locale }: { variant?: string | undefined; locale: string },
): Interstitial {
  const drawn = variant === undefined || variant === 'default' ? interstitials.draw(kind, undefined) : variant
  const shown = interstitials.show(kind, drawn, locale)
  if (!shown) throw new FirebreakError('http/not-found', [`variant ${drawn}`])
  return shown
}
