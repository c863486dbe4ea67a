import { randomBytes } from 'node:crypto'
import {
  type Books,
  forgetReporter,
  GuardedClient,
  ReportIntake,
  type Route,
  type Router,
  type RoutingFacts,
  readBooks,
  reportKeys,
} from '@firebreak/intake'
import { type Clock, MINUTE, SECOND } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import {
  askHolds,
  DANGER_EVENT,
  DEFAULT_REVIEW_SETTINGS,
  DEFAULT_ROUTING,
  deliverDue,
  endLongPauses,
  enqueueWebhook,
  type KnownSignal,
  mailOutcomes,
  type Page,
  pageDue,
  ReviewDesk,
  type ReviewSettings,
  type RoutingRule,
  routerOf,
  settleDecisions,
  Vault,
} from '@firebreak/review'
import type { Secrets } from '../access/secrets.ts'
import { EvidencePort } from './evidence-port.ts'
import { Kept } from './kept.ts'
import type { Mailer } from './mailer.ts'
import { signedPost } from './post-webhook.ts'
import { Rounds } from './rounds.ts'

const SYSTEM: Principal = { kind: 'system', id: 'server' }

export interface OfficeParts {
  readonly ledger: Ledger
  readonly secrets: Secrets
  readonly clock: Clock
  readonly mailer: Mailer
  /** Addresses that are paged by mail beside the webhook. */
  readonly pagedByMail: readonly string[]
  /** Receivers of webhooks that may be reached although they are not public (`host` or `host:port`). */
  readonly privateHosts?: readonly string[]
  /** Whether an item is in a bank, exactly. */
  readonly known?: KnownSignal
  readonly random?: () => number
  readonly onFault: (error: unknown) => void
}

interface RoutingTable {
  readonly rules: readonly RoutingRule[]
}

/** Alarm of the books, kept as a document: `null` when they balance. */
export interface BooksAlarm {
  readonly since: string | null
  readonly problems: readonly string[]
}

/** Everything about reports in one instance: intake, desk, routing, books, and the rounds that settle, page and deliver. */
export class ReportOffice {
  readonly intake: ReportIntake
  readonly desk: ReviewDesk
  readonly client: GuardedClient
  readonly evidence: EvidencePort
  readonly vault: Vault
  readonly known: KnownSignal
  readonly #parts: OfficeParts
  readonly #rounds: Rounds
  readonly #rules: Kept<RoutingTable>
  #compiled: { readonly rules: readonly RoutingRule[]; readonly route: Router } | null = null

  readonly #settings: Kept<ReviewSettings>

  private constructor(
    parts: OfficeParts,
    evidence: EvidencePort,
    rules: Kept<RoutingTable>,
    settings: Kept<ReviewSettings>,
  ) {
    const { ledger, secrets, clock } = parts
    this.#parts = parts
    this.evidence = evidence
    this.vault = new Vault(ledger, secrets, newId)
    this.#rules = rules
    this.#settings = settings
    this.known = parts.known ?? (async () => null)
    this.#rounds = new Rounds(parts.onFault)
    this.client = new GuardedClient({ allow: parts.privateHosts ?? [] })
    this.intake = new ReportIntake({
      ledger,
      keys: reportKeys(secrets.reports),
      newId: () => randomBytes(12).toString('base64url'),
      seal: secrets.seal,
      route: (facts) => this.#route(facts),
    })
    this.desk = new ReviewDesk({
      ledger,
      clock,
      newId,
      random: parts.random ?? Math.random,
      known: this.known,
      settings: () => settings.value,
    })
  }

  static async open(parts: OfficeParts): Promise<ReportOffice> {
    const evidence = await EvidencePort.open(parts.ledger, parts.secrets.unseal, parts.clock)
    const rules = await Kept.open<RoutingTable>(parts.ledger, 'routing', 'reports', { rules: DEFAULT_ROUTING })
    const settings = await Kept.open(parts.ledger, 'review', 'settings', DEFAULT_REVIEW_SETTINGS)
    return new ReportOffice(parts, evidence, rules, settings)
  }

  /** Begins the rounds, `canaries` among them. Not in tests, which call what they need. */
  start(canaries: () => Promise<unknown>): void {
    this.#rounds.every(2 * SECOND, () => this.settle())
    this.#rounds.every(5 * SECOND, () => this.page())
    this.#rounds.every(2 * SECOND, () => this.deliver())
    this.#rounds.every(2 * SECOND, () => this.askHolds())
    this.#rounds.every(30 * SECOND, () => this.mailOutcomes())
    this.#rounds.every(5 * MINUTE, () => this.checkBooks())
    this.#rounds.every(10 * MINUTE, canaries)
    this.#rounds.every(10 * MINUTE, () => endLongPauses(this.#parts.ledger, this.#parts.clock()))
  }

  get rules(): readonly RoutingRule[] {
    return this.#rules.value.rules
  }

  setRules(rules: readonly RoutingRule[], by: Principal): Promise<void> {
    return this.#rules.write({ rules }, by)
  }

  setSettings(settings: ReviewSettings, by: Principal): Promise<void> {
    return this.#settings.write(settings, by)
  }

  /** Compiled once per table. */
  #route(facts: RoutingFacts): Route {
    const { rules } = this
    if (this.#compiled?.rules !== rules) this.#compiled = { rules, route: routerOf(rules) }
    return this.#compiled!.route(facts)
  }

  books(): Promise<Books> {
    return readBooks(this.#parts.ledger)
  }

  /** Reads the books and keeps or lifts the alarm. */
  async checkBooks(): Promise<Books> {
    const books = await this.books()
    const before = await this.alarm()
    if (books.balanced !== (before.since === null)) {
      const since = books.balanced ? null : new Date(this.#parts.clock()).toISOString()
      const body: BooksAlarm = { since, problems: books.problems.slice(0, 50) }
      await this.#parts.ledger.documents.put('alarm', 'report-books', body, SYSTEM)
    }
    return books
  }

  async alarm(): Promise<BooksAlarm> {
    const stored = await this.#parts.ledger.documents.get<BooksAlarm>('alarm', 'report-books')
    return stored?.body ?? { since: null, problems: [] }
  }

  settle(): Promise<number> {
    return settleDecisions(this.#parts.ledger, this.#parts.clock(), this.#parts.onFault)
  }

  page(): Promise<number> {
    const { escalation } = this.#settings.value
    return pageDue(this.#parts.ledger, (page) => this.#sendPage(page), this.#parts.clock(), escalation)
  }

  deliver(): Promise<number> {
    const { ledger, clock, secrets } = this.#parts
    return deliverDue({ ledger, post: signedPost(this.client, clock), unseal: secrets.unseal }, clock())
  }

  /** Asks the platform to keep what new reports point at; nothing while no platform is set to answer. */
  async askHolds(): Promise<number> {
    if (!this.evidence.configured) return 0
    const { ledger, clock } = this.#parts
    return askHolds(ledger, (reference, report) => this.evidence.askHold(reference, report), clock())
  }

  /** Tells reporters who left an address what became of their report; without a mail server the receipt's link does. */
  async mailOutcomes(): Promise<number> {
    const { mailer, ledger, secrets, clock } = this.#parts
    if (!mailer.configured) return 0
    return mailOutcomes(
      ledger,
      (sealed, { subject, text }) => mailer.send(secrets.unseal(sealed), subject, text),
      clock(),
    )
  }

  /** After the erasure of an account: nothing tells any more that it reported something. */
  forgetReporter(account: string): Promise<void> {
    return forgetReporter(this.#parts.ledger, reportKeys(this.#parts.secrets.reports), account)
  }

  async close(): Promise<void> {
    await this.#rounds.stop()
    await this.evidence.close()
    await this.intake.close()
    await this.client.close()
    this.#parts.mailer.close()
  }

  /** By webhook to every endpoint that takes pages (written down first, delivered at once), and by mail. Fails when neither is there. */
  async #sendPage(page: Page): Promise<void> {
    const { ledger, mailer, pagedByMail } = this.#parts
    const hooks = await ledger.transaction(SYSTEM, async (tx) => {
      await enqueueWebhook(tx, {
        id: `page-${page.job}-${page.step}`,
        type: DANGER_EVENT,
        subject: page.job,
        data: { ...page },
      })
      const endpoints = await tx.db
        .selectFrom('webhook_endpoint')
        .select(['id', 'types'])
        .where('disabled_at', 'is', null)
        .execute()
      return endpoints.filter(({ types }) => types.includes(DANGER_EVENT)).length
    })
    if (hooks > 0) await this.deliver()
    const mails = mailer.configured ? pagedByMail : []
    const what = page.drill ? 'DRILL: imminent danger reported' : 'Imminent danger reported'
    const sent = await Promise.allSettled(
      mails.map((to) =>
        mailer.send(
          to,
          `${what} (${page.to})`,
          `Job ${page.job} waits since ${page.waitingMinutes} minutes. Open the console.`,
        ),
      ),
    )
    if (hooks === 0 && mails.length > 0 && sent.every(({ status }) => status === 'rejected'))
      throw new Error('no mail server took the page')
    if (hooks === 0 && mails.length === 0)
      throw new Error('nobody to page: no webhook endpoint takes pages and no mail is set')
  }
}

function newId(): string {
  return randomBytes(12).toString('base64url')
}
