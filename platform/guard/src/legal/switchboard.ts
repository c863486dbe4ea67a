import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import { type LegalBasisDecision, type LegalBasisEntry, legalBasis } from '@firebreak/policy'

/** A line of the switchboard as it stands in the ledger. */
export interface RecordedBasis extends LegalBasisEntry {
  readonly id: number
  readonly at: string
  readonly by: string
}

const NAME = /^(\*|[A-Za-z0-9][A-Za-z0-9_.:@/-]{0,63})$/
const LONGEST_GROUND = 500

/**
 * Which detector may look where: in memory, durable, with its whole history. `allowed` is the port that every detector's
 * caller asks before it hands over anything (intake, signals, guard).
 */
export class Switchboard {
  readonly #ledger: Pick<Ledger, 'transaction' | 'db'>
  #history: readonly RecordedBasis[] = []
  readonly #known = new Map<string, boolean>()

  private constructor(ledger: Pick<Ledger, 'transaction' | 'db'>) {
    this.#ledger = ledger
  }

  static async open(ledger: Pick<Ledger, 'transaction' | 'db'>): Promise<Switchboard> {
    const board = new Switchboard(ledger)
    await board.refresh()
    return board
  }

  /** Bound, so that it can be handed around. */
  readonly allowed = (detector: string, surface: string, jurisdiction: string | undefined): boolean => {
    const key = `${detector}\n${surface}\n${jurisdiction ?? ''}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const { allowed } = this.decide(detector, surface, jurisdiction)
    if (this.#known.size < 10_000) this.#known.set(key, allowed)
    return allowed
  }

  /** With the line that decided. */
  decide(detector: string, surface: string, jurisdiction: string | undefined): LegalBasisDecision {
    return legalBasis(this.#history, detector, surface, jurisdiction)
  }

  /** Every line ever written, oldest first; the annex of an export. */
  history(): readonly RecordedBasis[] {
    return this.#history
  }

  /** Writes a line, audited; it counts at once here and within a second elsewhere. Throws `input/invalid` with what is wrong. */
  async set(entry: LegalBasisEntry, by: Principal): Promise<RecordedBasis> {
    const { jurisdiction, surface, detector, allowed, ground } = entry
    for (const [name, value] of Object.entries({ jurisdiction, surface, detector }))
      if (!NAME.test(value)) throw new FirebreakError('input/invalid', [`${name} must be * or a short name`])
    if (ground.trim() === '' || ground.length > LONGEST_GROUND)
      throw new FirebreakError('input/invalid', [`the legal ground must be said in 1 to ${LONGEST_GROUND} characters`])
    const id = await this.#ledger.transaction(by, async (tx) => {
      const { db, now } = tx
      const row = {
        jurisdiction,
        surface,
        detector,
        allowed,
        ground,
        at: new Date(now),
        written_by: `${by.kind}:${by.id}`,
      }
      const made = await db.insertInto('legal_basis').values(row).returning('id').executeTakeFirstOrThrow()
      await tx.record('legal-basis.set', { line: made.id, ...entry })
      return made.id
    })
    await this.refresh()
    return this.#history.find((line) => line.id === id)!
  }

  async refresh(): Promise<void> {
    const rows = await this.#ledger.db.selectFrom('legal_basis').selectAll().orderBy('id').execute()
    this.#history = rows.map(({ id, jurisdiction, surface, detector, allowed, ground, at, written_by }) => ({
      id,
      jurisdiction,
      surface,
      detector,
      allowed,
      ground,
      at: at.toISOString(),
      by: written_by,
    }))
    this.#known.clear()
  }
}
