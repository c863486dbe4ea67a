import { type Clock, DAY, FirebreakError } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction, Principal } from '@firebreak/ledger'
import { z } from 'zod'
import type { Sealer } from '../store/seal.ts'
import { calibrate, probabilityOf, type Reliability, reliability } from './calibration.ts'
import { type Detector, DetectorStore } from './detector-store.ts'
import type { Classified, DetectorAllowed, DetectorHttp, DetectorSettings, Sample, TriageSignal } from './port.ts'
import { SHAPES } from './shapes.ts'

/** What detectors are opened with. */
export interface DetectorsOptions {
  readonly ledger: Ledger
  readonly sealer: Sealer
  readonly clock: Clock
  readonly request: DetectorHttp
  readonly allowed: DetectorAllowed
}

/** A detector as it may be shown: never its key. */
export interface DetectorView {
  readonly id: string
  readonly kind: string
  readonly settings: DetectorSettings
  readonly enabled: boolean
  readonly hasKey: boolean
  /** Version of the answers that the calibration is of. */
  readonly version: string
  readonly reviewed: number
  readonly calibrated: boolean
  readonly asked: number
  readonly failed: number
  /** Samples that it was not shown because its legal basis is off. */
  readonly withheld: number
}

const settingsSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  className: z.string().max(100).default('csam'),
  version: z.string().min(1).max(100).default('unversioned'),
  threshold: z.number().min(0).max(1).default(0.5),
  timeoutMs: z.int().min(100).max(60_000).default(10_000),
})

const ID = /^[a-z0-9][a-z0-9-]{0,63}$/
const BY: Principal = { kind: 'system', id: 'detectors' }
const LOOK = 'triage-look'
const LOOK_LIFE = 30 * DAY
const RETRY: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

/**
 * External classifiers of what no bank knows. Each has a version, a switch and a calibration on what people decided about its own
 * finds; it orders reviews and nothing else. A detector whose legal basis is off is never asked.
 */
export class Detectors {
  readonly #options: DetectorsOptions
  readonly #store: DetectorStore
  #detectors = new Map<string, Detector>()
  readonly #counts = new Map<string, { asked: number; failed: number; withheld: number }>()

  private constructor(options: DetectorsOptions) {
    this.#options = options
    this.#store = new DetectorStore(options.ledger, options.sealer)
  }

  static async open(options: DetectorsOptions): Promise<Detectors> {
    const detectors = new Detectors(options)
    await detectors.reload()
    return detectors
  }

  list(): DetectorView[] {
    return [...this.#detectors.values()].map(({ id, shape, settings, key, enabled, version, model, reviewed }) => ({
      ...{ id, kind: shape.name, settings, enabled, hasKey: key !== '', version, reviewed, calibrated: model !== null },
      ...this.#countsOf(id),
    }))
  }

  /** Sets a detector up, or changes it. Without `key` the old one stays. Throws `input/invalid`. */
  async put(
    given: { id: string; kind: string; settings: unknown; key?: string; enabled: boolean },
    by: Principal,
  ): Promise<void> {
    const { id, kind, key, enabled } = given
    if (!ID.test(id)) throw new FirebreakError('input/invalid', ['a detector id has letters a-z, digits and hyphens'])
    if (!SHAPES.has(kind))
      throw new FirebreakError('input/invalid', [`kind is one of ${[...SHAPES.keys()].join(', ')}`])
    const parsed = settingsSchema.safeParse(given.settings)
    if (!parsed.success)
      throw new FirebreakError('input/invalid', [`detector setting ${parsed.error.issues[0]?.path.join('.')}`])
    await this.#options.ledger.transaction(by, (tx) =>
      this.#store.putIn(tx, { id, kind, key, enabled, settings: parsed.data }),
    )
    await this.reload()
  }

  async remove(id: string, by: Principal): Promise<void> {
    const gone = await this.#options.ledger.transaction(by, (tx) => this.#store.removeIn(tx, id))
    if (!gone) throw new FirebreakError('http/not-found', [`detector ${id}`])
    await this.reload()
  }

  /** Shows an unknown sample to every detector that may see it. What comes back is written down; failures are counted. */
  async look(
    content: {
      readonly entity: number
      readonly name: string
      readonly surface: string | null
      readonly jurisdiction: string | null
    },
    sample: Sample,
  ): Promise<TriageSignal[]> {
    const signals: TriageSignal[] = []
    const needs = 'text' in sample ? 'text' : 'media'
    for (const detector of this.#detectors.values()) {
      if (!detector.enabled || !detector.shape.accepts.includes(needs)) continue
      const counts = this.#countsOf(detector.id)
      if (!this.#options.allowed(detector.id, content.surface ?? 'upload', content.jurisdiction ?? undefined)) {
        counts.withheld++
        continue
      }
      counts.asked++
      const classified = await this.#classify(detector, sample)
      if (!classified.ok) {
        counts.failed++
        continue
      }
      signals.push(await this.#take(detector, content, classified))
    }
    return signals
  }

  /**
   * A person decided about a content: every score of it learns the outcome (null: the decision was taken back), and the calibration is
   * fitted again. Answers how many scores that were.
   */
  async reviewed(contentName: string, confirmed: boolean | null, by: Principal): Promise<number> {
    const { ledger } = this.#options
    const touched = await ledger.transaction(by, (tx) => this.#store.outcomeIn(tx, contentName, confirmed))
    for (const id of new Set(touched)) await this.#fit(id)
    return touched.length
  }

  /** How far the detector's probabilities are from what people decided; null while too little was reviewed. */
  async reliability(id: string): Promise<Reliability | null> {
    const detector = this.#detectors.get(id)
    if (detector === undefined) throw new FirebreakError('http/not-found', [`detector ${id}`])
    return reliability(await this.#store.reviewedOf(id, detector.version))
  }

  /** Reads the detectors again, for changes that another process made. */
  async reload(): Promise<void> {
    this.#detectors = new Map((await this.#store.all()).map((detector) => [detector.id, detector]))
  }

  async #classify({ shape, settings, key }: Detector, sample: Sample): Promise<Classified> {
    const { url, ...request } = shape.request(sample, settings, key)
    const result = await this.#options.request(url, request)
    if (!result.ok) return { ok: false, code: result.code, retry: result.retry }
    if (result.status !== 200) return { ok: false, code: `status ${result.status}`, retry: RETRY.has(result.status) }
    const read = shape.read(jsonOrNull(result.bytes), settings)
    return read === null ? { ok: false, code: 'unknown shape', retry: false } : { ok: true, ...read }
  }

  async #take(
    detector: Detector,
    content: { readonly entity: number; readonly name: string },
    { score, version }: Extract<Classified, { ok: true }>,
  ): Promise<TriageSignal> {
    // A new version is another instrument: what was reviewed of the old one says nothing of it.
    if (version !== detector.version) await this.#newVersion(detector, version)
    const probability = detector.model === null ? null : probabilityOf(detector.model, score)
    const signal = {
      subject: { type: 'content', id: content.name },
      detector: detector.id,
      version,
      score,
      probability,
    } as TriageSignal
    await this.#options.ledger.transaction(BY, async (tx) => {
      const at = new Date(tx.now)
      const row = { detector: detector.id, version, content: content.entity, score, probability, at }
      await tx.db.insertInto('detector_score').values(row).execute()
      if (probability !== null && probability >= detector.settings.threshold)
        await this.#label(tx, signal, content.entity)
    })
    return signal
  }

  async #label(tx: LedgerTransaction, signal: TriageSignal, content: number): Promise<void> {
    const source = `detector/${signal.detector}`
    const kept = await tx.db
      .selectFrom('content_label')
      .select('label')
      .where('content', '=', content)
      .where('source', '=', source)
      .executeTakeFirst()
    if (kept !== undefined) return
    const [label] = await tx.applyLabels([
      {
        ...{ subject: signal.subject, value: LOOK, source: `${source}/${signal.version}` },
        reason: 'A classifier of unknown content puts it among those to be looked at first.',
        probability: signal.probability ?? 0,
        expiresAt: new Date(tx.now + LOOK_LIFE).toISOString(),
      },
    ])
    await tx.db
      .insertInto('content_label')
      .values({ content, source, value: LOOK, label: label!.id, evidence: '{}' })
      .execute()
  }

  async #newVersion(detector: Detector, version: string): Promise<void> {
    const model = calibrate(await this.#store.reviewedOf(detector.id, version))
    const { id, version: before } = detector
    await this.#options.ledger.transaction(BY, (tx) => this.#store.versionIn(tx, id, before, version, model))
    detector.version = version
    detector.model = model
  }

  async #fit(id: string): Promise<void> {
    const detector = this.#detectors.get(id)
    if (detector === undefined) return
    const items = await this.#store.reviewedOf(id, detector.version)
    detector.reviewed = items.length
    detector.model = calibrate(items)
    await this.#store.calibrated(id, detector.model)
  }

  #countsOf(id: string): { asked: number; failed: number; withheld: number } {
    let counts = this.#counts.get(id)
    if (counts === undefined) {
      counts = { asked: 0, failed: 0, withheld: 0 }
      this.#counts.set(id, counts)
    }
    return counts
  }
}

function jsonOrNull(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return null
  }
}
