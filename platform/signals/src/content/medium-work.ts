import { type Clock, HOUR, SECOND } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import type { Banks } from '../banks/banks.ts'
import type { DetectorAllowed } from '../detectors/port.ts'
import { distinct } from './catalogue.ts'
import { contentNames } from './contents.ts'
import type { Judging } from './judging.ts'
import { type ClaimedMedium, LEASE, type MediaStore, type MediumPlace } from './media-store.ts'
import type { MediaHash, MediaPort } from './ports.ts'

/** The name under which the legal-basis switchboard knows matching of media. */
export const MEDIA_MATCH = 'media-match'

/** What looks at a medium that no bank knows. Called after its hashes are durable; what it throws is counted and does not matter. */
export type UnknownMedia = (medium: {
  readonly content: number
  readonly name: string
  readonly place: MediumPlace
  readonly bytes: Uint8Array
}) => Promise<void>

/** What a medium is worked on with. */
export interface MediumWorkParts {
  readonly ledger: Ledger
  readonly banks: Banks
  readonly store: MediaStore
  readonly judging: Judging
  readonly clock: Clock
  readonly media: MediaPort
  readonly holder: string
  /** Aborted when the process ends; what is under way then is taken up by the next one. */
  readonly signal: AbortSignal
  readonly allowed?: DetectorAllowed | undefined
  readonly unknown?: UnknownMedia | undefined
}

const MOST_TRIES = 8
const FIRST_WAIT = 15 * SECOND
const LONGEST_WAIT = 6 * HOUR
/** A video takes minutes; the claim is kept up meanwhile. */
const STEP_LIMIT = 400 * SECOND

/** One medium from its address to its matches, or to an error that says what happened and whether it is tried again. */
export class MediumWork {
  readonly #parts: MediumWorkParts
  /** How often showing a medium to the classifiers of the unknown failed. */
  detectorFaults = 0

  constructor(parts: MediumWorkParts) {
    this.#parts = parts
  }

  /** Takes up the medium that is longest due; answers whether there was one. */
  async next(worker: number): Promise<boolean> {
    const { store, clock, holder } = this.#parts
    const medium = await store.claim(clock(), `${holder}/${worker}`)
    if (medium !== null) await this.#work(medium)
    return medium !== null
  }

  /** Whether there is a legal basis to look at media there. */
  mayLook({ surface, jurisdiction }: MediumPlace): boolean {
    return this.#parts.allowed?.(MEDIA_MATCH, surface ?? 'upload', jurisdiction ?? undefined) ?? true
  }

  /** Leaves it out for want of a legal basis. */
  off(medium: ClaimedMedium): Promise<void> {
    return this.#unhashed(medium, (tx) => this.#parts.store.offIn(tx, medium.id))
  }

  /** Hashes, compares and writes down; answers the error code, or null. The claim is kept up as long as it takes. */
  async hash(medium: ClaimedMedium, bytes: Uint8Array): Promise<string | null> {
    const { store, clock } = this.#parts
    const beat = setInterval(() => store.keep(medium, clock()).catch(() => {}), LEASE / 3)
    try {
      return await this.#hash(medium, bytes)
    } finally {
      clearInterval(beat)
    }
  }

  async #work(medium: ClaimedMedium): Promise<void> {
    const { source } = medium
    if ('upload' in source) return this.#failed(medium, 'medium/upload-lost', false)
    if ('unreadable' in source) return this.#failed(medium, 'medium/unreadable-address', false)
    if (!this.mayLook(medium)) return this.off(medium)
    const fetched = await this.#parts.media.fetch(source.url, this.#limit())
    if (this.#parts.signal.aborted) return
    if (fetched.ok) await this.hash(medium, fetched.bytes)
    else await this.#failed(medium, fetched.code, fetched.retry)
  }

  async #hash(medium: ClaimedMedium, bytes: Uint8Array): Promise<string | null> {
    // The bytes of an upload came once: there is nothing to try again with.
    const again = !('upload' in medium.source)
    const hashed = await this.#parts.media.hash(bytes, this.#limit())
    if (!hashed.ok) {
      if (!this.#parts.signal.aborted) await this.#failed(medium, hashed.code, hashed.retry && again)
      return hashed.code
    }
    const { hashes, missing } = hashed
    if (missing?.retry && again && medium.attempts < MOST_TRIES) {
      await this.#failed(medium, missing.code, true)
      return missing.code
    }
    const known = await this.#hashed(medium, hashes, missing?.code ?? null)
    if (!known) await this.#unknown(medium, bytes)
    return null
  }

  async #hashed(medium: ClaimedMedium, hashes: readonly MediaHash[], missing: string | null): Promise<boolean> {
    const { banks, store, judging } = this.#parts
    return judging.transaction(async (tx) => {
      if (!(await store.isOurs(tx, medium))) return true
      const seq = await judging.current(tx)
      const hits = distinct(hashes.flatMap((hash) => banks.match(hash)))
      await store.hashedIn(tx, medium.id, hashes, seq, missing)
      // Hashed before, it may show something else now: what it met then is none of it.
      const met = await store.forgetIn(tx, [medium.id])
      if (met || hits.length > 0) await judging.matchedIn(tx, [{ medium: medium.id, content: medium.content, hits }])
      return hits.length > 0
    })
  }

  async #unknown(medium: ClaimedMedium, bytes: Uint8Array): Promise<void> {
    const { unknown, ledger } = this.#parts
    if (unknown === undefined) return
    const { content, surface, jurisdiction } = medium
    const name = (await contentNames(ledger.db, [content])).get(content)
    if (name === undefined) return
    try {
      await unknown({ content, name, place: { surface, jurisdiction }, bytes })
    } catch {
      this.detectorFaults++
    }
  }

  async #failed(medium: ClaimedMedium, code: string, retry: boolean): Promise<void> {
    const { store } = this.#parts
    const again = retry && medium.attempts < MOST_TRIES
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 4 ** (medium.attempts - 1))
    await this.#unhashed(medium, (tx) => store.failedIn(tx, medium.id, code, again ? tx.now + wait : null))
  }

  /** It has no hashes now; what it met when it had some is none of it, and its content is judged without. */
  async #unhashed(medium: ClaimedMedium, write: (tx: LedgerTransaction) => Promise<void>): Promise<void> {
    const { store, judging } = this.#parts
    await judging.transaction(async (tx) => {
      if (!(await store.isOurs(tx, medium))) return
      await write(tx)
      if (!(await store.forgetIn(tx, [medium.id]))) return
      await judging.current(tx)
      await judging.judgeIn(tx, [medium.content])
    })
  }

  #limit(): AbortSignal {
    return AbortSignal.any([this.#parts.signal, AbortSignal.timeout(STEP_LIMIT)])
  }
}
