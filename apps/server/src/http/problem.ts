import { type ErrorCode, FirebreakError, isFirebreakError } from '@firebreak/kernel'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'

/** An error as every answer gives it (RFC 9457). */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  requestId: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof problemSchema>

/** Told of faults, with the request's id and never its body. */
export type FaultListener = (error: unknown, requestId: string) => void

/** Turns whatever was thrown into a problem. Of a fault only its code and the request's id leave the process. */
export function problemHandler(onFault: FaultListener) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const known = asFirebreakError(error)
    if (known.status >= 500) onFault(error, request.id)
    const issues = hasZodFastifySchemaValidationErrors(error)
      ? error.validation.map((one) => ({
          path: one.instancePath.replace(/^\//, '').slice(0, 200),
          message: one.message ?? 'is not valid',
        }))
      : undefined
    return sendProblem(reply, known, issues)
  }
}

export function sendProblem(reply: FastifyReply, error: FirebreakError, issues?: Problem['issues']): FastifyReply {
  const title = error.status >= 500 ? withoutDetails(error) : error.message
  const problem: Problem = {
    type: `urn:firebreak:error:${error.code}`,
    title,
    status: error.status,
    code: error.code,
    requestId: reply.request.id,
    ...(issues ? { issues } : {}),
  }
  if (error.code === 'access/required') reply.header('www-authenticate', 'Bearer')
  return reply.code(error.status).type('application/problem+json').send(JSON.stringify(problem))
}

function withoutDetails(error: FirebreakError): string {
  return error.code === 'internal/fault'
    ? 'A fault of Firebreak; its log has more under this request id.'
    : 'The server cannot answer now; its log has more under this request id.'
}

/** Fastify's own refusals, by their code. */
const FASTIFY_CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'http/too-large'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'http/media-type'],
  ['FST_ERR_NOT_FOUND', 'http/not-found'],
])

function asFirebreakError(error: FastifyError): FirebreakError {
  if (isFirebreakError(error)) return error
  if (hasZodFastifySchemaValidationErrors(error))
    return new FirebreakError('input/invalid', ['Some fields are not valid'])
  const code = FASTIFY_CODES.get(error.code)
  if (code) return new FirebreakError(code, [code === 'http/too-large' ? 'size' : 'such address'])
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500) return new FirebreakError('http/body', ['it is not well-formed'])
  return new FirebreakError('internal/fault', ['unexpected'], { cause: error })
}
