// Generated from the OpenAPI document of the server by scripts/types-from-openapi.ts; a test of the server fails when stale.

/** Body of `POST /v1/verdicts`. */
export type VerdictRequest = {
  readonly surface:
    | 'recommend_accounts'
    | 'recommend_content'
    | 'search'
    | 'autocomplete'
    | 'trending'
    | 'hashtag_page'
    | 'profile'
    | 'link_open'
    | 'follow_prompt'
    | 'message'
    | 'comment'
    | 'upload'
    | 'signup'
  readonly viewer?:
    | string
    | {
        readonly type?: 'account'
        readonly id: string
        readonly recent?: readonly string[]
      }
  readonly context?: {
    readonly jurisdiction?: string
    readonly locale?: string
    readonly ageBand?: string
  }
  readonly subjects: readonly {
    readonly type: string
    readonly id?: string
    readonly text?: string
    readonly author?: string
    readonly connected?: boolean
  }[]
}

/** Its answer: one verdict for each subject, in the order asked. */
export type VerdictResponse = {
  readonly policyVersion: string
  readonly snapshot: string
  readonly verdicts: readonly {
    readonly action: 'allow' | 'downrank' | 'caution' | 'interstitial' | 'drop' | 'hold'
    readonly reason: 'none' | 'not-eligible' | 'limited-reach' | 'not-available' | 'unchecked'
    readonly factor?: number
    readonly interstitial?: {
      readonly kind: 'stop' | 'warn' | 'resources'
      readonly variant: string
    }
    readonly explanation?: unknown
  }[]
}

/** One verdict. */
export type Verdict = VerdictResponse['verdicts'][number]

/** A place that asks. */
export type Surface = VerdictRequest['surface']

/** A thing in question. */
export type Subject = VerdictRequest['subjects'][number]
