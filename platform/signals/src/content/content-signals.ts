import { type Clock, FirebreakError, HOUR, SECOND } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction, Principal, StoredEvent } from '@firebreak/ledger'
import type { Banks } from '../banks/banks.ts'
import type { DetectorAllowed } from '../detectors/port.ts'
import type { Sealer } from '../store/seal.ts'
import { attachmentsOf } from './attachments.ts'
import { Catalogue, type CatalogueStatus, distinct } from './catalogue.ts'
import { BanksMoved, Judging } from './judging.ts'
import { type ClaimedMedium, MediaStore, type MediumPlace, type MediumState } from './media-store.ts'
import type { MediaHash, MediaPort } from './ports.ts'

/** What looks at a medium that no bank knows. Called after its hashes are durable; what it throws is counted and does not matter. */
export type UnknownMedia = (medium: {
  readonly content: number
  readonly name: string
  readonly place: MediumPlace
  readonly bytes: Uint8Array
}) => Promise<void>

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

const BY: Principal = { kind: 'system', id: 'signals' }
/** The name under which the legal-basis switchboard knows matching of media. */
export const MEDIA_MATCH = 'media-match'
const RELAY = 'signals-media'
const TYPES = ['post.created', 'post.updated', 'post.removed'] as const
const MOST_TRIES = 8
const FIRST_WAIT = 15 * SECOND
const LONGEST_WAIT = 6 * HOUR
const STEP_LIMIT = 80 * SECOND

/**
 * From posts to labels: media named by posts are fetched, hashed, compared with the banks and forgotten; the content gets a label.
 * Every medium is pending, hashed, failed or gone, and counted; a try that dies with its process is taken up again.
 */
export class ContentSignals {
  readonly #options: ContentSignalsOptions
  readonly #store: MediaStore
  readonly #judging: Judging
  readonly #catalogue: Catalogue
  readonly #ended = new AbortController()
  readonly #loops: Promise<void>[] = []
  #wake: () => void = () => {}
  #woken: Promise<void> = Promise.resolve()
  #stopListening: () => void = () => {}
  #detectorFaults = 0

  private constructor(options: ContentSignalsOptions) {
    const { ledger, banks, sealer, clock, holder } = options
    this.#options = options
    this.#store = new MediaStore(ledger, sealer)
    this.#judging = new Judging(banks, this.#store)
    this.#catalogue = new Catalogue({
      ledger,
      banks,
      store: this.#store,
      judging: this.#judging,
      clock,
      by: BY,
      holder,
    })
  }

  /** Begins to follow posts and to work. */
  static open(options: ContentSignalsOptions): ContentSignals {
    const signals = new ContentSignals(options)
    signals.#rearm()
    signals.#stopListening = options.banks.onChange(() => signals.#wake())
    const workers = options.workers ?? 2
    if (workers > 0) signals.#loops.push(signals.#start(workers))
    return signals
  }

  /** An embedded store has one process: what another one claimed before is free, since that one is gone. */
  async #start(workers: number): Promise<void> {
    const { ledger, clock, onFault } = this.#options
    try {
      if (ledger.kind === 'embedded') await this.#store.reclaim(clock())
    } catch (error) {
      onFault?.(error)
    }
    const hashing = Array.from({ length: workers }, (_, i) => this.#loop(() => this.#hashSome(i)))
    await Promise.all([this.#follow(), ...hashing, this.#loop(() => this.#catalogue.step())])
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
      this.#store.uploadIn(tx, await this.#store.contentIn(tx.db, content), key, place),
    )
    if (!this.#mayLook(place)) {
      await ledger.transaction(BY, (tx) => this.#store.offIn(tx, medium.id))
      return { medium: medium.id, state: 'off' }
    }
    const error = await this.#hash(medium, bytes, place)
    return error === null ? { medium: medium.id, state: 'hashed' } : { medium: medium.id, state: 'failed', error }
  }

  /** Puts failed media back, all or those of some errors. Answers how many. */
  async retry(errors: readonly string[] | null, by: Principal): Promise<number> {
    const count = await this.#options.ledger.transaction(by, async (tx) => {
      const moved = await this.#store.retryIn(tx, errors)
      await tx.record('signals.retry', { errors, media: moved })
      return moved
    })
    this.#wake()
    return count
  }

  /** Asks again about media that were left out for want of a legal basis. Answers how many. */
  async reopen(by: Principal): Promise<number> {
    const count = await this.#options.ledger.transaction(by, async (tx) => {
      const moved = await this.#store.reopenIn(tx)
      await tx.record('signals.reopen', { media: moved })
      return moved
    })
    this.#wake()
    return count
  }

  /**
   * A person looked at a content. Its labels follow at once; a content that is not known here changes nothing. Answers the entries that
   * it equals, for what the finding says of them.
   */
  async reviewed(content: string, confirmed: boolean): Promise<{ bank: number; entry: number }[]> {
    let equal: { bank: number; entry: number }[] = []
    const known = await this.#options.ledger.db
      .selectFrom('entity')
      .select('id')
      .where('name', '=', content)
      .where('kind', '=', 'content')
      .executeTakeFirst()
    if (known === undefined) return equal
    await this.#judged(async (tx) => {
      await this.#judging.current(tx)
      equal = await this.#judging.reviewedIn(tx, known.id, confirmed)
    })
    return equal
  }

  /** The number of a content's name, made when it was never named. */
  entityOf(content: string): Promise<number> {
    return this.#options.ledger.transaction(BY, (tx) => this.#store.contentIn(tx.db, content))
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
    const { states, errors, partial, oldestPendingAt } = await this.#store.counts()
    const catalogue = await this.#catalogue.status()
    return {
      ...{ media: states, errors, partial, oldestPendingAt, detectorFaults: this.#detectorFaults },
      catalogue: { ...catalogue, head: this.#options.banks.seq },
    }
  }

  async close(): Promise<void> {
    this.#ended.abort()
    this.#stopListening()
    this.#wake()
    await Promise.allSettled(this.#loops)
    await this.#catalogue.release().catch(() => {})
  }

  /** Posts in commit order, at least once: taking one twice changes nothing. */
  async #follow(): Promise<void> {
    const { ledger, onFault } = this.#options
    const { signal } = this.#ended
    while (!signal.aborted)
      try {
        await ledger.outbox.relay(RELAY, (events) => this.#take(events), { signal, types: TYPES })
      } catch (error) {
        if (!signal.aborted) onFault?.(error)
        await this.#sleep(SECOND)
      }
  }

  async #take(events: readonly StoredEvent[]): Promise<void> {
    const posts = events.filter(({ type, data }) => type !== 'post.created' || data?.attachments !== undefined)
    if (posts.length === 0) return
    await this.#judged(async (tx) => {
      const rejudge: number[] = []
      for (const post of posts) {
        if (post.subject.type !== 'content' || post.erased) continue
        const content = await this.#store.contentIn(tx.db, post.subject.id)
        // A changed post that says nothing of its media keeps them.
        if (post.type === 'post.updated' && post.data?.attachments === undefined) continue
        const attachments = post.type === 'post.removed' ? [] : attachmentsOf(post)
        if (await this.#store.takeIn(tx, content, attachments, placeOf({ ...post.context, surface: post.surface })))
          rejudge.push(content)
      }
      if (rejudge.length > 0) {
        await this.#judging.current(tx)
        await this.#judging.judgeIn(tx, [...new Set(rejudge)])
      }
    })
    this.#wake()
  }

  async #hashSome(worker: number): Promise<boolean> {
    const { clock, holder } = this.#options
    const media = await this.#store.claim(clock(), `${holder}/${worker}`, 4)
    for (const medium of media) await this.#work(medium)
    return media.length > 0
  }

  async #work(medium: ClaimedMedium): Promise<void> {
    const { source } = medium
    if ('upload' in source) return void (await this.#failed(medium, 'medium/upload-lost', false))
    if ('unreadable' in source) return void (await this.#failed(medium, 'medium/unreadable-address', false))
    if (!this.#mayLook(medium))
      return void (await this.#options.ledger.transaction(BY, (tx) => this.#store.offIn(tx, medium.id)))
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(STEP_LIMIT)])
    const fetched = await this.#options.media.fetch(source.url, signal)
    if (this.#ended.signal.aborted) return
    if (fetched.ok)
      await this.#hash(medium, fetched.bytes, { surface: medium.surface, jurisdiction: medium.jurisdiction })
    else await this.#failed(medium, fetched.code, fetched.retry)
  }

  /** Hashes, compares and writes down; answers the error code, or null. */
  async #hash(medium: ClaimedMedium, bytes: Uint8Array, place: MediumPlace): Promise<string | null> {
    const hashed = await this.#options.media.hash(
      bytes,
      AbortSignal.any([this.#ended.signal, AbortSignal.timeout(STEP_LIMIT)]),
    )
    if (!hashed.ok) {
      if (!this.#ended.signal.aborted)
        await this.#failed(medium, hashed.code, hashed.retry && !('upload' in medium.source))
      return hashed.code
    }
    const { hashes, missing } = hashed
    if (missing?.retry && medium.attempts < MOST_TRIES && !('upload' in medium.source)) {
      await this.#failed(medium, missing.code, true)
      return missing.code
    }
    const known = await this.#hashed(medium, hashes, missing?.code ?? null)
    if (!known) await this.#unknown(medium, bytes, place)
    return null
  }

  async #hashed(medium: ClaimedMedium, hashes: readonly MediaHash[], missing: string | null): Promise<boolean> {
    const { banks } = this.#options
    let known = false
    await this.#judged(async (tx) => {
      if (!(await this.#store.isOurs(tx, medium))) return
      const seq = await this.#judging.current(tx)
      const hits = distinct(hashes.flatMap((hash) => banks.match(hash)))
      known = hits.length > 0
      await this.#store.hashedIn(tx, medium.id, hashes, seq, missing)
      if (known) await this.#judging.matchedIn(tx, [{ medium: medium.id, content: medium.content, hits }])
    })
    return known
  }

  async #unknown(medium: ClaimedMedium, bytes: Uint8Array, place: MediumPlace): Promise<void> {
    const { unknown, ledger } = this.#options
    if (unknown === undefined) return
    const name = (await this.#store.names(ledger.db, [medium.content])).get(medium.content)
    if (name === undefined) return
    try {
      await unknown({ content: medium.content, name, place, bytes })
    } catch {
      this.#detectorFaults++
    }
  }

  #mayLook({ surface, jurisdiction }: MediumPlace): boolean {
    return this.#options.allowed?.(MEDIA_MATCH, surface ?? 'upload', jurisdiction ?? undefined) ?? true
  }

  async #failed(medium: ClaimedMedium, code: string, retry: boolean): Promise<void> {
    const again = retry && medium.attempts < MOST_TRIES
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 4 ** (medium.attempts - 1))
    await this.#options.ledger.transaction(BY, async (tx) => {
      if (await this.#store.isOurs(tx, medium))
        await this.#store.failedIn(tx, medium.id, code, again ? tx.now + wait : null)
    })
  }

  /** A transaction that judges on the banks as they stand at its commit: tried again when another process moved them meanwhile. */
  async #judged(work: (tx: LedgerTransaction) => Promise<void>): Promise<void> {
    const { ledger, banks } = this.#options
    for (let attempt = 0; ; attempt++)
      try {
        return await ledger.transaction(BY, work)
      } catch (error) {
        if (!(error instanceof BanksMoved) || attempt >= 20) throw error
        await banks.refresh()
      }
  }

  async #loop(step: () => Promise<boolean>): Promise<void> {
    while (!this.#ended.signal.aborted) {
      const woken = this.#woken
      const more = await step().catch((error: unknown) => {
        if (!this.#ended.signal.aborted && !isClosed(error)) this.#options.onFault?.(error)
        return false
      })
      if (!more) await Promise.race([woken, this.#sleep(this.#options.pollEvery ?? SECOND)])
    }
  }

  #rearm(): void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#woken = promise
    this.#wake = () => {
      this.#rearm()
      resolve()
    }
  }

  #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { signal } = this.#ended
    const ended = () => resolve()
    const timer = setTimeout(ended, ms)
    signal.addEventListener('abort', ended)
    if (signal.aborted) ended()
    return promise.finally(() => {
      clearTimeout(timer)
      signal.removeEventListener('abort', ended)
    })
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

function isClosed(error: unknown): boolean {
  return error instanceof FirebreakError && error.code === 'ledger/closed'
}
