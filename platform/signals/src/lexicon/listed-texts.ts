import { type Clock, DAY, HOUR, SECOND } from '@firebreak/kernel'
import type { Label, LabelInput, Ledger, Principal, StoredEvent } from '@firebreak/ledger'
import type { DetectorAllowed } from '../detectors/port.ts'
import { WorkLoop } from '../store/work-loop.ts'
import { eventsSince, mayLook } from './blast-radius.ts'
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
const TYPES = ['post.created', 'post.updated', 'post.removed'] as const
/** A label says what held when it was written: it ends by itself unless it is found true again. */
const LIFE = 30 * DAY
const RENEW_BEFORE = 10 * DAY
const LEXICON: Principal = { kind: 'system', id: 'lexicon' }
const REASON = 'Its text holds a term or link of a list in force.'

/**
 * Labels contents whose text is listed, so that a surface that asks by id alone gets what one that sends the text gets: posts as they
 * come, and those of the last days when an entry is put in force. A label goes when its entries go or the post is edited.
 */
export class ListedTexts {
  readonly #options: ListedTextsOptions
  readonly #loop: WorkLoop
  #renewAt = 0
  #settling: Promise<void> = Promise.resolve()

  private constructor(options: ListedTextsOptions) {
    this.#options = options
    this.#loop = new WorkLoop({ pollEvery: options.pollEvery ?? SECOND, onFault: options.onFault })
    this.#loop.run(() => this.#followList())
    this.#loop.run(() => this.#followPosts())
  }

  static open(options: ListedTextsOptions): ListedTexts {
    return new ListedTexts(options)
  }

  async close(): Promise<void> {
    await this.#loop.close()
  }

  /** Until the end; after a fault it is begun again by the loop. */
  async #followPosts(): Promise<boolean> {
    const { ledger, onFault } = this.#options
    const options = { signal: this.#loop.signal, types: TYPES, ...(onFault ? { onFault } : {}) }
    await ledger.outbox.relay(RELAY, (events) => this.#takePosts(events), options)
    return false
  }

  async #takePosts(events: readonly StoredEvent[]): Promise<void> {
    await this.#options.lexicon.refresh()
    if (this.#options.lexicon.status().live === 0) return
    for (const event of events) await this.#look(event)
  }

  /** Later versions of a post take an earlier label back. */
  async #look(event: StoredEvent): Promise<void> {
    const entries = this.#entriesIn(event)
    if (entries.length > 0 || event.type !== 'post.created') await this.#settle(event.subject.id, entries)
  }

  /** One after the other: the posts that come and the pass over old ones may meet at one content. */
  #settle(content: string, entries: readonly string[]): Promise<void> {
    this.#settling = this.#settling.catch(() => {}).then(() => this.#settleNow(content, entries))
    return this.#settling
  }

  /** One label says what holds now: kept when it says so already, else taken back and written anew. */
  async #settleNow(content: string, entries: readonly string[]): Promise<void> {
    const { ledger } = this.#options
    const standing = await ledger.labels.active({ subject: { type: 'content', id: content }, value: LISTED_TEXT })
    const wanted = entries.length > 0 ? this.#labelOn(content, entries) : null
    const kept = standing.find((label) => wanted !== null && saysTheSame(label, wanted))
    const gone = standing.filter((label) => label !== kept).map(({ id }) => id)
    if (kept && gone.length === 0) return
    if (wanted === null && gone.length === 0) return
    await ledger.transaction(LEXICON, async (tx) => {
      if (gone.length > 0) await tx.retractLabels(gone, 'The text or the list has changed.')
      if (!kept && wanted) await tx.applyLabels([wanted])
    })
  }

  #entriesIn(event: StoredEvent): string[] {
    const { lexicon, allowed } = this.#options
    if (event.type === 'post.removed' || !mayLook(event, allowed)) return []
    return [...new Set(saidIn(event).flatMap(({ kind, text }) => lexicon.listedIn(kind, text)))].sort()
  }

  /** The label is over when the last of its entries is, and after thirty days in any case. */
  #labelOn(content: string, entries: readonly string[]): LabelInput & { expiresAt: string } {
    const { clock, lexicon } = this.#options
    const end = Math.min(clock() + LIFE, Math.max(...entries.map((id) => lexicon.inForceUntil(id))))
    return {
      ...{ subject: { type: 'content', id: content }, value: LISTED_TEXT, source: 'lexicon', reason: REASON },
      evidence: { entries },
      expiresAt: new Date(end).toISOString(),
    }
  }

  /** Takes in what changed in the list: labels that only gone entries ask for go, posts of the last days are looked at for new ones. */
  async #followList(): Promise<boolean> {
    const { ledger, lexicon } = this.#options
    const cursor = ledger.cursor(CATALOGUE)
    const changes = await lexicon.changesAfter(await cursor.get())
    if (changes === null) {
      await this.#renew()
      return false
    }
    await this.#dropStale(changes.ids)
    if (changes.live.length > 0 && !(await this.#lookBack())) return false
    await cursor.set(changes.seq)
    return true
  }

  /** False when it was ended before it was through. */
  async #lookBack(): Promise<boolean> {
    const { ledger, allowed, clock, days = 30 } = this.#options
    for await (const batch of eventsSince({ ledger, allowed }, clock() - days * DAY, TYPES))
      for (const event of batch) {
        if (this.#loop.signal.aborted) return false
        await this.#look(event)
      }
    return true
  }

  /** Labels near their end are written anew while an entry of theirs stands; looked for once an hour. */
  async #renew(): Promise<void> {
    const { ledger, lexicon, clock } = this.#options
    if (clock() < this.#renewAt) return
    this.#renewAt = clock() + HOUR
    for (const label of await ledger.labels.active({ value: LISTED_TEXT }))
      if (Date.parse(label.expiresAt ?? '') - clock() <= RENEW_BEFORE)
        await this.#settle(
          label.subject.id,
          entriesOf(label).filter((id) => lexicon.inForceUntil(id) > 0),
        )
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

/** The same entries, and not so much older that it has to be renewed. */
function saysTheSame(label: Label, wanted: LabelInput & { expiresAt: string }): boolean {
  const age = Date.parse(wanted.expiresAt) - Date.parse(label.expiresAt ?? '')
  return age < LIFE - RENEW_BEFORE && entriesOf(label).join() === entriesOf(wanted).join()
}

function entriesOf({ evidence }: Pick<LabelInput, 'evidence'>): readonly string[] {
  return (evidence as { entries?: readonly string[] } | undefined)?.entries ?? []
}
