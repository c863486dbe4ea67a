import { GuardedClient, HashingPool, type ReportIntake } from '@firebreak/intake'
import { type Clock, FirebreakError } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import { Exchanges } from '@firebreak/sharing'
import {
  ASK_LIMITS,
  AskWatch,
  Banks,
  ContentSignals,
  type DetectorAllowed,
  Detectors,
  type Hit,
  type MediaPort,
  type Query,
  sealerFrom,
} from '@firebreak/signals'
import type { Caller } from '../access/caller.ts'
import { mediaPort } from './media-port.ts'
import { ReviewLoop } from './review-loop.ts'

export interface SignalsOfficeOptions {
  readonly ledger: Ledger
  readonly clock: Clock
  /** 32 bytes: seals entries, addresses, hashes and credentials. */
  readonly key: Uint8Array
  /** Names this process among others. */
  readonly holder: string
  /** The folder of list files that can be read as exchanges; without it none can. */
  readonly lists?: string
  readonly allowed: DetectorAllowed
  /** Hosts (`host` or `host:port`) that exchanges and classifiers may reach although they are not public. */
  readonly allowHosts: readonly string[]
  /**
   * The same for media (default: none), apart from the others: an address in a post is chosen by a stranger, and must not reach what the
   * operator named for own services.
   */
  readonly mediaHosts?: readonly string[]
  /** False: this process answers and leaves the work to others. */
  readonly working: boolean
  readonly onFault: (error: unknown) => void
}

const DOORS = 'doors'
const HMA = 'hma'
const FOLLOW = 15_000

/** Banks, media, detectors and exchanges of one data directory, and who may ask how much. */
export class SignalsOffice {
  readonly banks: Banks
  readonly content: ContentSignals
  readonly detectors: Detectors
  readonly exchanges: Exchanges
  readonly media: MediaPort
  readonly #loop: ReviewLoop
  readonly #options: SignalsOfficeOptions
  readonly #watch: AskWatch
  readonly #pool: HashingPool
  readonly #client: GuardedClient
  readonly #mediaClient: GuardedClient
  readonly #following: NodeJS.Timeout

  private constructor(
    options: SignalsOfficeOptions,
    banks: Banks,
    detectors: Detectors,
    pool: HashingPool,
    client: GuardedClient,
  ) {
    const { ledger, clock, key, holder, lists, allowed, mediaHosts = [], working, onFault } = options
    const shared = { ledger, banks, sealer: sealerFrom(key), clock, holder, onFault }
    this.#options = options
    this.#pool = pool
    this.#client = client
    this.#watch = new AskWatch(askLimits(process.env))
    this.banks = banks
    this.detectors = detectors
    // Another process may have set one up or switched one off.
    this.#following = setInterval(() => detectors.reload().catch(onFault), FOLLOW)
    this.#following.unref()
    this.#mediaClient = new GuardedClient({ allow: mediaHosts })
    this.media = mediaPort(this.#mediaClient, pool)
    this.content = ContentSignals.open({
      ...shared,
      ...{ media: this.media, allowed, workers: working ? 2 : 0 },
      unknown: async ({ content, name, place, bytes }) => {
        await detectors.look({ entity: content, name, ...place }, { media: bytes })
      },
    })
    this.exchanges = Exchanges.open({
      ...{ ...shared, working },
      ...(lists === undefined ? {} : { lists }),
      request: (url, request) => client.request(url, request),
      ownHashes: (after, most) => this.content.pdqAfter(after, most),
    })
    const { content, exchanges } = this
    this.#loop = new ReviewLoop({ ledger, banks, content, detectors, exchanges, onFault })
  }

  static async open(options: SignalsOfficeOptions): Promise<SignalsOffice> {
    const { ledger, clock, key, allowed, allowHosts, onFault } = options
    const sealer = sealerFrom(key)
    const client = new GuardedClient({ allow: allowHosts })
    const request = (...asked: Parameters<GuardedClient['request']>) => client.request(...asked)
    const banks = await Banks.open({ ledger, sealer, clock, onFault })
    const detectors = await Detectors.open({ ledger, sealer, clock, request, allowed })
    return new SignalsOffice(options, banks, detectors, new HashingPool({ workers: 2 }), client)
  }

  /** Begins to hand contents that ask for a look to people, and to learn from what they decide. */
  startReviews(intake: Pick<ReportIntake, 'submit'>): void {
    if (this.#options.working) this.#loop.start(intake)
  }

  /**
   * What a caller's hash meets. Throws `access/throttled` over its budget, and for the further steps of a walk over near-identical
   * hashes, which is told to the operator as an alarm.
   */
  async lookUp(query: Query, caller: Caller): Promise<Hit[]> {
    const { clock, ledger } = this.#options
    const by = caller.principal
    const asked = this.#watch.ask(`${by.kind}:${by.id}`, query.kind === 'pdq' ? query.hash : null, clock())
    if (!asked.ok) {
      if (asked.first) await ledger.record('alarm.hash-walk', { by: `${by.kind}:${by.id}` }, by)
      throw new FirebreakError('access/throttled', [Math.ceil(asked.retryAfterMs / 1000)])
    }
    return this.banks.match(query)
  }

  /** Whether HMA's addresses answer. Off until an operator opens them. */
  async hmaDoorIsOpen(): Promise<boolean> {
    const stored = await this.#options.ledger.documents.get<{ on: boolean }>(DOORS, HMA)
    return stored?.body.on === true
  }

  async openHmaDoor(on: boolean, by: Principal): Promise<void> {
    await this.#options.ledger.documents.put(DOORS, HMA, { on }, by)
  }

  async status() {
    const [content, exchanges, feedback] = await Promise.all([
      this.content.status(),
      this.exchanges.list(),
      this.exchanges.feedbackCounts(),
    ])
    return {
      banks: this.banks.status(),
      ...content,
      hashing: this.#pool.pending,
      exchanges: exchanges.map(({ name, enabled, caughtUpAt, failure, malformed }) => ({
        ...{ name, enabled, caughtUpAt, failure, malformed },
      })),
      feedback,
      detectors: this.detectors.list().map(({ id, enabled, version, asked, failed, withheld }) => ({
        ...{ id, enabled, version, asked, failed, withheld },
      })),
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#following)
    await this.#loop.close()
    await this.exchanges.close()
    await this.content.close()
    await this.banks.close()
    await this.#pool.close()
    await this.#client.close()
    await this.#mediaClient.close()
  }
}

function askLimits(env: NodeJS.ProcessEnv) {
  const perMinute = Number(env.FIREBREAK_MATCH_PER_MINUTE ?? ASK_LIMITS.perMinute)
  const perDay = Number(env.FIREBREAK_MATCH_PER_DAY ?? ASK_LIMITS.perDay)
  if (!(perMinute > 0) || !(perDay > 0))
    throw new FirebreakError('usage/option', [
      'FIREBREAK_MATCH_PER_MINUTE and FIREBREAK_MATCH_PER_DAY are numbers above 0',
    ])
  return { ...ASK_LIMITS, perMinute, perDay }
}
