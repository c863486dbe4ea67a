import { type Action, actionInWords } from '../plan/actions.ts'

export interface StatementFacts {
  readonly action: Action
  readonly policy: string
  readonly grounds: 'association' | 'conduct'
  readonly linkKinds: readonly string[]
  /** What the account did, in words that name nobody else. */
  readonly facts: readonly string[]
  /** Software found the account, or people did from the start. */
  readonly foundBy: 'software' | 'people'
  readonly until: number | null
  readonly appealUrl: string | null
  readonly appealUntil: number | null
}

const LINKS: Readonly<Record<string, string>> = {
  follow: 'follows',
  like: 'likes',
  comment: 'comments',
  mention: 'mentions',
  backup: 'backup accounts named in profiles',
  contact: 'first messages',
  identifier: 'a shared device, payment or contact identifier',
  hashtag: 'shared hashtags',
  link: 'shared links',
  media: 'shared media',
  group: 'shared groups',
}

/**
 * The statement of reasons in plain language (Regulation (EU) 2022/2065, art. 17(3)): what is restricted and for how long, on what
 * facts, whether a machine decided, on what ground, and how to appeal. It names no other person and no reporter.
 */
export function statementOfReasons(facts: StatementFacts): string {
  const { action, policy, grounds, linkKinds, foundBy, until, appealUrl, appealUntil } = facts
  const date = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const links = linkKinds.map((kind) => LINKS[kind.replace(/^[<=+]/, '')] ?? 'other links')
  return [
    `Our decision: ${actionInWords(action)}${until === null ? '' : ` (until ${date(until)})`}.`,
    `The rule: ${policy}.`,
    grounds === 'conduct'
      ? `The facts: ${facts.facts.length > 0 ? facts.facts.join(' ') : 'what this account itself posted or did.'} People looked at it before deciding.`
      : `The facts: this account is connected with accounts under investigation${links.length > 0 ? ` by ${[...new Set(links)].join(', ')}` : ''}. That is no accusation; it only limits to whom the account is recommended.`,
    foundBy === 'people'
      ? 'People found this and decided it.'
      : `Software found the connection${grounds === 'conduct' ? '; the decision was made by people' : ''}.`,
    appealUrl === null
      ? ''
      : `You can appeal${appealUntil === null ? '' : ` until ${date(appealUntil)}`} at ${appealUrl}. Somebody who had no part in this decision will look at it.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}
