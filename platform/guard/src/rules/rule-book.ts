import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction, Principal } from '@firebreak/ledger'
import {
  type CompiledRule,
  compileRule,
  DEFAULT_PACK,
  isProblem,
  type Policy,
  policyVersion,
  RuleSet,
  type RuleSource,
  type RuleState,
} from '@firebreak/policy'

/** A rule with where it stands. Version 0: a rule of the default pack that nobody changed. */
export interface StoredRule extends RuleSource {
  readonly version: number
  readonly note: string
  readonly at: string | null
  readonly by: string
}

/** One field in which two versions differ. */
export interface RuleChange {
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

type Store = Pick<Ledger, 'transaction' | 'db'>

/** What may follow what. A LIVE rule is first DRAFT, then usually BACKGROUND; EXPIRED ones are taken up again as DRAFT. */
const NEXT: Readonly<Record<RuleState, readonly RuleState[]>> = {
  DRAFT: ['BACKGROUND', 'LIVE', 'EXPIRED'],
  BACKGROUND: ['DRAFT', 'LIVE', 'EXPIRED'],
  LIVE: ['BACKGROUND', 'EXPIRED'],
  EXPIRED: ['DRAFT', 'LIVE'],
}

/** The default pack and what the operator made of it: every version kept, nothing unchecked stored. */
export class RuleBook {
  readonly #store: Store
  #rules: readonly StoredRule[] = []
  readonly #compiled = new Map<string, CompiledRule>()

  private constructor(store: Store) {
    this.#store = store
  }

  static async open(store: Store): Promise<RuleBook> {
    const book = new RuleBook(store)
    await book.refresh()
    return book
  }

  /** The default pack first, in its order, then the operator's rules by name. */
  list(): readonly StoredRule[] {
    return this.#rules
  }

  get(id: string): StoredRule {
    const rule = this.#rules.find((one) => one.id === id)
    if (!rule) throw new FirebreakError('http/not-found', [`rule ${id}`])
    return rule
  }

  /** Writes a rule or a new version of it, as DRAFT unless it already is more. Throws `rule/refused` with line and column. */
  async write(source: Omit<RuleSource, 'state'>, by: Principal, note = ''): Promise<StoredRule> {
    const known = this.#rules.find(({ id }) => id === source.id)
    const state = known === undefined || known.state === 'EXPIRED' ? 'DRAFT' : known.state
    return this.#next({ ...source, state }, by, note)
  }

  /** Moves a rule to another state. Throws `http/conflict` for a step that may not be taken. */
  async setState(id: string, state: RuleState, by: Principal, note = ''): Promise<StoredRule> {
    const rule = this.get(id)
    if (rule.state === state) return rule
    if (!NEXT[rule.state].includes(state))
      throw new FirebreakError('http/conflict', [`a rule that is ${rule.state} cannot become ${state}`])
    return this.#next({ ...sourceOf(rule), state }, by, note)
  }

  /** Every version, newest first; the pack's own wording last. */
  async versions(id: string): Promise<StoredRule[]> {
    this.get(id)
    const rows = await this.#store.db
      .selectFrom('rule_version')
      .selectAll()
      .where('rule', '=', id)
      .orderBy('version', 'desc')
      .execute()
    const own = DEFAULT_PACK.find((rule) => rule.id === id)
    return [...rows.map(fromRow), ...(own ? [packRule(own)] : [])]
  }

  /** What changed from one version to another, field by field. */
  async diff(id: string, from: number, to: number): Promise<RuleChange[]> {
    const all = await this.versions(id)
    const [before, after] = [from, to].map((version) => {
      const found = all.find((one) => one.version === version)
      if (!found) throw new FirebreakError('http/not-found', [`version ${version} of rule ${id}`])
      return sourceOf(found) as unknown as Record<string, unknown>
    })
    return [...new Set([...Object.keys(before!), ...Object.keys(after!)])]
      .filter((field) => before![field] !== after![field])
      .map((field) => ({ field, before: before![field] ?? null, after: after![field] ?? null }))
  }

  /** An old version becomes the newest one. */
  async rollback(id: string, version: number, by: Principal): Promise<StoredRule> {
    const old = (await this.versions(id)).find((one) => one.version === version)
    if (!old) throw new FirebreakError('http/not-found', [`version ${version} of rule ${id}`])
    return this.#next(sourceOf(old), by, `back to version ${version}`)
  }

  async refresh(): Promise<void> {
    const rows = await this.#store.db
      .selectFrom('rule_version as r')
      .selectAll()
      .where(({ eb, selectFrom }) =>
        eb(
          'r.version',
          '=',
          selectFrom('rule_version as l')
            .select(({ fn }) => fn.max('l.version').as('last'))
            .whereRef('l.rule', '=', 'r.rule'),
        ),
      )
      .orderBy('r.rule')
      .execute()
    const stored = new Map(rows.map((row) => [row.rule, fromRow(row)]))
    const pack = DEFAULT_PACK.map((source) => stored.get(source.id) ?? packRule(source))
    const own = [...stored.values()].filter(({ id }) => !DEFAULT_PACK.some((source) => source.id === id))
    this.#rules = [...pack, ...own]
  }

  /** As `ruleSet`, with one rule as it would be. */
  ruleSetWith(changed: RuleSource, policy: Policy, at: number): RuleSet {
    const others = this.#rules.filter(({ id }) => id !== changed.id)
    const all = [
      ...others.map((rule) => (expired(rule, at) ? { ...sourceOf(rule), state: 'EXPIRED' as const } : sourceOf(rule))),
      changed,
    ]
    return new RuleSet(all.map(checked), policy, 'as it would be')
  }

  /** The rules in force at a time, compiled, under these settings. `clock` times them. */
  ruleSet(policy: Policy, at: number, clock: () => number): RuleSet {
    const rules = this.#rules.map((rule) => this.#compile(expired(rule, at) ? { ...rule, state: 'EXPIRED' } : rule))
    return new RuleSet(rules, policy, this.version(policy), clock)
  }

  /** Names exactly these rules and settings. */
  version(policy: Policy): string {
    const changed = this.#rules.filter(({ version }) => version > 0)
    const suffix = changed.map(({ id, version }) => `${id}@${version}`).join(',')
    return suffix === '' ? policyVersion(policy) : `${policyVersion(policy)}/${suffix}`
  }

  /** The next moment at which a rule ends by itself; Infinity when none does. */
  nextEnd(at: number): number {
    const ends = this.#rules.map(({ expiresAt }) =>
      expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
    )
    return Math.min(Number.POSITIVE_INFINITY, ...ends.filter((end) => end > at))
  }

  async #next(source: RuleSource, by: Principal, note: string): Promise<StoredRule> {
    checked(source)
    await this.#store.transaction(by, (tx) => writeVersion(tx, source, by, note))
    await this.refresh()
    return this.get(source.id)
  }

  #compile(rule: StoredRule): CompiledRule {
    const key = `${rule.id}@${rule.version}/${rule.state}`
    const known = this.#compiled.get(key)
    if (known) return known
    const compiled = checked(sourceOf(rule))
    this.#compiled.set(key, compiled)
    return compiled
  }
}

/** Throws `rule/refused` unless the rule is sound. */
export function checked(source: RuleSource): CompiledRule {
  const rule = compileRule(source)
  if (isProblem(rule))
    throw new FirebreakError('rule/refused', [source.id, String(rule.line), String(rule.column), rule.message])
  return rule
}

function expired({ expiresAt }: StoredRule, at: number): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= at
}

async function writeVersion(tx: LedgerTransaction, source: RuleSource, by: Principal, note: string): Promise<void> {
  const { db, now } = tx
  const { id, state, ...body } = source
  const last = await db
    .selectFrom('rule_version')
    .select(({ fn }) => fn.max('version').as('version'))
    .where('rule', '=', id)
    .executeTakeFirst()
  const version = (last?.version ?? 0) + 1
  const row = {
    rule: id,
    version,
    state,
    body: JSON.stringify(body),
    note,
    at: new Date(now),
    written_by: `${by.kind}:${by.id}`,
  }
  await db.insertInto('rule_version').values(row).execute()
  await tx.record('rule.written', { rule: id, version, state, note })
}

interface Row {
  readonly rule: string
  readonly version: number
  readonly state: string
  readonly body: string
  readonly note: string
  readonly at: Date
  readonly written_by: string
}

function fromRow({ rule, version, state, body, note, at, written_by }: Row): StoredRule {
  const source = JSON.parse(body) as Omit<RuleSource, 'id' | 'state'>
  return { ...source, id: rule, state: state as RuleState, version, note, at: at.toISOString(), by: written_by }
}

function packRule(source: RuleSource): StoredRule {
  return { ...source, version: 0, note: 'default pack', at: null, by: 'firebreak' }
}

function sourceOf({ version: _version, note: _note, at: _at, by: _by, ...source }: StoredRule): RuleSource {
  return source
}
