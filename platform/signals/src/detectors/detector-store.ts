import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { type Sealer, sealJson, unsealJson } from '../store/seal.ts'
import type { CalibrationModel, Reviewed } from './calibration.ts'
import type { DetectorSettings, DetectorShape } from './port.ts'
import { SHAPES } from './shapes.ts'

/** A classifier as this process works with it, its key opened. */
export interface Detector {
  readonly id: string
  readonly shape: DetectorShape
  readonly settings: DetectorSettings
  readonly key: string
  readonly enabled: boolean
  version: string
  model: CalibrationModel | null
  reviewed: number
}

/** What is set about a classifier. Without `key` the old one stays. */
export interface DetectorChange {
  readonly id: string
  readonly kind: string
  readonly settings: DetectorSettings
  readonly key?: string | undefined
  readonly enabled: boolean
}

const MOST_REVIEWED = 20_000

/** The detectors' tables. */
export class DetectorStore {
  readonly #ledger: Ledger
  readonly #sealer: Sealer

  constructor(ledger: Ledger, sealer: Sealer) {
    this.#ledger = ledger
    this.#sealer = sealer
  }

  /** All of them, with how much was reviewed of their present version. */
  async all(): Promise<Detector[]> {
    const { db } = this.#ledger
    const rows = await db.selectFrom('detector').selectAll().orderBy('id').execute()
    const counts = await db
      .selectFrom('detector_score')
      .select((e) => ['detector', 'version', e.fn.countAll<number>().as('count')])
      .where('outcome', 'is not', null)
      .groupBy(['detector', 'version'])
      .execute()
    return rows.flatMap(({ id, kind, settings, secrets, enabled, version, calibration }): Detector[] => {
      const shape = SHAPES.get(kind)
      if (shape === undefined) return []
      const reviewed = counts.find((row) => row.detector === id && row.version === version)?.count
      return [
        {
          ...{ id, shape, enabled, version, settings: JSON.parse(settings) as DetectorSettings },
          key: secrets === null ? '' : unsealJson<string>(this.#sealer, secrets),
          model: calibration === null ? null : (JSON.parse(calibration) as CalibrationModel),
          reviewed: Number(reviewed ?? 0),
        },
      ]
    })
  }

  async putIn(tx: LedgerTransaction, { id, kind, settings, key, enabled }: DetectorChange): Promise<void> {
    const secrets = key === undefined ? {} : { secrets: sealJson(this.#sealer, key) }
    const row = { kind, settings: JSON.stringify(settings), enabled, changed_at: new Date(tx.now), ...secrets }
    await tx.db
      .insertInto('detector')
      .values({ id, version: settings.version, ...row })
      .onConflict((on) => on.column('id').doUpdateSet(row))
      .execute()
    await tx.record('detector.set', { detector: id, kind, settings, enabled, key: key !== undefined })
  }

  async removeIn(tx: LedgerTransaction, id: string): Promise<boolean> {
    const { numDeletedRows } = await tx.db.deleteFrom('detector').where('id', '=', id).executeTakeFirst()
    if (numDeletedRows > 0n) await tx.record('detector.removed', { detector: id })
    return numDeletedRows > 0n
  }

  /** Another version answers: its own calibration, if anything was reviewed of it. */
  async versionIn(
    tx: LedgerTransaction,
    id: string,
    before: string,
    now: string,
    model: CalibrationModel | null,
  ): Promise<void> {
    const calibration = model === null ? null : JSON.stringify(model)
    await tx.db.updateTable('detector').set({ version: now, calibration }).where('id', '=', id).execute()
    await tx.record('detector.version', { detector: id, before, now })
  }

  async calibrated(id: string, model: CalibrationModel | null): Promise<void> {
    const calibration = model === null ? null : JSON.stringify(model)
    await this.#ledger.db.updateTable('detector').set({ calibration }).where('id', '=', id).execute()
  }

  /** Gives every score of a content its outcome, or takes it back (null). Answers the detectors, one for each score. */
  async outcomeIn(tx: LedgerTransaction, contentName: string, confirmed: boolean | null): Promise<string[]> {
    const rows = await tx.db
      .updateTable('detector_score')
      .set({ outcome: confirmed, outcome_at: confirmed === null ? null : new Date(tx.now) })
      .where('content', 'in', (e) =>
        e.selectFrom('entity').select('id').where('kind', '=', 'content').where('name', '=', contentName),
      )
      .returning(['detector'])
      .execute()
    return rows.map(({ detector }) => detector)
  }

  /** The latest reviewed scores of one version. */
  async reviewedOf(id: string, version: string): Promise<Reviewed[]> {
    const rows = await this.#ledger.db
      .selectFrom('detector_score')
      .select(['score', 'outcome'])
      .where('detector', '=', id)
      .where('version', '=', version)
      .where('outcome', 'is not', null)
      .orderBy('id', 'desc')
      .limit(MOST_REVIEWED)
      .execute()
    return rows.map(({ score, outcome }) => ({ score, confirmed: outcome === true }))
  }
}
