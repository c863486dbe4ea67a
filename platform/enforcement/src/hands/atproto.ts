import type { Hand, HandAnswer, Step, Told } from '../execution/step.ts'
import { answerOf, type Post } from './http.ts'

export interface AtprotoHandOptions {
  /** The moderation service (Ozone), e.g. `https://ozone.example`. */
  readonly service: string
  readonly token: string
  /** The DID of the moderator account that the events are made by. */
  readonly createdBy: string
  readonly post: Post
}

/** The label that limits visibility, as clients know it (com.atproto.label.defs). */
const LIMITED = '!hide'

/** Carries plans out as moderation events of an AT Protocol moderation service (tools.ozone.moderation.emitEvent). Accounts are DIDs. */
export function atprotoHand({ service, token, createdBy, post }: AtprotoHandOptions): Hand {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    name: 'atproto',
    live: true,
    async act(step, told): Promise<HandAnswer> {
      const event = eventOf(step, told)
      if (event === null) return { outcome: 'refused', detail: `AT Protocol has no ${step.action.kind}` }
      const subject = { $type: 'com.atproto.admin.defs#repoRef', did: step.account }
      const body = JSON.stringify({ event, subject, createdBy })
      return answerOf(await post(`${service}/xrpc/tools.ozone.moderation.emitEvent`, headers, body))
    },
  }
}

function eventOf({ action, direction }: Step, { statement }: Told): Readonly<Record<string, unknown>> | null {
  const type = (name: string) => `tools.ozone.moderation.defs#modEvent${name}`
  const back = direction === 'reverse'
  switch (action.kind) {
    case 'suspend':
    case 'disable':
      if (back) return { $type: type('ReverseTakedown'), comment: statement }
      return {
        $type: type('Takedown'),
        comment: statement,
        ...(action.kind === 'suspend' ? { durationInHours: action.days * 24 } : {}),
      }
    case 'limit-visibility':
      return {
        $type: type('Label'),
        createLabelVals: back ? [] : [LIMITED],
        negateLabelVals: back ? [LIMITED] : [],
        ...(back ? {} : { durationInHours: action.days * 24 }),
      }
    default:
      return null
  }
}
