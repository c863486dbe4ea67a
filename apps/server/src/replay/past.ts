import {
  type MapAt,
  type PastCase,
  type PolicyInForce,
  policyOnTrial,
  type ReplayReport,
  replay,
} from '@firebreak/guard'
import { DAY } from '@firebreak/kernel'
import type { EventType, Ledger, StoredEvent } from '@firebreak/ledger'
import { NetworkMapper, networkLabels } from '@firebreak/networks'
import type { NetworkRecord } from '../networks/network-document.ts'

/** What a replay is asked for. Without a period: the 90 days up to the newest event. */
export interface ReplayRequest {
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** The text of a policy file; null: the policy in force. */
  readonly policy: string | null
}

const SEEN: readonly EventType[] = [
  'follow',
  'like',
  'comment',
  'mention',
  'contact.started',
  'recommendation.opened',
  'recommendation.shown',
  'view.sampled',
]
const BATCH = 5_000
const ROWS = 3_000

/** Replays the ledger's past under a policy. Reads only; each day's graph is built from the edges as they stood then. */
export async function replayPast(
  ledger: Ledger,
  request: ReplayRequest,
  now: PolicyInForce,
  onProgress: (text: string) => void,
): Promise<ReplayReport> {
  const trial = policyOnTrial(request.policy, now)
  const to = request.to ?? (await newestEvent(ledger))
  const from = request.from ?? to - 90 * DAY
  const days = new DayGraphs(ledger)
  try {
    const cases = await pastCases(ledger)
    return await replay(cases, { ...trial, from, to, mapAt: days.mapAt, events: () => eventsOf(ledger), onProgress })
  } finally {
    await days.close()
  }
}

/** Every network that was mapped, was one, and was labelled. */
async function pastCases(ledger: Ledger): Promise<PastCase[]> {
  const cases: PastCase[] = []
  for (const { id, body } of await ledger.documents.list<NetworkRecord>('network', { limit: 1_000 })) {
    if (!body.map?.isNetwork) continue
    const labelled = await ledger.db
      .selectFrom('label')
      .select(({ fn }) => fn.min('at').as('at'))
      .where('case_id', '=', id)
      .where('neg', '=', false)
      .executeTakeFirst()
    if (!labelled?.at) continue
    const members = body.map.accounts.filter(({ member }) => member).map(({ account }) => account)
    const seeds = body.map.seeds.filter(({ known, fits }) => known && fits).map(({ account }) => account)
    cases.push({ id, seeds, members: new Set([...seeds, ...members]), foundAt: new Date(labelled.at).getTime() })
  }
  return cases.reverse()
}

/** Graphs of past days; the last one stays, because several cases ask about it. */
class DayGraphs {
  readonly #ledger: Ledger
  #day = Number.NaN
  #mapper: NetworkMapper | null = null

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  readonly mapAt: MapAt = async (day, seeds, caseId) => {
    const mapper = await this.#at(day)
    const map = await mapper.map({ seeds }, { limit: ROWS })
    const labels = networkLabels(map, caseId, day)
    return labels.length === 0 ? null : labels
  }

  async close(): Promise<void> {
    await this.#mapper?.close()
  }

  async #at(day: number): Promise<NetworkMapper> {
    if (day === this.#day && this.#mapper) return this.#mapper
    await this.#mapper?.close()
    const asOf = new Date(day).toISOString()
    const past: Pick<Ledger, 'edges' | 'head' | 'events'> = {
      edges: (query) => this.#ledger.edges({ ...query, asOf }),
      head: async () => 1,
      events: async () => [],
    }
    // The mapper reads edges, head and events of a ledger, and nothing else.
    this.#mapper = new NetworkMapper(past as Ledger)
    this.#day = day
    return this.#mapper
  }
}

async function newestEvent(ledger: Ledger): Promise<number> {
  const row = await ledger.db
    .selectFrom('event')
    .select(({ fn }) => fn.max('at').as('at'))
    .executeTakeFirst()
  return row?.at ? new Date(row.at).getTime() : Date.now()
}

async function* eventsOf(ledger: Ledger): AsyncIterable<StoredEvent> {
  let afterSeq = 0
  for (;;) {
    const events = await ledger.events({ afterSeq, limit: BATCH, types: SEEN })
    yield* events
    if (events.length < BATCH) return
    afterSeq = events.at(-1)!.seq
  }
}
