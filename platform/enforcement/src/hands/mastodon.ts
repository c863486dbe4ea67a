import type { Hand, HandAnswer, Step, Told } from '../execution/step.ts'
import type { Action } from '../plan/actions.ts'
import { answerOf, type Post } from './http.ts'

export interface MastodonHandOptions {
  /** The server, e.g. `https://social.example`. */
  readonly server: string
  /** A token with the scope `admin:write:accounts`. */
  readonly token: string
  readonly post: Post
}

interface Call {
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
}

/** Carries plans out through Mastodon's admin API (docs.joinmastodon.org/methods/admin/accounts). Account ids are Mastodon's own. */
export function mastodonHand({ server, token, post }: MastodonHandOptions): Hand {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    name: 'mastodon',
    live: true,
    async act(step, told): Promise<HandAnswer> {
      const call = step.direction === 'act' ? forwards(step.action, told) : backwards(step.action)
      if (call === null) return { outcome: 'refused', detail: `Mastodon has no ${step.action.kind}` }
      const url = `${server}/api/v1/admin/accounts/${encodeURIComponent(idOf(step))}/${call.path}`
      return answerOf(await post(url, headers, JSON.stringify(call.body ?? {})))
    },
  }
}

function idOf(step: Step): string {
  return step.account
}

function forwards(action: Action, { statement }: Told): Call | null {
  const act = (type: string): Call => ({
    path: 'action',
    body: { type, text: statement, send_email_notification: true },
  })
  switch (action.kind) {
    case 'notice':
      return act('none')
    case 'limit-visibility':
      return act('silence')
    case 'suspend':
    case 'disable':
      return act(action.kind === 'suspend' ? 'suspend' : 'disable')
    default:
      return null
  }
}

function backwards(action: Action): Call | null {
  switch (action.kind) {
    case 'limit-visibility':
      return { path: 'unsilence' }
    case 'suspend':
      return { path: 'unsuspend' }
    case 'disable':
      return { path: 'enable' }
    default:
      return null
  }
}
