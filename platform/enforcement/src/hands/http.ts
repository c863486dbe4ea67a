import type { HandAnswer } from '../execution/step.ts'

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

/** How a hand reaches the network: a POST with a time limit, to addresses the operator allowed. Throws when nothing answers. */
export type Post = (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<HttpAnswer>

/** Statuses after which asking again is useless. */
const FINAL: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 410, 413, 415, 422])

/** A platform's answer to one step: 2xx is done unless it says `sent`; 409 means done before; others fail or refuse. */
export function answerOf({ status, body }: HttpAnswer): HandAnswer {
  if (status === 202) return { outcome: 'sent', detail: `HTTP ${status}` }
  if ((status >= 200 && status < 300) || status === 409) return { outcome: 'acknowledged', detail: `HTTP ${status}` }
  const detail = `HTTP ${status}${body === '' ? '' : `: ${body.slice(0, 200)}`}`
  return { outcome: FINAL.has(status) ? 'refused' : 'failed', detail }
}
