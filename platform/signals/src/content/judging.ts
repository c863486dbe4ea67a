import { DAY } from '@firebreak/kernel'
import type { LabelInput, Ledger, LedgerTransaction, Principal } from '@firebreak/ledger'
import type { Banks } from '../banks/banks.ts'
import type { HashKind } from '../banks/kinds.ts'
import type { Hit } from '../matching/matcher.ts'
import { contentNames } from './contents.ts'
import { Floods } from './floods.ts'
import { judgeContent, judgeMedium, KNOWN_MEDIA, type MatchFact, type MediaJudgement } from './judge.ts'

/** Another process wrote to the banks since this one last looked: refresh, then do it again. */
export class BanksMoved extends Error {
  override readonly name = 'BanksMoved'
}

/** A medium and what it met. */
export interface MediumHits {
  readonly medium: number
  readonly content: number
  readonly hits: readonly Hit[]
}

/** Under whose name signals write. */
export const SIGNALS: Principal = { kind: 'system', id: 'signals' }

const SOURCE = 'media'
const MOST_MOVES = 20
const LOOK_LIFE = 30 * DAY
const REASONS = {
  'known-media': 'A medium of it equals an entry of a bank that the operator adopted.',
  'known-media-look': 'A medium of it is close to, or not yet confirmed against, a bank entry; a person should look.',
}

/** Turns matches into labels of contents, inside one ledger transaction: what is written is judged on the banks as they stand then. */
export class Judging {
  readonly #ledger: Ledger
  readonly #banks: Banks
  readonly #floods: Floods
  constructor(ledger: Ledger, banks: Banks) {
    this.#ledger = ledger
    this.#banks = banks
    this.#floods = new Floods(banks)
  }

  /** A ledger transaction that may call `current`: done again when another process moved the banks meanwhile. */
  async transaction<T>(work: (tx: LedgerTransaction) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++)
      try {
        return await this.#ledger.transaction(SIGNALS, work)
      } catch (error) {
        if (!(error instanceof BanksMoved) || attempt >= MOST_MOVES) throw error
        await this.#banks.refresh()
      }
  }

  /** The banks' position. Throws BanksMoved, for `transaction`, unless memory holds everything that is written. */
  async current(tx: LedgerTransaction): Promise<number> {
    const head = await this.#banks.store.head(tx.db)
    if (head !== this.#banks.seq) throw new BanksMoved()
    return head
  }

  /** Writes matches down, quarantines what floods, and judges the contents anew. */
  async matchedIn(tx: LedgerTransaction, media: readonly MediumHits[]): Promise<void> {
    const rows = media.flatMap(({ medium, hits }) => hits.map((hit) => matchRow(medium, hit, tx.now)))
    for (let from = 0; from < rows.length; from += 500)
      await tx.db
        .insertInto('medium_match')
        .values(rows.slice(from, from + 500))
        .onConflict((on) => on.columns(['medium', 'bank', 'entry', 'kind']).doNothing())
        .execute()
    const hits = media.flatMap((one) => one.hits)
    await this.#floods.tellIn(tx, hits)
    const flooding = await this.#floods.quarantineIn(tx, hits)
    await this.judgeIn(tx, [...new Set(media.map(({ content }) => content))], flooding)
  }

  /** A person looked at a content: its labels follow, those of detectors too. */
  async reviewedIn(tx: LedgerTransaction, content: number, confirmed: boolean): Promise<void> {
    const at = new Date(tx.now)
    await tx.db
      .insertInto('content_review')
      .values({ content, confirmed, at })
      .onConflict((on) => on.column('content').doUpdateSet({ confirmed, at }))
      .execute()
    const triage = await tx.db
      .deleteFrom('content_label')
      .where('content', '=', content)
      .where('source', '!=', SOURCE)
      .returning('label')
      .execute()
    if (triage.length > 0)
      await tx.retractLabels(
        triage.map(({ label }) => label),
        'A person has looked.',
      )
    await this.judgeIn(tx, [content])
  }

  /** What a person found was taken back: the content is judged as if nobody had looked. */
  async unreviewedIn(tx: LedgerTransaction, content: number): Promise<void> {
    await tx.db.deleteFrom('content_review').where('content', '=', content).execute()
    await this.judgeIn(tx, [content])
  }

  /** Judges contents on their matches as the banks stand now, and changes their label where it differs. Contents without a name are passed over. */
  async judgeIn(
    tx: LedgerTransaction,
    contents: readonly number[],
    flooding: ReadonlySet<string> = new Set(),
  ): Promise<void> {
    if (contents.length === 0) return
    const judged = await this.#judged(tx, contents, flooding)
    const kept = await tx.db
      .selectFrom('content_label')
      .selectAll()
      .where('content', 'in', [...contents])
      .where('source', '=', SOURCE)
      .execute()
    const keptOf = new Map(kept.map((row) => [row.content, row]))
    const names = await contentNames(tx.db, contents)
    const ending: string[] = []
    const writing: { content: number; judgement: MediaJudgement; evidence: string; label: LabelInput }[] = []
    for (const content of contents) {
      const judgement = judged.get(content) ?? null
      const old = keptOf.get(content)
      const evidence = judgement === null ? '' : JSON.stringify(evidenceOf(judgement))
      if (old !== undefined && (judgement === null || old.value !== judgement.value || old.evidence !== evidence))
        ending.push(old.label)
      else if (old !== undefined) continue
      const name = names.get(content)
      if (judgement !== null && name !== undefined)
        writing.push({ content, judgement, evidence, label: labelOf(name, judgement, tx.now) })
    }
    await this.#write(tx, ending, writing)
  }

  async #write(
    tx: LedgerTransaction,
    ending: readonly string[],
    writing: readonly { content: number; judgement: MediaJudgement; evidence: string; label: LabelInput }[],
  ): Promise<void> {
    if (ending.length > 0) {
      await tx.retractLabels(ending, 'The bank entries that it rested on changed.')
      await tx.db
        .deleteFrom('content_label')
        .where('label', 'in', [...ending])
        .execute()
    }
    if (writing.length === 0) return
    const labels = await tx.applyLabels(writing.map(({ label }) => label))
    await tx.db
      .insertInto('content_label')
      .values(
        writing.map(({ content, judgement, evidence }, i) => ({
          ...{ content, source: SOURCE, value: judgement.value },
          ...{ label: labels[i]!.id, evidence },
        })),
      )
      .execute()
  }

  async #judged(
    tx: LedgerTransaction,
    contents: readonly number[],
    flooding: ReadonlySet<string>,
  ): Promise<Map<number, MediaJudgement | null>> {
    const rows = await tx.db
      .selectFrom('medium_match')
      .innerJoin('medium', 'medium.id', 'medium_match.medium')
      .select([
        'medium.content',
        'medium.id',
        'medium_match.bank',
        'medium_match.entry',
        'medium_match.kind',
        'medium_match.distance',
      ])
      .where('medium.content', 'in', [...contents])
      .where('medium.state', '=', 'hashed')
      .execute()
    const reviews = await tx.db
      .selectFrom('content_review')
      .selectAll()
      .where('content', 'in', [...contents])
      .execute()
    const reviewed = new Map(reviews.map(({ content, confirmed }) => [content, confirmed]))
    const judged = new Map<number, MediaJudgement | null>()
    for (const [content, ofContent] of Map.groupBy(rows, (row) => row.content)) {
      const media = [...Map.groupBy(ofContent, (row) => row.id).values()].map((matches) =>
        judgeMedium(matches.flatMap((match) => this.#fact(match, tx.now, flooding))),
      )
      judged.set(content, judgeContent(media, reviewed.get(content) ?? null))
    }
    return judged
  }

  #fact(
    row: { bank: number; entry: number; kind: string; distance: number },
    at: number,
    flooding: ReadonlySet<string>,
  ): MatchFact[] {
    const bank = this.#banks.matcher.banks.get(row.bank)
    const standing = bank === undefined ? null : this.#banks.matcher.standing(bank, row.entry, at)
    if (bank === undefined || standing === null || row.distance > bank.settings.distance) return []
    if (bank.settings.enabledRatio === 0) return []
    const quarantined = standing.quarantined || flooding.has(`${bank.id} ${row.entry}`)
    return [{ bank, entry: row.entry, kind: row.kind as HashKind, distance: row.distance, ...standing, quarantined }]
  }
}

function matchRow(medium: number, { bank, entry, kind, distance }: Hit, now: number) {
  return { medium, bank: bank.id, entry, kind, distance, at: new Date(now) }
}

function evidenceOf({ banks, exact, positives }: MediaJudgement) {
  return { banks, exact, opinions: positives }
}

function labelOf(name: string, judgement: MediaJudgement, now: number): LabelInput {
  return {
    subject: { type: 'content', id: name },
    value: judgement.value,
    // By this source a rule of the operator finds the labels of one bank.
    source: `bank:${judgement.banks[0]}`,
    reason: REASONS[judgement.value],
    evidence: evidenceOf(judgement),
    ...(judgement.value === KNOWN_MEDIA ? {} : { expiresAt: new Date(now + LOOK_LIFE).toISOString() }),
  }
}
