import type { Random } from '@firebreak/kernel'
import { type EdgeList, RELATIONS } from './edge-list.ts'
import { eventsOf, type WorldEvent } from './events.ts'
import type { Items, Posts } from './items.ts'
import { LANGUAGES, type People } from './population/people.ts'
import type { ScenarioName } from './scenario.ts'
import type { Truth } from './truth.ts'

/** One edge with ids: who acts on whom or what, how, how often, when (milliseconds since 1970, UTC). */
export type WorldEdge = readonly [source: string, target: string, relation: string, weight: number, atMs: number]

export interface WorldParts {
  readonly scenario: ScenarioName
  readonly seed: number
  readonly people: People
  /** 1 for minors; null where the platform knows no ages. */
  readonly minors: Uint8Array | null
  readonly items: Items
  readonly posts: Posts
  readonly edges: EdgeList
  /** Follows that were taken back, as pairs; they show in the events and not in the edges. */
  readonly withdrawn: readonly (readonly [source: number, target: number, at: number, withdrawnAt: number])[]
  readonly removedAt: ReadonlyMap<number, number>
  readonly reportable: readonly number[]
  readonly protectedAccounts: readonly number[]
  readonly truth: Truth
  readonly streamFor: (purpose: string) => Random
}

/** A synthetic platform: what happened on it in 90 days, and apart from it who was planted. Same scenario and seed, same world. */
export class World {
  readonly scenario: ScenarioName
  readonly seed: number
  /** Typed arrays behind the world, for recommenders and benches that cannot afford strings. */
  readonly parts: WorldParts
  readonly accountCount: number
  readonly startMs: number
  readonly endMs: number
  /** Planted parts; for scoring only. */
  readonly truth: Truth
  readonly #ids: readonly string[]
  #numbers: Map<string, number> | undefined

  constructor(parts: WorldParts, ids: readonly string[]) {
    this.parts = parts
    this.#ids = ids
    this.scenario = parts.scenario
    this.seed = parts.seed
    this.accountCount = parts.people.count
    this.startMs = parts.people.startMs
    this.endMs = parts.people.endMs
    this.truth = parts.truth
  }

  /** The id of an account or, past the accounts, of an item. */
  idOf(node: number): string {
    return node < this.accountCount ? this.#ids[node]! : this.parts.items.idOf(node)
  }

  /** The number of an account, or -1. Builds its index at the first call. */
  accountOf(id: string): number {
    this.#numbers ??= new Map(this.#ids.map((name, number) => [name, number]))
    return this.#numbers.get(id) ?? -1
  }

  get accountIds(): readonly string[] {
    return this.#ids
  }

  languageOf(account: number): string {
    return LANGUAGES[this.parts.people.language[account]!]!
  }

  /** Age of an account at the end of the window, in days. */
  ageDaysOf(account: number): number {
    return (this.endMs - this.parts.people.createdAtMs[account]!) / 86_400_000
  }

  /** Everything that the platform saw, in order of time, without a trace of the truth. Cost: one pass and a sort by hour. */
  events(): Iterable<WorldEvent> {
    return eventsOf(this)
  }

  /** Current edges; equal ones are repeated, not added up. */
  *edges(): Iterable<WorldEdge> {
    const { edges } = this.parts
    for (let edge = 0; edge < edges.count; edge++) {
      const relation = RELATIONS[edges.relation[edge]!]!
      const at = this.startMs + edges.at[edge]! * 1000
      yield [this.idOf(edges.source[edge]!), this.idOf(edges.target[edge]!), relation, 1, at]
    }
  }

  /** Accounts that users would plausibly report first: well-followed planted hubs that still exist. `draw` gives other choices. */
  suggestedSeeds(count: number, draw = 0): string[] {
    const random = this.parts.streamFor(`seeds/${draw}`)
    const pool = this.parts.reportable.slice()
    const seeds: string[] = []
    while (seeds.length < count && pool.length > 0)
      seeds.push(this.idOf(pool.splice(Math.floor(random() * pool.length), 1)[0]!))
    return seeds
  }

  /** Accounts chosen at random that nothing was planted in: unrelated seeds, for "this is not a network". */
  unrelatedSeeds(count: number, draw = 0): string[] {
    const random = this.parts.streamFor(`unrelated/${draw}`)
    const planted = new Set([
      ...this.truth.positives(),
      ...this.truth.bridges,
      ...this.truth.audience,
      ...this.truth.club,
    ])
    const seeds = new Set<string>()
    while (seeds.size < count) {
      const id = this.#ids[Math.floor(random() * this.accountCount)]!
      if (!planted.has(id)) seeds.add(id)
    }
    return [...seeds]
  }

  /** Desks that the operator knows and protects (press, support, child safety). */
  protectedAccounts(): string[] {
    return this.parts.protectedAccounts.map((account) => this.idOf(account))
  }
}
