import { type Clock, DAY, SECOND } from '@firebreak/kernel'
import type { Label, LabelInput, Ledger, Principal, StoredEvent } from '@firebreak/ledger'
import type { DetectorAllowed } from '../detectors/port.ts'
import { WorkLoop } from '../store/work-loop.ts'
import { eventsSince } from './blast-radius.ts'
import type { Lexicon } from './lexicon.ts'
import { saidIn } from './said.ts'

/** A content whose stored text holds an entry in force. Limits what is proposed; says nothing of an account. */
export const LISTED_TEXT = 'listed-text'

export interface ListedTextsOptions {
  readonly ledger: Ledger
  readonly lexicon: Lexicon
  readonly clock: Clock
  /** Whether texts may be looked at where they appeared (default: everywhere). Asked before anything is looked at. */
  readonly allowed?: DetectorAllowed
  /** How far back posts are looked at again when an entry is put in force (default 30 days). */
  readonly days?: number
  /** Longest time between two looks (default 1 s). */
  readonly pollEvery?: number
  readonly onFault?: (error: unknown) => void
}

const RELAY = 'lexicon-texts'
const CATALOGUE = 'lexicon-texts-catalogue'
const TYPES = ['post.created', 'post.updated'] as const
const LEXICON: Principal = { kind: 'system', id: 'lexicon' }
const REASON = 'Its text holds a term or link of a list in force.'

/**
 * Labels contents whose text is listed, so that a surface that asks by id alone gets what one that sends the text gets: posts as they
 * come, and those of the last days when an entry is put in force. A label goes when its entries go or the post is edited.
 */
export class ListedTexts {
  readonly #options: ListedTextsOptions
  readonly #loop: WorkLoop
  readonly #relay: Promise<void>

  private constructor(options: ListedTextsOptions) {
    this.#options = options
    this.#loop = new WorkLoop({ pollEvery: options.pollEvery ?? SECOND, onFault: options.onFault })
    this.#loop.run(() => this.#followList())
    this.#relay = options.ledger.outbox
      .relay(RELAY, (events) => this.#takePosts(events), { signal: this.#loop.signal, types: TYPES })
      .catch((error: unknown) => {
        if (!this.#loop.signal.aborted) options.onFault?.(error)
      })
  }

  static open(options: ListedTextsOptions): ListedTexts {
    return new ListedTexts(options)
  }

  async close(): Promise<void> {
    await this.#loop.close()
    await this.#relay
  }

  async #takePosts(events: readonly StoredEvent[]): Promise<void> {
    await this.#options.lexicon.refresh()
    if (this.#options.lexicon.status().live === 0) return
    for (const event of events) {
      const entries = this.#entriesIn(event)
      if (entries.length > 0 || event.type === 'post.updated') await this.#settle(event.subject.id, entries)
    }
  }

  /** One label says what holds now: kept when it says so already, else taken back and written anew. */
  async #settle(content: string, entries: readonly string[]): Promise<void> {
    const { ledger } = this.#options
    const standing = await ledger.labels.active({ subject: { type: 'content', id: content }, value: LISTED_TEXT })
    const kept = standing.find((label) => entries.length > 0 && entriesOf(label).join() === entries.join())
    const gone = standing.filter((label) => label !== kept).map(({ id }) => id)
    if (kept && gone.length === 0) return
    if (!kept && gone.length === 0 && entries.length === 0) return
    await ledger.transaction(LEXICON, async (tx) => {
      if (gone.length > 0) await tx.retractLabels(gone, 'The text or the list has changed.')
      if (!kept && entries.length > 0) await tx.applyLabels([this.#labelOn(content, entries)])
    })
  }

  #entriesIn(event: StoredEvent): string[] {
    const { lexicon, allowed } = this.#options
    if (allowed && !allowed('lexicon', event.surface ?? 'upload', event.context?.jurisdiction)) return []
    return [...new Set(saidIn(event).flatMap(({ kind, text }) => lexicon.listedIn(kind, text)))].sort()
  }

  /** The label is over when the last of its entries is. */
  #labelOn(content: string, entries: readonly string[]): LabelInput {
    const end = Math.max(...entries.map((id) => this.#options.lexicon.inForceUntil(id)))
    return {
      ...{ subject: { type: 'content', id: content }, value: LISTED_TEXT, source: 'lexicon', reason: REASON },
      evidence: { entries },
      ...(Number.isFinite(end) ? { expiresAt: new Date(end).toISOString() } : {}),
    }
  }

  /** Takes in what changed in the list: labels that only gone entries ask for go, posts of the last days are looked at for new ones. */
  async #followList(): Promise<boolean> {
    const { ledger, lexicon, clock, days = 30 } = this.#options
    const cursor = ledger.cursor(CATALOGUE)
    const changes = await lexicon.changesAfter(await cursor.get())
    if (changes === null) return false
    await this.#dropStale(changes.ids)
    if (changes.live.length > 0) {
      const fresh = new Set(changes.live)
      for await (const batch of eventsSince(ledger, clock() - days * DAY))
        for (const event of batch) {
          if (this.#loop.signal.aborted) return false
          if (!TYPES.includes(event.type as (typeof TYPES)[number])) continue
          const entries = this.#entriesIn(event)
          if (entries.some((id) => fresh.has(id))) await this.#settle(event.subject.id, entries)
        }
    }
    await cursor.set(changes.seq)
    return true
  }

  /** Labels that name a changed entry say what is left of them. */
  async #dropStale(changed: readonly string[]): Promise<void> {
    const { ledger, lexicon } = this.#options
    const named = new Set(changed)
    for (const label of await ledger.labels.active({ value: LISTED_TEXT })) {
      const entries = entriesOf(label)
      if (!entries.some((id) => named.has(id))) continue
      const left = entries.filter((id) => lexicon.inForceUntil(id) > 0)
      if (left.length < entries.length) await this.#settle(label.subject.id, left)
    }
  }
}

function entriesOf({ evidence }: Label): readonly string[] {
  return (evidence as { entries?: readonly string[] } | undefined)?.entries ?? []
}
