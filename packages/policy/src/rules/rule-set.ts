import { type Frame, OverBudget, type Run, Stop } from '../cel/index.ts'
import { STANDINGS } from '../facts.ts'
import type { Policy } from '../policy.ts'
import { SURFACES } from '../surfaces.ts'
import { ACTIONS, type ExplainedVerdict } from '../verdict.ts'
import { NO_TEXT, NOBODY, type Party, type RuleFacts } from './parties.ts'
import { type CompiledRule, MOST_STEPS, type RuleSource } from './rule.ts'
import { failure, finished, verdictOf } from './rule-verdict.ts'

const ALLOW: ExplainedVerdict = Object.freeze({
  action: 'allow',
  reason: 'none',
  rule: null,
  internalReason: 'No rule applies.',
})
const OFF: ExplainedVerdict = Object.freeze({ ...ALLOW, internalReason: 'The guard is switched off.' })

/** What became of a rule so far, in this process. Times are sampled: `timed` judgements took `nanos` together. */
export interface RuleTally {
  judged: number
  hits: number
  unknowns: number
  errors: number
  timed: number
  nanos: number
  /** The last error, and the facts last missing. */
  lastError: string | null
  lastUnknown: readonly string[]
}

/** A rule that could not be settled for a subject, and why. */
export interface Unsettled {
  readonly rule: string
  readonly why: 'unknown' | 'error'
  readonly detail: string
}

interface Entry {
  readonly rule: CompiledRule
  readonly verdict: ExplainedVerdict
  readonly strictness: number
  readonly order: number
  readonly tally: RuleTally
  readonly live: boolean
  /** Subject-only by standing: answers by surface, standing and acted-on-members. */
  readonly byStanding: readonly boolean[] | null
  readonly readsActed: boolean
  /** Subject-only by text: whether it applies to a subject without one, by surface. */
  readonly withoutText: readonly boolean[] | null
  readonly early: readonly Run<RuleFacts>[]
  readonly late: readonly Run<RuleFacts>[]
  /** Of the late parts: those that the subject's type settles, and the rest. */
  readonly byType: readonly Run<RuleFacts>[]
  readonly beyondType: readonly Run<RuleFacts>[]
}

/** What is left of the rules once the request is known. */
interface Pending {
  readonly entry: Entry
  /** Null: the request alone left no doubt; else what it left open (an unknown or an error). */
  readonly open: Stop | null
  /** Answers by standing and acts on this surface; null: the late parts have to be run. */
  readonly row: readonly boolean[] | null
  /** The answer for a subject without a text; null: there is none ahead of time. */
  readonly plain: boolean | null
  readonly late: readonly Run<RuleFacts>[]
}

/** Compiled rules with the settings they read; makes verdicts. Not for use by two requests at once within one turn: it is synchronous. */
export class RuleSet {
  readonly policy: Policy
  readonly version: string
  readonly #entries: readonly Entry[]
  readonly #frame: Frame<RuleFacts>
  readonly #clock: () => number
  readonly #owing = new WeakMap<ExplainedVerdict, string>()
  #calls = 0

  /** `clock` (milliseconds, monotonic) times one judgement in a thousand. */
  constructor(rules: readonly CompiledRule[], policy: Policy, version: string, clock: () => number = () => 0) {
    this.policy = policy
    this.version = version
    this.#clock = clock
    this.#frame = { facts: undefined as unknown as RuleFacts, locals: [], left: 0 }
    this.#entries = rules
      .filter(({ source }) => source.state === 'LIVE' || source.state === 'BACKGROUND')
      .map((rule, order) => this.#entry(rule, order))
      .sort((a, b) => b.strictness - a.strictness || a.order - b.order)
  }

  /** The rule behind a verdict of this set when it owes the person a statement of reasons; else null. */
  owesStatement(verdict: ExplainedVerdict): string | null {
    return this.#owing.get(verdict) ?? null
  }

  /** The rules in force with what was counted of them. */
  tallies(): { readonly rule: RuleSource; readonly tally: RuleTally }[] {
    return this.#entries.map(({ rule, tally }) => ({ rule: rule.source, tally }))
  }

  /** Judges the parts that the request settles; the rest waits for the subjects. `anyText`: some subject comes with one.
   * `oneType`: all subjects are of the type that the one in `facts` has. Cost: a few closures a rule. */
  begin(facts: RuleFacts, anyText = true, oneType = false): RequestRules {
    if (!this.policy.on) return new RequestRules(this, [], [])
    const surface = SURFACES.indexOf(facts.surface)
    const live: Pending[] = []
    const shadow: Pending[] = []
    for (const entry of this.#entries) {
      if (!anyText && entry.withoutText?.[surface] === false) continue
      const open = entry.byStanding ? this.#canApply(entry.byStanding, surface) : this.#all(entry.early, facts)
      if (open === false) continue
      const typed = oneType && entry.byType.length > 0 ? this.#all(entry.byType, facts) : null
      if (typed === false) continue
      const row = entry.byStanding?.slice(surface * PER_SURFACE, (surface + 1) * PER_SURFACE) ?? null
      const plain = entry.withoutText?.[surface] ?? null
      const late = typed === true ? entry.beyondType : entry.late
      const pending = { entry, open: open === true ? null : open, row, plain, late }
      if (entry.live) live.push(pending)
      else shadow.push(pending)
    }
    return new RequestRules(this, live, shadow)
  }

  /** A rule with its answers by standing needs no look on a surface where every answer is no. */
  #canApply(byStanding: readonly boolean[], surface: number): boolean {
    return byStanding.slice(surface * PER_SURFACE, (surface + 1) * PER_SURFACE).includes(true)
  }

  #all(parts: readonly Run<RuleFacts>[], facts: RuleFacts): boolean | Stop {
    const frame = this.#frame
    frame.facts = facts
    frame.left = MOST_STEPS
    let open: Stop | null = null
    try {
      for (const part of parts) {
        const value = part(frame)
        if (value === false) return false
        if (value !== true) open = open ?? (value as Stop)
      }
    } catch (error) {
      if (error instanceof OverBudget) return new Stop('error', error.message)
      throw error
    }
    return open ?? true
  }

  /** Whether a pending rule applies to the subject now in `facts`. */
  settle({ entry, open, row, plain, late: parts }: Pending, facts: RuleFacts): boolean | Stop {
    const late =
      row !== null
        ? row[placeOf(facts.subject, entry.readsActed)]!
        : plain !== null && facts.text === NO_TEXT
          ? plain
          : this.#all(parts, facts)
    if (late === false || open === null) return late
    return late === true || (late.kind === 'error' && open.kind === 'unknown') ? open : late
  }

  /** Judges, counts, and says what could not be settled. */
  judge(pending: readonly Pending[], facts: RuleFacts, unsettled?: Unsettled[]): ExplainedVerdict {
    if (!this.policy.on) return OFF
    const timed = (++this.#calls & 1023) === 0
    let failed: Entry | null = null
    for (const one of pending) {
      const started = timed ? this.#clock() : 0
      const result = this.settle(one, facts)
      const { tally } = one.entry
      tally.judged++
      if (timed) {
        tally.timed++
        tally.nanos += (this.#clock() - started) * 1e6
      }
      if (result === true) {
        tally.hits++
        return finished(one.entry.rule, one.entry.verdict, facts)
      }
      if (result === false) continue
      note(one.entry, result, unsettled)
      if (result.kind === 'error') failed ??= one.entry
    }
    return failed ? failure(failed.rule, facts) : ALLOW
  }

  /** BACKGROUND rules: counted, never decisive. */
  shadow(pending: readonly Pending[], facts: RuleFacts): void {
    for (const one of pending) {
      const result = this.settle(one, facts)
      one.entry.tally.judged++
      if (result === true) one.entry.tally.hits++
      else if (result !== false) note(one.entry, result)
    }
  }

  /** The plain meaning, without any short cut: every live rule as it is written. The reference that tests hold the rest against. */
  judgePlainly(facts: RuleFacts): ExplainedVerdict {
    if (!this.policy.on) return OFF
    let failed: Entry | null = null
    for (const entry of this.#entries) {
      if (!entry.live) continue
      const result = this.#all([entry.rule.whole], facts)
      if (result === true) return finished(entry.rule, entry.verdict, facts)
      if (result !== false && result.kind === 'error') failed ??= entry
    }
    return failed ? failure(failed.rule, facts) : ALLOW
  }

  #entry(rule: CompiledRule, order: number): Entry {
    const { source, parts } = rule
    const fixedBut = (name: string) =>
      [...rule.reads].every((one) => one === name || one === 'surface' || one === 'reach' || one.startsWith('policy.'))
    const standingOnly =
      rule.reads.has('subject') &&
      fixedBut('subject') &&
      rule.subjectFields !== null &&
      [...rule.subjectFields].every((field) => field === 'standing' || field === 'actedOnMembers')
    const textOnly = rule.reads.has('text') && fixedBut('text')
    const verdict = Object.freeze(verdictOf(rule, this.policy))
    if (source.statement) this.#owing.set(verdict, source.id)
    return {
      rule,
      verdict,
      strictness: ACTIONS.indexOf(source.action),
      order,
      tally: { judged: 0, hits: 0, unknowns: 0, errors: 0, timed: 0, nanos: 0, lastError: null, lastUnknown: [] },
      live: source.state === 'LIVE',
      byStanding: standingOnly ? this.#tableByStanding(rule) : null,
      readsActed: rule.subjectFields?.has('actedOnMembers') ?? true,
      withoutText: textOnly ? this.#tableWithoutText(rule) : null,
      early: parts.filter(({ scope }) => scope !== 'subject').map(({ run }) => run),
      late: parts.filter(({ scope }) => scope === 'subject').map(({ run }) => run),
      byType: parts.filter(({ typeOnly }) => typeOnly).map(({ run }) => run),
      beyondType: parts.filter(({ scope, typeOnly }) => scope === 'subject' && !typeOnly).map(({ run }) => run),
    }
  }

  #tableByStanding(rule: CompiledRule): boolean[] | null {
    const answers = SURFACES.flatMap((surface) =>
      STANDINGS.flatMap((standing) =>
        [false, true].map((actedOnMembers) =>
          this.#all([rule.whole], { ...this.#nothing(surface), subject: { ...NOBODY, standing, actedOnMembers } }),
        ),
      ),
    )
    return answers.every((one) => typeof one === 'boolean') ? (answers as boolean[]) : null
  }

  #tableWithoutText(rule: CompiledRule): boolean[] | null {
    const answers = SURFACES.map((surface) => this.#all([rule.whole], this.#nothing(surface)))
    return answers.every((one) => typeof one === 'boolean') ? (answers as boolean[]) : null
  }

  #nothing(surface: RuleFacts['surface']): RuleFacts {
    return {
      surface,
      context: {},
      policy: this.policy,
      viewer: NOBODY,
      exposure: 'none',
      list: { members: 0, adjacent: 0, size: 0 },
      subject: NOBODY,
      author: undefined,
      text: NO_TEXT,
      here: {},
    }
  }
}

const PER_SURFACE = STANDINGS.length * 2

function placeOf(subject: Party, readsActed: boolean): number {
  const { standing } = subject
  const place = standing === 'none' ? 0 : standing === 'adjacent' ? 2 : 4
  return readsActed && subject.actedOnMembers ? place + 1 : place
}

/** The rules of one request: `judge` each subject with the same facts object, changed in between. */
export class RequestRules {
  readonly #rules: RuleSet
  readonly #live: readonly Pending[]
  readonly #shadow: readonly Pending[]

  constructor(rules: RuleSet, live: readonly Pending[], shadow: readonly Pending[]) {
    this.#rules = rules
    this.#live = live
    this.#shadow = shadow
  }

  /** Whether any rule is left that a subject could decide. */
  get settled(): boolean {
    return this.#live.length === 0 && this.#shadow.length === 0
  }

  judge(facts: RuleFacts, unsettled?: Unsettled[]): ExplainedVerdict {
    if (this.#shadow.length > 0) this.#rules.shadow(this.#shadow, facts)
    return this.#rules.judge(this.#live, facts, unsettled)
  }
}

function note({ rule, tally }: Entry, stop: Stop, unsettled?: Unsettled[]): void {
  if (stop.kind === 'unknown') {
    tally.unknowns++
    tally.lastUnknown = stop.facts
  } else {
    tally.errors++
    tally.lastError = stop.message
  }
  if (!rule.protective) unsettled?.push({ rule: rule.source.id, why: stop.kind, detail: stop.message })
}
