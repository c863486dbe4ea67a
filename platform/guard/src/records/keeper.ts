import type { ExplainedVerdict } from '@firebreak/policy'
import { hourOf } from '../people/counters.ts'
import type { PeopleFollower } from '../people/people-follower.ts'
import { Question } from '../question.ts'
import type { Snapshot, VerdictRequest } from '../snapshot.ts'
import type { Recorder } from './recorder.ts'
import { type MostlyWithheld, WithheldWatch } from './withheld-watch.ts'

interface KeeperOptions {
  readonly recorder?: Recorder
  readonly people?: PeopleFollower
  readonly onMostlyWithheld?: (accounts: readonly MostlyWithheld[]) => void
}

/** What is kept of a question once it is answered: counts, now and then a sample, and what has to be told to somebody. */
export class Keeper {
  readonly #options: KeeperOptions
  readonly #withheld = new WithheldWatch()

  constructor(options: KeeperOptions) {
    this.#options = options
  }

  mostlyWithheld(): MostlyWithheld[] {
    return this.#withheld.named()
  }

  /** Memory only; cost: a few look-ups for what was withheld, one more judgement for one subject in two thousand. */
  keep(snapshot: Snapshot, request: VerdictRequest, verdicts: readonly ExplainedVerdict[], at: number): void {
    const { recorder, people, onMostlyWithheld } = this.#options
    const isLabelled = (account: string): boolean => snapshot.labels.facts('account', account).length > 0
    const fresh = this.#withheld.look(request, verdicts, isLabelled)
    if (fresh.length > 0) onMostlyWithheld?.(fresh)
    people?.book.addCount('asked', request.surface, undefined, hourOf(at), verdicts.length)
    if (!recorder) return
    for (let i = 0; i < verdicts.length; i++)
      if (verdicts[i]!.action !== 'allow') noteOwed(recorder, snapshot, request, i, verdicts[i]!, at)
    if (recorder.asked(request.surface, verdicts.length)) sample(recorder, snapshot, request, verdicts, at)
  }
}

function sample(
  recorder: Recorder,
  snapshot: Snapshot,
  request: VerdictRequest,
  verdicts: readonly ExplainedVerdict[],
  at: number,
): void {
  if (!snapshot.compiled.policy.on) return
  const question = new Question(snapshot, request, at)
  const one = verdicts.length >> 1
  question.take(one)
  recorder.sample(at, snapshot.policyVersion, verdicts[one]!, question.facts())
}

/** The label on the subject itself is the ground, or else the one on whoever made it. */
function noteOwed(
  recorder: Recorder,
  { compiled, labels }: Snapshot,
  { surface, subjects }: VerdictRequest,
  i: number,
  verdict: ExplainedVerdict,
  at: number,
): void {
  const rule = compiled.owesStatement(verdict)
  if (rule === null) return
  const { type, id, author } = subjects[i]!
  const own = id === undefined ? null : labels.deciding(type, id, at)
  if (own !== null) return recorder.owe({ type, id: id!, rule, label: own, surface }, at)
  const label = author === undefined ? null : labels.deciding('account', author, at)
  if (label !== null) recorder.owe({ type: 'account', id: author!, rule, label, surface }, at)
}
