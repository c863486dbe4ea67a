import { fromNotice, noticeSchema } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import { z } from 'zod'
import type { Instance } from '../../instance/instance.ts'
import type { App } from '../app.ts'
import { noticePage, noticeSentPage, receiptPage } from '../notice-page.ts'
import { PerNetwork, senderNetwork } from '../sender-network.ts'
import type { RouteContext } from './index.ts'
import { outcomeOf } from './reports.ts'

const FORM_LIMIT = 65_536
/** Notices per minute and network: beyond, the form keeps what was typed and asks to send it again. Platforms send theirs through the API. */
const PER_MINUTE = 60

const receiptQuery = z.object({ receipt: z.string().max(200) })

/** The public notice form and its outcome page; no account, no script. */
export function noticeRoutes(app: App, { mount }: RouteContext): void {
  const { base } = mount
  const perNetwork = new PerNetwork(PER_MINUTE)

  app.get(
    '/notice',
    { config: { needs: 'anonymous' }, schema: { summary: 'The public form for notices (DSA art. 16)' } },
    async (request, reply) => {
      doorOf(request.instance)
      return reply.type('text/html; charset=utf-8').send(noticePage(base))
    },
  )

  app.post(
    '/notice',
    { config: { needs: 'anonymous' }, bodyLimit: FORM_LIMIT, schema: { summary: 'A notice from the public form' } },
    async (request, reply) => {
      const instance = doorOf(request.instance)
      const values = textsOf(request.body)
      const parsed = noticeSchema.safeParse(values)
      reply.type('text/html; charset=utf-8')
      if (!parsed.success) {
        const problems = Object.fromEntries(
          parsed.error.issues.map((issue) => [String(issue.path[0] ?? 'form'), readable(issue.message)]),
        )
        return reply.code(400).send(noticePage(base, { values, problems }))
      }
      const network = senderNetwork(request.ip, request.headers['x-forwarded-for'])
      if (!perNetwork.take(network, instance.clock()))
        return reply
          .code(429)
          .header('retry-after', '60')
          .send(noticePage(base, { values, problems: {}, busy: true }))
      const { receipt } = await instance.reports.intake.submit(fromNotice(parsed.data, 'public-form'))
      return reply.code(201).send(noticeSentPage(base, receipt))
    },
  )

  app.get(
    '/receipt',
    {
      config: { needs: 'anonymous' },
      schema: { summary: 'The outcome of a notice, for whoever holds its receipt', querystring: receiptQuery },
    },
    async (request, reply) => {
      const { instance } = request
      const id = instance?.reports.intake.reportOf(request.query.receipt) ?? null
      const found = instance && id !== null ? await outcomeOf(instance.ledger.db, id) : undefined
      if (found === undefined) throw new FirebreakError('http/not-found', ['notice with that receipt'])
      return reply.type('text/html; charset=utf-8').send(receiptPage(found))
    },
  )
}

function doorOf(instance: Instance | null): Instance {
  if (!instance?.doors.settings.notice.on) throw new FirebreakError('http/not-found', ['open form'])
  return instance
}

/** Only texts count; anything else in the body is as if it were not there. */
function textsOf(body: unknown): Record<string, string> {
  const fields = typeof body === 'object' && body !== null ? Object.entries(body) : []
  return Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === 'string'))
}

function readable(message: string): string {
  return /^(Invalid|Unrecognized|Expected|Too)/i.test(message) ? 'is missing or not valid' : message
}
