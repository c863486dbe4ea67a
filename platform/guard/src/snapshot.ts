import {
  type CompiledPolicy,
  compilePolicy,
  EXPOSURES,
  type ExplainedVerdict,
  exposureOf,
  type LabelFact,
  LIST_TOP,
  type ListFacts,
  type Policy,
  policyVersion,
  SURFACES,
  type Surface,
  situationIndex,
  stricter,
  type TextFacts,
  textVerdict,
} from '@firebreak/policy'
import { DEFAULT_FAIL_MODES, type FailMode } from './fail-mode.ts'
import { LabelTable } from './label-table.ts'
import type { TextContext, TextJudge } from './text-judge.ts'

/** Everything the guard answers from. Between two questions it may follow the ledger; within one it never changes. */
export interface Snapshot {
  readonly labels: LabelTable
  /** Viewers who acted on an account near enough to a network (the policy's `contactFrom`). */
  readonly contacted: Set<string>
  /** Who acted on labelled members: the first one, then `true` once there were two. Fill both with `addContact`. */
  readonly actedOn: Map<string, string | true>
  compiled: CompiledPolicy
  policyVersion: string
  /** Ledger position up to which labels are in. */
  seq: number
  /** When the ledger was last seen, milliseconds since 1970; null before the first time. */
  seenAt: number | null
  readonly failModes: Readonly<Record<Surface, FailMode>>
  /** Above this age (milliseconds) the fail modes apply. */
  readonly oldestUsable: number
  /** Lexicon and link lists; null where none is wired. */
  text: TextJudge | null
}

/** A snapshot that knows nothing yet and therefore fails as set. */
export function emptySnapshot(
  policy: Policy,
  oldestUsable: number,
  failModes: Readonly<Record<Surface, FailMode>> = DEFAULT_FAIL_MODES,
): Snapshot {
  return {
    labels: new LabelTable(policy),
    contacted: new Set(),
    actedOn: new Map(),
    compiled: compilePolicy(policy),
    policyVersion: policyVersion(policy),
    seq: 0,
    seenAt: null,
    failModes,
    oldestUsable,
    text: null,
  }
}

/** A subject of a question: an id, a text, or both. */
export interface AskedSubject {
  readonly type: string
  readonly id?: string | undefined
  readonly text?: string | undefined
  /** The account that made the content. */
  readonly author?: string | undefined
}

/** One question: which of these may this surface show to this viewer? */
export interface VerdictRequest {
  readonly surface: Surface
  readonly viewer?: { readonly id: string; readonly recent?: readonly string[] | undefined } | undefined
  readonly context?: Omit<TextContext, 'viewer' | 'at'> | undefined
  readonly subjects: readonly AskedSubject[]
}

/** What an explanation adds: which rule, and the facts it saw. */
export interface Explanation {
  readonly rule: string | null
  readonly internalReason: string
  readonly facts: {
    readonly subject: readonly LabelFact[]
    readonly author: readonly LabelFact[]
    readonly viewer: readonly LabelFact[]
    readonly viewerContacted: boolean
    readonly actedOnMembers: boolean
    readonly list: ListFacts
    readonly text?: TextFacts
  }
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
 * Cost: one or two map look-ups a subject.
 */
export function judgeRequest(snapshot: Snapshot, request: VerdictRequest, at: number): ExplainedVerdict[] {
  if (isStale(snapshot, at) && snapshot.compiled.policy.on) {
    const verdict = snapshot.failModes[request.surface] === 'closed' ? CLOSED : OPEN
    return request.subjects.map(() => verdict)
  }
  const { labels, compiled } = snapshot
  const surface = SURFACES.indexOf(request.surface)
  const { standing: viewer, contacted: inContact } = viewerOf(snapshot, request, at)
  const standings = request.subjects.map((subject) => standingOf(labels, subject, at))
  const exposure = EXPOSURES.indexOf(exposureOf(inContact, listOf(standings), compiled.policy))
  return standings.map((standing, i) => {
    const asked = request.subjects[i]!
    const acted = exposure > 0 && hasActed(snapshot, asked)
    const verdict = compiled.verdicts[situationIndex(surface, standing, acted, viewer, exposure)]!
    const text = compiled.policy.on ? textOf(snapshot, request, asked, at) : null
    const worded = text && textVerdict(request.surface, text, compiled.policy.downrankFactor)
    return worded ? stricter(verdict, worded) : verdict
  })
}

function textOf(
  { text: judge }: Snapshot,
  request: VerdictRequest,
  subject: AskedSubject,
  at: number,
): TextFacts | null {
  if (judge === null || subject.text === undefined) return null
  const viewer = request.viewer?.id
  return judge.judge(request.surface, subject.type, subject.text, { ...request.context, viewer, at })
}

function standingOf(labels: LabelTable, { type, id, author }: AskedSubject, at: number): number {
  const own = id === undefined ? 0 : labels.standing(type, id, at)
  const made = author === undefined ? 0 : labels.standing('account', author, at)
  return own > made ? own : made
}

function listOf(standings: readonly number[]): ListFacts {
  const size = Math.min(LIST_TOP, standings.length)
  let members = 0
  let adjacent = 0
  for (let i = 0; i < size; i++)
    if (standings[i] === 2) members++
    else if (standings[i] === 1) adjacent++
  return { members, adjacent, size }
}

function hasActed({ actedOn }: Snapshot, { type, id, author }: AskedSubject): boolean {
  return (
    (author !== undefined && actedOn.get(author) === true) ||
    (type === 'account' && id !== undefined && actedOn.get(id) === true)
  )
}

/** Takes in that a viewer acted on an account, as far as that account's labels make it matter. */
export function addContact(snapshot: Snapshot, viewer: string, account: string, at: number): void {
  if (!snapshot.labels.isContact(account, at)) return
  snapshot.contacted.add(viewer)
  if (snapshot.labels.standing('account', account, at) !== 2) return
  const first = snapshot.actedOn.get(viewer)
  if (first === undefined) snapshot.actedOn.set(viewer, account)
  else if (first !== account) snapshot.actedOn.set(viewer, true)
}

/** The inside of each verdict; for callers with the scope `explain` only. */
export function explainRequest(snapshot: Snapshot, request: VerdictRequest, at: number): Explanation[] {
  const { contacted } = viewerOf(snapshot, request, at)
  const { labels } = snapshot
  const list = listOf(request.subjects.map((subject) => standingOf(labels, subject, at)))
  const viewer = request.viewer === undefined ? [] : labels.facts('account', request.viewer.id)
  return judgeRequest(snapshot, request, at).map(({ rule, internalReason }, i) => {
    const { type, id, author } = request.subjects[i]!
    const text = textOf(snapshot, request, request.subjects[i]!, at)
    return {
      rule,
      internalReason,
      facts: {
        subject: id === undefined ? [] : labels.facts(type, id),
        author: author === undefined ? [] : labels.facts('account', author),
        viewer,
        viewerContacted: contacted,
        actedOnMembers: hasActed(snapshot, request.subjects[i]!),
        list,
        ...(text ? { text } : {}),
      },
    }
  })
}

/** Whether the fail modes apply: never filled, or too old. */
export function isStale(snapshot: Snapshot, at: number): boolean {
  return snapshot.seenAt === null || at - snapshot.seenAt > snapshot.oldestUsable
}

function viewerOf(
  snapshot: Snapshot,
  { viewer }: VerdictRequest,
  at: number,
): { standing: number; contacted: boolean } {
  if (viewer === undefined) return { standing: 0, contacted: false }
  const contacted =
    snapshot.contacted.has(viewer.id) ||
    (viewer.recent?.some((account) => snapshot.labels.isContact(account, at)) ?? false)
  return { standing: snapshot.labels.standing('account', viewer.id, at), contacted }
}
