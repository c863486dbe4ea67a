import { FirebreakError } from '@firebreak/kernel'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { mayReveal } from '../../access/reveal-limit.ts'
import type { NetworkDocument } from '../../networks/network-document.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const account = z.string().min(1).max(256)
const params = z.object({ id: z.string().min(1).max(100) })
const revealQuery = z.object({
  reveal: z.enum(['0', '1']).optional(),
  /** With reveal: so many rows beside the members. */
  limit: z.coerce.number().int().min(0).max(10_000).optional(),
})
const ask = z
  .strictObject({
    seeds: z.array(account).min(1).max(1_000).optional(),
    randomSeeds: z.int().min(1).max(100).optional(),
    /** The same number draws the same random accounts again; without it the first number not drawn yet. */
    draw: z.int().min(0).max(2_147_483_647).optional(),
    benign: z.array(account).max(10_000).optional(),
    /** Follow links only from who acted; without it both ways. */
    directed: z.boolean().optional(),
    name: z.string().trim().min(1).max(120).optional(),
  })
  .refine(({ seeds, randomSeeds }) => (seeds === undefined) !== (randomSeeds === undefined), {
    message: 'give either seeds or randomSeeds',
  })
const mark = z.strictObject({ account, mark: z.enum(['member', 'bystander', 'victim', 'unsure']) })

/** Networks: asked for, read, labelled, undone, marked. */
export function networkRoutes(app: App): void {
  app.get(
    '/v1/networks',
    { config: { needs: 'read' }, schema: { summary: 'All networks, newest first' } },
    async (request) => ({
      networks: await signedIn(request).instance.networks.list(),
    }),
  )

  app.post(
    '/v1/networks',
    { config: { needs: 'networks:write' }, schema: { summary: 'Map the network around some seeds', body: ask } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { id } = await instance.networks.start(request.body, caller.principal)
      return reply.code(202).send({ id })
    },
  )

  app.get(
    '/v1/networks/:id',
    { config: { needs: 'read' }, schema: { summary: 'One network', params, querystring: revealQuery } },
    (request) => readDocument(request, request.params.id, request.query.reveal === '1', request.query.limit),
  )

  app.post(
    '/v1/networks/:id/labels',
    { config: { needs: 'labels:write' }, schema: { summary: 'Label its members for 30 days', params } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { applied: await instance.networks.applyLabels(request.params.id, caller.principal) }
    },
  )

  app.delete(
    '/v1/networks/:id/labels',
    { config: { needs: 'labels:write' }, schema: { summary: 'Take its labels back', params } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { retracted: await instance.networks.retractLabels(request.params.id, caller.principal) }
    },
  )

  app.post(
    '/v1/networks/:id/marks',
    {
      config: { needs: 'networks:write' },
      schema: { summary: 'Say what one account is; maps again', params, body: mark },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await instance.networks.mark(request.params.id, request.body.account, request.body.mark, caller.principal)
      return reply.code(202).send(await readDocument(request, request.params.id, false))
    },
  )
}

/** Real ids only on request, with the permission, and written down first. The demo's accounts are invented. */
async function readDocument(
  request: FastifyRequest,
  id: string,
  reveal: boolean,
  limit?: number,
): Promise<NetworkDocument> {
  const { instance, caller } = signedIn(request)
  if (instance.demo || !reveal) return instance.networks.document(id, instance.demo)
  if (!caller.permissions.has('reveal')) throw new FirebreakError('access/denied', ['reveal'])
  const document = withRows(await instance.networks.document(id, true), limit)
  mayReveal(document.map?.shown ?? 0)
  await instance.ledger.record('reveal', { network: id, accounts: document.map?.shown ?? 0 }, caller.principal)
  return document
}

/** The members and so many rows beside them; what is not listed is not drawn either. */
function withRows(document: NetworkDocument, limit = Number.POSITIVE_INFINITY): NetworkDocument {
  const { map, drawing } = document
  if (!map) return document
  const accounts = map.accounts.filter(({ member }, place) => member || place < limit)
  const named = new Set([...accounts, ...map.seeds].map(({ account }) => account))
  const nodes = drawing?.nodes.filter(({ id }) => named.has(id)) ?? []
  const edges = drawing?.edges.filter(({ source, target }) => named.has(source) && named.has(target)) ?? []
  return {
    ...document,
    map: { ...map, accounts, shown: accounts.length },
    ...(drawing ? { drawing: { ...drawing, nodes, edges } } : {}),
  }
}
