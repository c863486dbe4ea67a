import {
  defaultRuleSet,
  type ExplainedVerdict,
  type Facts,
  type Policy,
  type RuleSet,
  type Surface,
  type Unsettled,
} from '@firebreak/policy'
import { DEFAULT_FAIL_MODES, type FailMode } from './fail-mode.ts'
import { LabelTable } from './label-table.ts'
import { NO_PEOPLE, type People } from './people/people.ts'
import { Question, textOf } from './question.ts'
import type { TextContext, TextJudge } from './text-judge.ts'

/** Whether a detector may look at what a surface shows under a jurisdiction; asked before it does. */
export type DetectorAllowed = (detector: string, surface: string, jurisdiction: string | undefined) => boolean

/** Everything the guard answers from. Between two questions it may follow the ledger; within one it never changes. */
export interface Snapshot {
  readonly labels: LabelTable
  /** Viewers who acted on an account near enough to a network (the policy's `contactFrom`). */
  contacted: Set<string>
  /** Who acted on labelled members: the first one, then `true` once there were two. Fill both with `addContact`. */
  actedOn: Map<string, string | true>
  compiled: RuleSet
  policyVersion: string
  /** Ledger position up to which labels are in. */
  seq: number
  /** When the ledger was last seen, milliseconds since 1970; null before the first time. */
  seenAt: number | null
  failModes: Readonly<Record<Surface, FailMode>>
  /** Above this age (milliseconds) the fail modes apply. */
  readonly oldestUsable: number
  /** Lexicon and link lists; null where none is wired. */
  text: TextJudge | null
  people: People
  detectorAllowed: DetectorAllowed
}

/** A snapshot that knows nothing yet and therefore fails as set. */
export function emptySnapshot(
  policy: Policy,
  oldestUsable: number,
  failModes: Readonly<Record<Surface, FailMode>> = DEFAULT_FAIL_MODES,
): Snapshot {
  const compiled = defaultRuleSet(policy)
  return {
    labels: new LabelTable(policy),
    contacted: new Set(),
    actedOn: new Map(),
    compiled,
    policyVersion: compiled.version,
    seq: 0,
    seenAt: null,
    failModes,
    oldestUsable,
    text: null,
    people: NO_PEOPLE,
    detectorAllowed: () => true,
  }
}

/** A subject of a question: an id, a text, or both. */
export interface AskedSubject {
  readonly type: string
  readonly id?: string | undefined
  readonly text?: string | undefined
  /** The account that made the content. */
  readonly author?: string | undefined
  /** The platform's own knowledge whether viewer and account are connected (each follows the other, or they are contacts). */
  readonly connected?: boolean | undefined
}

/** One question: which of these may this surface show to this viewer? */
export interface VerdictRequest {
  readonly surface: Surface
  readonly viewer?: { readonly id: string; readonly recent?: readonly string[] | undefined } | undefined
  readonly context?: Omit<TextContext, 'viewer' | 'at'> | undefined
  readonly subjects: readonly AskedSubject[]
}

/** What an explanation adds: which rule, the facts it saw, and which rules could not be settled. */
export interface Explanation {
  readonly rule: string | null
  readonly internalReason: string
  readonly facts: Facts
  readonly unsettled: readonly Unsettled[]
}

const CLOSED: ExplainedVerdict = Object.freeze({
  action: 'drop',
  reason: 'not-available',
  rule: 'fail-closed',
  internalReason: 'The snapshot of labels is missing or too old; this surface fails closed.',
})
const OPEN: ExplainedVerdict = Object.freeze({
  action: 'allow',
  reason: 'unchecked',
  rule: 'fail-open',
  internalReason: 'The snapshot of labels is missing or too old; this surface fails open, unchecked.',
})

/**
 * Verdicts for one viewer over many subjects, in the order asked. Pure and synchronous, from memory alone.
 * Cost: one or two map look-ups a subject, and the rules that the request leaves open.
 */
export function judgeRequest(snapshot: Snapshot, request: VerdictRequest, at: number): ExplainedVerdict[] {
  const stale = staleVerdict(snapshot, request.surface, at)
  if (stale) return request.subjects.map(() => stale)
  const question = new Question(snapshot, request, at)
  question.point(0)
  const rules = snapshot.compiled.begin(question, hasText(request), isOfOneType(request))
  const verdicts: ExplainedVerdict[] = []
  for (let i = 0; i < request.subjects.length; i++) {
    question.take(i)
    verdicts.push(rules.judge(question))
  }
  return verdicts
}

/** Most subjects have none; rules about text are then left out of the round. */
function hasText({ subjects }: VerdictRequest): boolean {
  for (const subject of subjects) if (textOf(subject) !== undefined) return true
  return false
}

function isOfOneType({ subjects }: VerdictRequest): boolean {
  const type = subjects[0]?.type
  for (const subject of subjects) if (subject.type !== type) return false
  return true
}

function staleVerdict(snapshot: Snapshot, surface: Surface, at: number): ExplainedVerdict | null {
  if (!isStale(snapshot, at) || !snapshot.compiled.policy.on) return null
  return snapshot.failModes[surface] === 'closed' ? CLOSED : OPEN
}

/** Takes in that a viewer acted on an account, as far as that account's labels make it matter. */
export function addContact(
  snapshot: Pick<Snapshot, 'labels' | 'contacted' | 'actedOn'>,
  viewer: string,
  account: string,
  at: number,
): void {
  if (!snapshot.labels.isContact(account, at) || snapshot.labels.isObserver(viewer, at)) return
  snapshot.contacted.add(viewer)
  if (snapshot.labels.standing('account', account, at) !== 2) return
  const first = snapshot.actedOn.get(viewer)
  if (first === undefined) snapshot.actedOn.set(viewer, account)
  else if (first !== account) snapshot.actedOn.set(viewer, true)
}

/** A verdict and its inside. */
export interface Explained {
  readonly verdict: ExplainedVerdict
  readonly explanation: Explanation
}

/** Each verdict with its inside; for callers with the scope `explain` only. Ages and what follows from them stay out. */
export function explainRequest(snapshot: Snapshot, request: VerdictRequest, at: number): Explained[] {
  const stale = staleVerdict(snapshot, request.surface, at)
  const question = new Question(snapshot, request, at)
  const rules = snapshot.compiled.begin(question, hasText(request))
  return request.subjects.map((_, i) => {
    question.take(i)
    const unsettled: Unsettled[] = []
    const verdict = stale ?? rules.judge(question, unsettled)
    const { rule, internalReason } = verdict
    return { verdict, explanation: { rule, internalReason, facts: question.facts(), unsettled } }
  })
}

/** The policy version that answers carry: rules, settings and lists. */
export function answeringVersion({ policyVersion, text }: Snapshot): string {
  return text?.version === undefined ? policyVersion : `${policyVersion}/x${text.version}`
}

/** Whether the fail modes apply: never filled, or too old. */
export function isStale(snapshot: Snapshot, at: number): boolean {
  return snapshot.seenAt === null || at - snapshot.seenAt > snapshot.oldestUsable
}
