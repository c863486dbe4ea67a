import { rowsOf } from '@firebreak/intake'
import { type Clock, DAY, FirebreakError, MINUTE } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import type { DecisionInput } from './decisions/actions.ts'
import { decideIn, type MadeDecision } from './decisions/decide.ts'
import { reverseIn, undoIn } from './decisions/undo.ts'
import { type Dossier, dossierOf, type KnownSignal } from './jobs/dossier.ts'
import { heartbeat, LEASE, takeJob, takeNext } from './jobs/lease.ts'
import { Moves, pass } from './jobs/moves.ts'
import { heldBy, heldJob, type JobRow, jobRow } from './jobs/row.ts'
import { storeAnswer } from './quality/answers.ts'
import { askAgain, goldenFor, isDrawn } from './quality/sampling.ts'
import { principalOf, type Reviewer } from './reviewer.ts'
import { DEFAULT_REVIEW_SETTINGS, type ReviewSettings } from './settings.ts'
import { type Budgets, mostSeverityFor, wantsLight } from './wellness/budget.ts'
import { ownWellness } from './wellness/preferences.ts'

/** What a desk is made of. */
export interface DeskParts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly newId: () => string
  /** Uniform in [0, 1): draws what is looked at again. */
  readonly random: () => number
  readonly known?: KnownSignal
  /** Asked at each use, so that a change holds at once. */
  readonly settings?: () => ReviewSettings
}

/** A job now in hand, and until when without a heartbeat. */
export interface TakenJob {
  readonly dossier: Dossier
  readonly heldUntil: string
}

/** What became of a decision: it stands (until undone), or it was an answer to a question asked again. */
export type Decided = { readonly decision: MadeDecision } | { readonly answered: true }

/** The desk where moderators work: one at a time takes a job, sees what it needs, and decides or gives it on. */
export class ReviewDesk {
  readonly moves: Moves
  readonly #parts: DeskParts
  #turn = 0

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.moves = new Moves(parts.ledger)
  }

  get settings(): ReviewSettings {
    return this.#parts.settings?.() ?? DEFAULT_REVIEW_SETTINGS
  }

  get budgets(): Budgets {
    return this.settings.budgets
  }

  get #undoWindow(): number {
    return this.settings.undoMinutes * MINUTE
  }

  /** The most urgent job for this person, now in their hands; null when nothing waits for them. Throws `review/budget` on a break. */
  async next(by: Reviewer, queues?: readonly string[]): Promise<TakenJob | null> {
    const { ledger, clock } = this.#parts
    const now = clock()
    const own = await ownWellness(ledger.db, by.id, this.budgets, now)
    if (own.breakUntil !== null) throw new FirebreakError('review/budget')
    const optOut = own.preferences.optOut
    const query = {
      optOut,
      mostSeverity: wantsLight(own.state, await this.#lastSeverities(by.id)) ? 3 : mostSeverityFor(own.state),
      ...(queues === undefined ? {} : { queues }),
      ...(own.preferences.languages === undefined ? {} : { languages: own.preferences.languages }),
    }
    if (this.#parts.random() < this.settings.rates.golden) await this.#offerGolden(by)
    const job = await takeNext(ledger, by, query, now, this.#turn++)
    if (job === null && own.state === 'hard') throw new FirebreakError('review/budget')
    return job === null ? null : this.#taken(job, by)
  }

  /** A chosen job. Throws when somebody has it, it is closed, or not of this person's lanes. */
  async take(id: string, by: Reviewer): Promise<TakenJob> {
    const job = await takeJob(this.#parts.ledger, by, id)
    if (job !== null) return this.#taken(job, by)
    const there = await jobRow(this.#parts.ledger.db, id)
    if (!by.lanes.includes(there.lane)) throw new FirebreakError('http/not-found', ['job with that id'])
    if (there.closed_at !== null) throw new FirebreakError('review/closed', [id])
    throw new FirebreakError('review/held', [id, 'somebody else', there.lease_until?.toISOString() ?? 'now'])
  }

  /** The dossier of a job in hand. */
  async dossier(id: string, by: Reviewer): Promise<Dossier> {
    const { ledger, clock } = this.#parts
    return this.#dossier(await heldJob(ledger.db, id, by.id, clock()), by)
  }

  /** Prolongs the lease; answers until when. */
  async heartbeat(id: string, by: Reviewer): Promise<string> {
    const { ledger, clock } = this.#parts
    const now = clock()
    if (!(await heartbeat(ledger.db, id, by.id, now))) throw new FirebreakError('review/not-held', [id])
    return new Date(now + LEASE).toISOString()
  }

  /**
   * Decides a job in hand. A share of decisions, and of decisions not to act, is put before somebody else who does not know. With `seen`
   * (the dossier's `reportCount`) a report that joined meanwhile is not decided unread: `http/conflict`.
   */
  async decide(id: string, by: Reviewer, decision: DecisionInput, seen?: number): Promise<Decided> {
    const { ledger, newId, random } = this.#parts
    const undoWindow = this.#undoWindow
    const draw = random()
    const ids = { decision: newId(), again: newId() }
    return ledger.transaction(principalOf(by), async (tx) => {
      const held = await heldJob(tx.db, id, by.id, tx.now)
      if (seen !== undefined && held.reports > seen)
        throw new FirebreakError('http/conflict', ['More reports joined this job; look again before deciding'])
      if (held.kind !== 'report') {
        await storeAnswer(tx, held, by, decision, ids.decision)
        return { answered: true }
      }
      const { job, made } = await decideIn(tx, id, by, decision, { newId: () => ids.decision, undoWindow })
      if (!job.synthetic && isDrawn(decision.outcome, this.settings.rates, draw))
        await askAgain(tx, job, 'second', `job-${ids.again}`, by.id)
      return { decision: made }
    })
  }

  /**
   * One decision for several open jobs, all about one subject and each with evidence or words that were on the table: a list of bare
   * ids is not a ground to decide anything.
   */
  async decideTogether(jobs: readonly string[], by: Reviewer, decision: DecisionInput): Promise<MadeDecision[]> {
    const { ledger, newId } = this.#parts
    const undoWindow = this.#undoWindow
    const ids = new Map(jobs.map((job) => [job, newId()]))
    return ledger.transaction(principalOf(by), async (tx) => {
      const rows = await rowsOf<{ id: string; subject: number; kind: string; bearing: boolean }>(
        tx.db,
        `select j.id, j.subject, j.kind, exists (select 1 from evidence v where v.job = j.id) as bearing from job j where j.id = any($1::text[])`,
        [jobs],
      )
      if (rows.length !== ids.size) throw new FirebreakError('http/not-found', ['job with one of these ids'])
      if (new Set(rows.map(({ subject }) => subject)).size !== 1)
        throw new FirebreakError('review/decision', ['jobs decided together are about one subject'])
      if (rows.some(({ bearing, kind }) => !bearing || kind !== 'report'))
        throw new FirebreakError('review/decision', ['each job decided together bears evidence of its own'])
      const made: MadeDecision[] = []
      for (const [job, id] of ids)
        made.push((await decideIn(tx, job, by, decision, { newId: () => id, undoWindow })).made)
      return made
    })
  }

  /** Within the window: the job is open again. Answers its id. */
  undo(decision: string, by: Reviewer, reason: string): Promise<string> {
    return this.#parts.ledger.transaction(principalOf(by), (tx) => undoIn(tx, decision, by, reason))
  }

  /** After it took effect, by somebody else than the decider who runs the desk, or (`appeal`) by the desk of appeals. */
  reverse(decision: string, by: Reviewer, reason: string, options: { readonly appeal?: boolean } = {}): Promise<void> {
    return this.#parts.ledger.transaction(principalOf(by), (tx) => reverseIn(tx, decision, by, reason, options))
  }

  /** Asks a colleague: the own view is kept apart, the job goes back into the line for somebody else. */
  askColleague(id: string, by: Reviewer, opinion: Pick<DecisionInput, 'outcome' | 'policy'> | null): Promise<void> {
    const opinionId = this.#parts.newId()
    return this.#parts.ledger.transaction(principalOf(by), async (tx) => {
      const job = await heldJob(tx.db, id, by.id, tx.now)
      if (opinion !== null)
        await rowsOf(
          tx.db,
          `insert into opinion (id, job, kind, reviewer, outcome, policy, severity, at) values ($1, $2, 'asked', $3, $4, $5, $6, $7::timestamptz)`,
          [opinionId, id, by.id, opinion.outcome, opinion.policy, job.severity, new Date(tx.now).toISOString()],
        )
      await pass(tx, id, by.id, null)
      await rowsOf(tx.db, 'update job set holder = null, lease_until = null, leased_at = null where id = $1', [id])
      await tx.record('job.second-opinion', { job: id })
    })
  }

  async #taken(job: JobRow, by: Reviewer): Promise<TakenJob> {
    return { dossier: await this.#dossier(job, by), heldUntil: job.lease_until!.toISOString() }
  }

  #dossier(job: JobRow, { lanes }: Reviewer): Promise<Dossier> {
    const { ledger, known = async () => null, clock } = this.#parts
    return dossierOf(ledger, job, lanes, known, clock())
  }

  async #lastSeverities(reviewer: string): Promise<number[]> {
    const rows = await rowsOf<{ severity: number }>(
      this.#parts.ledger.db,
      'select severity from decision where decider = $1 and decided_at >= $2::timestamptz order by decided_at desc limit 2',
      [reviewer, new Date(this.#parts.clock() - DAY).toISOString()],
    )
    return rows.map(({ severity }) => severity)
  }

  async #offerGolden(by: Reviewer): Promise<void> {
    const { ledger, newId } = this.#parts
    const golden = await goldenFor(ledger.db, by.id, by.lanes)
    if (golden === null) return
    const id = `job-${newId()}`
    await ledger.transaction(principalOf(by), async (tx) => {
      const job = await jobRow(tx.db, golden)
      if (heldBy(job, tx.now) === null) await askAgain(tx, job, 'golden', id, null)
    })
  }
}
