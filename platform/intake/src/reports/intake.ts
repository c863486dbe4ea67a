import { timingSafeEqual } from 'node:crypto'
import { FirebreakError } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import { type Preparation, type PreparedReport, prepare } from './prepared.ts'
import type { Idempotency, Receipt, ReportInput, Router } from './types.ts'
import { type Written, writeBatch } from './write-batch.ts'

const BY = { kind: 'system', id: 'intake' } as const
/** Reports per transaction at most; more wait for the next one. */
const FULL = 1_000

/** What intake is made of: the store, where a report goes, and how it is named and sealed. */
export interface ReportIntakeParts extends Preparation {
  readonly ledger: Pick<Ledger, 'transaction'>
  readonly route: Router
}

interface Waiting {
  readonly report: PreparedReport
  readonly resolve: (receipt: Receipt) => void
  readonly reject: (error: unknown) => void
}

/**
 * Where every report comes in. A receipt is given only after one commit that holds the report, its evidence references, its job and
 * its chain entry. Reports that arrive while a transaction is under way share the next one.
 */
export class ReportIntake {
  readonly #parts: ReportIntakeParts
  #queue: Waiting[] = []
  #running: Promise<void> | undefined

  constructor(parts: ReportIntakeParts) {
    this.#parts = parts
  }

  /** Resolves after the commit. With `idempotency`, a repetition answers with the first receipt; other content under the key throws `http/conflict`. */
  submit(input: ReportInput, idempotency?: Idempotency): Promise<Receipt> {
    return this.#enqueue(prepare(input, idempotency, this.#parts))
  }

  /**
   * Keeps what arrived with a valid signature but cannot be read as a report: counted as dead-lettered, replayable, its text sealed
   * like any other report's.
   */
  keepDead(input: ReportInput, reason: string, idempotency?: Idempotency): Promise<Receipt> {
    const prepared = prepare(input, idempotency, this.#parts)
    return this.#enqueue({ ...prepared, unusable: { state: 'dead', reason } })
  }

  /** Keeps a notice that lacks what the law asks of it: counted as rejected, with the reason, which the reporter can read. */
  keepRejected(input: ReportInput, reason: string, idempotency?: Idempotency): Promise<Receipt> {
    const prepared = prepare(input, idempotency, this.#parts)
    return this.#enqueue({ ...prepared, unusable: { state: 'rejected', reason } })
  }

  /** The id behind a receipt, or null when it is not one of ours. */
  reportOf(receipt: string): string | null {
    const id = receipt.slice(0, receipt.lastIndexOf('.'))
    const [given, right] = [Buffer.from(receipt), Buffer.from(this.#parts.keys.receipt(id))]
    return id.length > 0 && given.length === right.length && timingSafeEqual(given, right) ? id : null
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#running
  }

  #enqueue(report: PreparedReport): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ report, resolve, reject })
      this.#running ??= this.#drain()
    })
  }

  async #drain(): Promise<void> {
    await null // lets the reports of this turn of the event loop share the first transaction
    while (this.#queue.length > 0) await this.#write(this.#queue.splice(0, FULL))
    this.#running = undefined
  }

  /** One transaction for all; when it fails for another reason than a store that went away, each alone, so that only the culprit fails. */
  async #write(batch: readonly Waiting[]): Promise<void> {
    try {
      const written = await this.#parts.ledger.transaction(BY, (tx) =>
        writeBatch(
          tx,
          this.#parts.route,
          batch.map(({ report }) => report),
        ),
      )
      for (const [i, answer] of written.entries()) this.#answer(batch[i]!, answer)
    } catch (error) {
      const gone = error instanceof FirebreakError && error.code.startsWith('ledger/')
      if (batch.length === 1 || gone) for (const { reject } of batch) reject(error)
      else for (const one of batch) await this.#write([one])
    }
  }

  #answer({ resolve, reject }: Waiting, answer: Written): void {
    if ('error' in answer) reject(answer.error)
    else resolve({ reportId: answer.id, receipt: this.#parts.keys.receipt(answer.id), repeated: answer.repeated })
  }
}
