import { type Clock, SECOND } from '@firebreak/kernel'
import type { Ledger, Principal, StoredEvent } from '@firebreak/ledger'
import type { Banks } from '../banks/banks.ts'
import type { DetectorAllowed } from '../detectors/port.ts'
import type { Sealer } from '../store/seal.ts'
import { WorkLoop } from '../store/work-loop.ts'
import { attachmentsOf } from './attachments.ts'
import { Catalogue, type CatalogueStatus } from './catalogue.ts'
import { contentIn, contentOf, type EqualEntry, equalEntries } from './contents.ts'
import { Judging, SIGNALS } from './judging.ts'
import { mediaCounts } from './media-counts.ts'
import { MediaStore, type MediumPlace, type MediumState } from './media-store.ts'
import { MediumWork, type UnknownMedia } from './medium-work.ts'
import type { MediaPort } from './ports.ts'

/** What content signals are opened with. */
export interface ContentSignalsOptions {
  readonly ledger: Ledger
  readonly banks: Banks
  readonly sealer: Sealer
  readonly clock: Clock
  readonly media: MediaPort
  /** Names this process among others. */
  readonly holder: string
  /** Media hashed side by side (default 2). 0: this process only takes events and uploads. */
  readonly workers?: number
  /** Longest time between two looks for work (default 1 s). */
  readonly pollEvery?: number
  readonly unknown?: UnknownMedia
  /** Whether media may be looked at where they appeared (default: everywhere). Asked before anything is fetched or read. */
  readonly allowed?: DetectorAllowed
  readonly onFault?: (error: unknown) => void
}

/** How media stand: nothing is skipped in silence. */
export interface ContentSignalsStatus {
  readonly media: Record<MediumState, number>
  /** Failed media by error code. */
  readonly errors: Record<string, number>
  /** Hashed media for which a kind of hash could not be made, by error code. */
  readonly partial: Record<string, number>
  readonly oldestPendingAt: string | null
  /** Bank journal position that the whole back catalogue was compared up to, and where the banks are. */
  readonly catalogue: CatalogueStatus & { readonly head: number }
  readonly detectorFaults: number
}

/** What became of an upload. */
export interface UploadAnswer {
  readonly medium: number
  readonly state: 'hashed' | 'failed' | 'off'
  readonly error?: string
}

const RELAY = 'signals-media'
const TYPES = ['post.created', 'post.updated', 'post.removed'] as const

/**
 * From posts to labels: media named by posts are fetched, hashed, compared with the banks and forgotten; the content gets a label.
 * Every medium is pending, hashed, failed or gone, and counted; a try that dies with its process is taken up again.
 */
export class ContentSignals {
  readonly #options: ContentSignalsOptions
  readonly #store: MediaStore
  readonly #judging: Judging
  readonly #catalogue: Catalogue
  readonly #work: MediumWork
  readonly #loop: WorkLoop
  #stopListening: () => void = () => {}
  #begun = false

  private constructor(options: ContentSignalsOptions) {
    const { ledger, banks, sealer, clock, media, holder, pollEvery = SECOND, allowed, unknown, onFault } = options
    this.#options = options
    this.#loop = new WorkLoop({ pollEvery, onFault })
    const store = new MediaStore(ledger, sealer)
    const judging = new Judging(ledger, banks)
    const parts = { ledger, banks, store, judging, clock, holder }
    this.#store = store
    this.#judging = judging
    this.#catalogue = new Catalogue(parts)
    this.#work = new MediumWork({ ...parts, media, allowed, unknown, signal: this.#loop.signal })
  }

  /** Begins to follow posts and to work. */
  static open(options: ContentSignalsOptions): ContentSignals {
    const signals = new ContentSignals(options)
    signals.#stopListening = options.banks.onChange(() => signals.#loop.wake())
    const workers = options.workers ?? 2
    if (workers > 0) signals.#loop.run(() => signals.#begin(workers))
    return signals
  }

  /** An embedded store has one process: what another one claimed before is free, since that one is gone. Ends with the following of posts. */
  async #begin(workers: number): Promise<boolean> {
    const { ledger, clock } = this.#options
    if (!this.#begun) {
      if (ledger.kind === 'embedded') await this.#store.reclaim(clock())
      for (let i = 0; i < workers; i++) this.#loop.run(() => this.#work.next(i))
      this.#loop.run(() => this.#catalogue.step())
      this.#begun = true
    }
    // Posts in commit order, at least once: taking one twice changes nothing.
    await ledger.outbox.relay(RELAY, (events) => this.#take(events), { signal: this.#loop.signal, types: TYPES })
    return false
  }

  /** Takes one medium's bytes; answers when it is compared. The bytes are not kept. `key`: what tells it from the content's other media. */
  async upload(
    given: { content: string; key: string; bytes: Uint8Array } & Partial<MediumPlace>,
    by: Principal,
  ): Promise<UploadAnswer> {
    const { ledger } = this.#options
    const { content, key, bytes } = given
    const place = placeOf(given)
    const medium = await ledger.transaction(by, async (tx) =>
      this.#store.uploadIn(tx, await contentIn(tx.db, content), key, place),
    )
    if (!this.#work.mayLook(place)) {
      await this.#work.off(medium)
      return { medium: medium.id, state: 'off' }
    }
    const error = await this.#work.hash(medium, bytes)
    return error === null ? { medium: medium.id, state: 'hashed' } : { medium: medium.id, state: 'failed', error }
  }

  /** Puts failed media back, all or those of some errors. Answers how many. */
  async retry(errors: readonly string[] | null, by: Principal): Promise<number> {
    const count = await this.#options.ledger.transaction(by, async (tx) => {
      const moved = await this.#store.retryIn(tx, errors)
      await tx.record('signals.retry', { errors, media: moved })
      return moved
    })
    this.#loop.wake()
    return count
  }

  /** Asks again about media that were left out for want of a legal basis. Answers how many. */
  async reopen(by: Principal): Promise<number> {
    const count = await this.#options.ledger.transaction(by, async (tx) => {
      const moved = await this.#store.reopenIn(tx)
      await tx.record('signals.reopen', { media: moved })
      return moved
    })
    this.#loop.wake()
    return count
  }

  /**
   * A person looked at a content (null: what they found was taken back). Its labels follow at once; a content that is not known here
   * changes nothing. Answers the entries that it equals, for what the finding says of them.
   */
  async reviewed(content: string, confirmed: boolean | null): Promise<EqualEntry[]> {
    const { ledger } = this.#options
    const known = await contentOf(ledger.db, content)
    if (known === null) return []
    await this.#judging.transaction(async (tx) => {
      await this.#judging.current(tx)
      if (confirmed === null) await this.#judging.unreviewedIn(tx, known)
      else await this.#judging.reviewedIn(tx, known, confirmed)
    })
    return equalEntries(ledger.db, known)
  }

  /** The number of a content's name, made when it was never named. */
  entityOf(content: string): Promise<number> {
    return this.#options.ledger.transaction(SIGNALS, (tx) => contentIn(tx.db, content))
  }

  /** How many contents an entry matches, for the person who looks at a quarantined one. */
  async contentsOf(bank: number, entry: number): Promise<number> {
    const { count } = await this.#options.ledger.db
      .selectFrom('medium_match')
      .innerJoin('medium', 'medium.id', 'medium_match.medium')
      .select((e) => e.fn.count<number>('medium.content').distinct().as('count'))
      .where('medium_match.bank', '=', bank)
      .where('medium_match.entry', '=', entry)
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  /** PDQ hashes of own media after an id, for exchanges that are asked instead of read. */
  pdqAfter(after: number, most: number): Promise<{ id: number; hash: Uint8Array }[]> {
    return this.#store.pdqAfter(after, most)
  }

  async status(): Promise<ContentSignalsStatus> {
    const { states, errors, partial, oldestPendingAt } = await mediaCounts(this.#options.ledger.db)
    const catalogue = await this.#catalogue.status()
    return {
      ...{ media: states, errors, partial, oldestPendingAt, detectorFaults: this.#work.detectorFaults },
      catalogue: { ...catalogue, head: this.#options.banks.seq },
    }
  }

  async close(): Promise<void> {
    this.#stopListening()
    await this.#loop.close()
    await this.#catalogue.release().catch(() => {})
  }

  async #take(events: readonly StoredEvent[]): Promise<void> {
    const posts = events.filter(({ type, data }) => type !== 'post.created' || data?.attachments !== undefined)
    if (posts.length === 0) return
    await this.#judging.transaction(async (tx) => {
      const rejudge: number[] = []
      for (const post of posts) {
        if (post.subject.type !== 'content' || post.erased) continue
        const content = await contentIn(tx.db, post.subject.id)
        // A changed post that says nothing of its media keeps them.
        if (post.type === 'post.updated' && post.data?.attachments === undefined) continue
        const place = placeOf({ ...post.context, surface: post.surface })
        const gone = await (post.type === 'post.removed'
          ? this.#store.removeIn(tx, content)
          : this.#store.takeIn(tx, content, attachmentsOf(post), place))
        if (gone) rejudge.push(content)
      }
      if (rejudge.length > 0) {
        await this.#judging.current(tx)
        await this.#judging.judgeIn(tx, [...new Set(rejudge)])
      }
    })
    this.#loop.wake()
  }
}

function placeOf({
  surface,
  jurisdiction,
}: {
  surface?: string | null | undefined
  jurisdiction?: string | null | undefined
}): MediumPlace {
  return { surface: surface ?? null, jurisdiction: jurisdiction ?? null }
}
