import type { Ledger, Principal, StoredEvent } from '@firebreak/ledger'
import type { Exchanges } from '@firebreak/sharing'
import {
  type Banks,
  type ContentSignals,
  type Detectors,
  type EqualEntry,
  type OpinionCategory,
  OWN,
} from '@firebreak/signals'

/** What decisions are carried back into. */
export interface FindingsParts {
  readonly ledger: Ledger
  readonly banks: Banks
  readonly content: ContentSignals
  readonly detectors: Detectors
  readonly exchanges: Exchanges
}

/** Under which source of reports a bank's likeness, and a classifier's score, ask people for a look. */
export const BANK_LOOK = 'banks'
export const CLASSIFIER_LOOK = 'classifier'

/** What a decision changed in the banks, so that its reversal can put it back. */
interface Finding {
  readonly confirmed: boolean
  readonly entries: readonly (EqualEntry & { readonly before: OpinionCategory | null })[]
}

const BY: Principal = { kind: 'system', id: 'signals' }
const FINDINGS = 'signals-finding'
const LOOKS = [BANK_LOOK, CLASSIFIER_LOOK]

/**
 * What people find about contents that were put before them for a look, carried to labels, classifiers and bank entries, and taken back
 * when the decision is. A decision on another report about the same content says nothing of its media and changes nothing here.
 */
export class Findings {
  readonly #parts: FindingsParts

  constructor(parts: FindingsParts) {
    this.#parts = parts
  }

  /** Takes `decision.effective` and `decision.reversed`; one told twice changes nothing more. */
  async take({ type, object, data }: StoredEvent): Promise<void> {
    const { job, how, outcome, target } = (data ?? {}) as Record<string, unknown>
    if (typeof job !== 'string' || object?.type !== 'decision') return
    const { sources, otherKinds } = await this.#looksOf(job)
    if (sources.size === 0) return
    // Undone before it took effect: nothing was carried anywhere.
    if (type === 'decision.reversed') return how === 'reversed' ? this.#reversed(object.id) : undefined
    const { type: kind, id } = (target ?? {}) as { type?: unknown; id?: unknown }
    // Whoever could not tell has not denied it.
    if (kind !== 'content' || typeof id !== 'string' || (outcome !== 'violation' && outcome !== 'no-violation')) return
    // A violation of a job that also holds complaints of another kind may be about those.
    if (outcome === 'violation' && otherKinds) return
    await this.#found(object.id, id, outcome === 'violation', sources.has(BANK_LOOK))
  }

  async #found(decision: string, name: string, confirmed: boolean, ofBanks: boolean): Promise<void> {
    const { ledger, content, detectors, exchanges } = this.#parts
    await detectors.reviewed(name, confirmed, BY)
    const equal = await content.reviewed(name, confirmed)
    if (!ofBanks || equal.length === 0) return
    // What was before is written down first, and once: told again after a crash, it is not taken for what the decision itself said.
    const kept = await ledger.documents.get<Finding>(FINDINGS, decision)
    const entries = kept?.body.entries ?? equal.map((one) => ({ ...one, before: this.#ownOpinion(one) }))
    if (kept === null) await ledger.documents.put<Finding>(FINDINGS, decision, { confirmed, entries }, BY)
    for (const { bank, entry } of entries) {
      const named = this.#bankName(bank)
      if (named !== undefined) await exchanges.decide({ bank: named, entry, confirmed }, BY)
    }
  }

  async #reversed(decision: string): Promise<void> {
    const { ledger, content, detectors, exchanges } = this.#parts
    const about = await this.#contentOf(decision)
    if (about === null) return
    const standing = await this.#standing(about.subject)
    await detectors.reviewed(about.name, standing, BY)
    await content.reviewed(about.name, standing)
    const finding = (await ledger.documents.get<Finding>(FINDINGS, decision))?.body
    if (finding === undefined || finding.confirmed === standing) return
    const said: OpinionCategory = finding.confirmed ? 'POSITIVE_CLASS' : 'NEGATIVE_CLASS'
    for (const one of finding.entries) {
      const { bank, entry, before } = one
      const named = this.#bankName(bank)
      // Somebody has said something else since: that stands.
      if (named === undefined || this.#ownOpinion(one) !== said) continue
      await exchanges.takeBack({ bank: named, entry, before }, BY)
    }
  }

  /** As which kinds of look a job was put before people, and whether it also holds complaints of a category that no look has. */
  async #looksOf(job: string): Promise<{ sources: Set<string>; otherKinds: boolean }> {
    const reports = await this.#parts.ledger.db
      .selectFrom('report')
      .select(['source', 'reporter_class', 'category'])
      .distinct()
      .where('job', '=', job)
      .execute()
    const looks = reports.filter((one) => one.reporter_class === 'automated' && LOOKS.includes(one.source))
    const kinds = new Set(looks.map(({ category }) => category))
    return {
      sources: new Set(looks.map(({ source }) => source)),
      otherKinds: reports.some(({ category }) => !kinds.has(category)),
    }
  }

  async #contentOf(decision: string): Promise<{ subject: number; name: string } | null> {
    const row = await this.#parts.ledger.db
      .selectFrom('decision')
      .innerJoin('entity', 'entity.id', 'decision.subject')
      .select(['decision.subject', 'entity.name'])
      .where('decision.id', '=', decision)
      .where('entity.kind', '=', 'content')
      .executeTakeFirst()
    return row === undefined || row.name === null ? null : { subject: row.subject, name: row.name }
  }

  /** What the latest decision that still stands on a look at it found; null when none does. */
  async #standing(subject: number): Promise<boolean | null> {
    const row = await this.#parts.ledger.db
      .selectFrom('decision')
      .select('outcome')
      .where('subject', '=', subject)
      .where('settled_at', 'is not', null)
      .where('reversed_at', 'is', null)
      .where('outcome', 'in', ['violation', 'no-violation'])
      .where('job', 'in', (e) =>
        e
          .selectFrom('report')
          .select((r) => r.ref('report.job').$notNull().as('job'))
          .where('job', 'is not', null)
          .where('reporter_class', '=', 'automated')
          .where('source', 'in', LOOKS),
      )
      .orderBy('settled_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row === undefined ? null : row.outcome === 'violation'
  }

  #ownOpinion({ bank: id, entry }: EqualEntry): OpinionCategory | null {
    const { matcher } = this.#parts.banks
    const bank = matcher.banks.get(id)
    const opinions = bank === undefined ? [] : matcher.opinions(bank, entry)
    return opinions.find(({ owner }) => owner === OWN)?.category ?? null
  }

  #bankName(id: number): string | undefined {
    const { banks } = this.#parts
    return banks.list().find(({ name }) => banks.bank(name).id === id)?.name
  }
}
