import type { Clock, Random } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import type { Surface, TextFacts } from '@firebreak/policy'
import type { DetectorAllowed } from '../detectors/port.ts'
import type { Sealer } from '../store/seal.ts'
import { type DiscoveredVariant, discoverVariants } from './discovery.ts'
import { Entries } from './entries.ts'
import { Inbox } from './inbox.ts'
import type { Interstitials } from './interstitials.ts'
import { LexiconStore } from './lexicon-store.ts'
import { LiveLists } from './live-lists.ts'
import { LexiconSettings, type LexiconSettingsValue } from './settings.ts'
import { judgeText, listedEntries, type TextContext } from './text-judge.ts'

/** What a lexicon is opened with. */
export interface LexiconOptions {
  readonly ledger: Ledger
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
  readonly newId: () => string
  /** Whether stored texts may be looked at where they appeared (default: everywhere). Asked before one is read. */
  readonly allowed?: DetectorAllowed
  readonly onFault?: (error: unknown) => void
  /** Longest time between two looks at the ledger when nobody reports a commit (default 0.5 s). */
  readonly pollEvery?: number
}

/**
 * Terms, hashtags, links and expressions under policy: written, tested, looked at by a second person, tried in shadow, put in force,
 * taken back. Texts are sealed at rest and never given out; what is in force is in memory and followed within a second by every
 * process. Every change is in the ledger's chain, without its text.
 */
export class Lexicon {
  readonly entries: Entries
  readonly inbox: Inbox
  readonly settings: LexiconSettings
  readonly #options: LexiconOptions
  readonly #lists: LiveLists

  private constructor(options: LexiconOptions) {
    this.#options = options
    const store = new LexiconStore(options.sealer)
    this.inbox = new Inbox(options)
    this.settings = new LexiconSettings(options.ledger)
    this.#lists = new LiveLists(options, store, this.settings)
    this.entries = new Entries(options, store, this.#lists, this.inbox)
  }

  /** Resolves when everything in force is in memory. */
  static async open(options: LexiconOptions): Promise<Lexicon> {
    const lexicon = new Lexicon(options)
    await lexicon.#lists.open()
    return lexicon
  }

  /** Changes whenever what is in force does; said beside verdicts, so that they can be replayed. */
  get version(): string {
    return `lexicon-${this.#lists.seq}`
  }

  get interstitials(): Interstitials {
    return this.#lists.interstitials
  }

  /** The guard's port: what is in force says about a text. Entries in shadow are matched and counted, nothing more. */
  judge(surface: Surface, kind: string, text: string, context: TextContext): TextFacts | null {
    this.#lists.countShadow(kind, text, context.at)
    return judgeText(this.#lists, surface, kind, text, context)
  }

  /** Which entries in force a text holds, for people who may write the lexicon: ids, never texts. */
  match(kind: string, text: string, { fuzzy = false } = {}) {
    const { terms, links } = this.#lists.list.find(kind, text, this.#options.clock(), { fuzzy })
    return [...terms, ...links].map(({ entry, tier, start, end, why }) => ({
      entry: entry.id,
      list: entry.list,
      tier,
      start,
      end,
      why,
    }))
  }

  /** Ids of entries in force that keep a text from being proposed. */
  listedIn(kind: string, text: string): string[] {
    return listedEntries(this.#lists, 'recommend_content', kind, text, this.#options.clock())
  }

  /** Until when an entry is in force: milliseconds since 1970, Infinity for no end, 0 when it is not. */
  inForceUntil(id: string): number {
    const end = this.#lists.list.endOf(id)
    return end > this.#options.clock() ? end : 0
  }

  /** Which entries changed since a position of the list, and which of them are in force; null when none did. */
  async changesAfter(seq: number): Promise<{ seq: number; ids: string[]; live: string[] } | null> {
    await this.refresh()
    const changed = await this.#lists.changedAfter(seq)
    if (changed.length === 0) return null
    const ids = changed.map(({ id }) => id)
    return { seq: changed.at(-1)!.changed, ids, live: ids.filter((id) => this.inForceUntil(id) > 0) }
  }

  /** Variants of a blocked term out of the stored events, filed into the inbox for people to decide. */
  async discover(query: { blocked: string; at: number; limit: number }, by: Principal): Promise<DiscoveredVariant[]> {
    const { ledger, allowed, clock, random } = this.#options
    const { protectedTerms } = this.#lists
    const found = await discoverVariants({ ledger, allowed }, { ...query, now: clock(), random, protectedTerms })
    const items = found.map(({ variant, evidence, falsePositivesPerMegabyte, blastRadius }) => ({
      ...{ text: variant, about: query.blocked, evidence, falsePositivesPerMegabyte, blastRadius },
    }))
    if (items.length > 0) await this.inbox.file('variant', items, by)
    return found
  }

  /** What is in memory: version, entries in force and in shadow, and those that could not be made ready. */
  status() {
    const { list, shadow } = this.#lists
    return { version: this.version, live: list.size, shadow: shadow.size, broken: [...list.broken, ...shadow.broken] }
  }

  async setSettings(changes: Partial<LexiconSettingsValue>, by: Principal): Promise<LexiconSettingsValue> {
    const value = await this.settings.write(changes, by)
    await this.#lists.refresh()
    return value
  }

  /** Takes in everything written so far. */
  refresh(): Promise<void> {
    return this.#lists.refresh()
  }

  close(): Promise<void> {
    return this.#lists.close()
  }
}
