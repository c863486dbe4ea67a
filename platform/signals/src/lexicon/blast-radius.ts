import { DAY, type Random } from '@firebreak/kernel'
import type { EventType, Ledger, StoredEvent } from '@firebreak/ledger'
import { type Interval, wilson } from '@firebreak/statistics'
import type { DetectorAllowed } from '../detectors/port.ts'
import type { CompiledList } from './compiled-list.ts'
import { SAYING, type Said, saidIn } from './said.ts'

/** What an entry would have hit. */
export interface BlastRadius {
  readonly days: number
  /** Events with a text that were looked at. */
  readonly events: number
  readonly hits: number
  readonly accounts: number
  /** Hits by kind of subject. */
  readonly byKind: Readonly<Record<string, number>>
  /** Hits drawn at random, to be judged by a person: right or wrong. */
  readonly sample: readonly SampledHit[]
}

export interface SampledHit {
  readonly event: string
  readonly at: string
  readonly kind: Said['kind']
  /** The hit with forty characters around it. */
  readonly excerpt: string
}

const BATCH = 2_000
const SAMPLE = 20
const AROUND = 40

/** Reads the events of the last days and finds every entry of the list in them, by entry id. Cost: about 50,000 events a second. */
export async function blastRadius(
  source: TextSource,
  list: CompiledList,
  { days, now, random }: { days: number; now: number; random: Random },
): Promise<{ events: number; byEntry: ReadonlyMap<string, BlastRadius> }> {
  const tallies = new Map<string, Tally>()
  let events = 0
  for await (const batch of eventsSince(source, now - days * DAY)) {
    for (const event of batch) {
      events++
      for (const said of saidIn(event)) take(tallies, event, said, list, now, random)
    }
  }
  const byEntry = new Map([...tallies].map(([id, tally]) => [id, radiusOf(tally, days, events)]))
  return { events, byEntry }
}

/** Nothing hit. */
export function noRadius(days: number, events: number): BlastRadius {
  return { days, events, hits: 0, accounts: 0, byKind: {}, sample: [] }
}

/** Precision of a sample judged by a person, with its 95 % interval. */
export function sampledPrecision(right: number, wrong: number): Interval {
  return wilson(right, right + wrong)
}

/** Where events are read from, and whether their texts may be looked at where they appeared (default: everywhere). */
export interface TextSource {
  readonly ledger: Pick<Ledger, 'events' | 'db'>
  readonly allowed?: DetectorAllowed | undefined
}

/** Events of these types since a time, in order, without those in places where the legal basis for the lexicon is off. */
export async function* eventsSince(
  { ledger, allowed }: TextSource,
  since: number,
  types: readonly EventType[] = SAYING,
): AsyncGenerator<StoredEvent[]> {
  const first = await ledger.db
    .selectFrom('event')
    .select(({ fn }) => fn.min('seq').as('seq'))
    .where('at', '>=', new Date(since))
    .executeTakeFirst()
  if (first?.seq == null) return
  let afterSeq = Number(first.seq) - 1
  for (;;) {
    const batch = await ledger.events({ afterSeq, limit: BATCH, types })
    if (batch.length === 0) return
    yield batch.filter((event) => Date.parse(event.at) >= since && mayLook(event, allowed))
    afterSeq = batch.at(-1)!.seq
  }
}

/** Asked before a text is read. */
export function mayLook({ surface, context }: StoredEvent, allowed: DetectorAllowed | undefined): boolean {
  return allowed?.('lexicon', surface ?? 'upload', context?.jurisdiction) ?? true
}

interface Tally {
  hits: number
  readonly accounts: Set<string>
  readonly byKind: Map<string, number>
  readonly sample: SampledHit[]
}

function take(
  tallies: Map<string, Tally>,
  event: StoredEvent,
  { kind, text }: Said,
  list: CompiledList,
  now: number,
  random: Random,
): void {
  const { terms, links } = list.find(kind, text, now)
  const seen = new Set<string>()
  for (const { entry, start, end } of [...terms, ...links]) {
    if (seen.has(entry.id)) continue
    seen.add(entry.id)
    const tally = tallies.get(entry.id) ?? { hits: 0, accounts: new Set(), byKind: new Map(), sample: [] }
    tallies.set(entry.id, tally)
    tally.hits++
    tally.accounts.add(event.actor.id)
    tally.byKind.set(kind, (tally.byKind.get(kind) ?? 0) + 1)
    const excerpt = text.slice(Math.max(0, start - AROUND), end + AROUND)
    keep(tally, { event: event.id, at: event.at, kind, excerpt }, random)
  }
}

/** Reservoir sampling (Vitter 1985, algorithm R): every hit has the same chance to be looked at. */
function keep({ hits, sample }: Tally, hit: SampledHit, random: Random): void {
  if (sample.length < SAMPLE) sample.push(hit)
  else {
    const place = Math.floor(random() * hits)
    if (place < SAMPLE) sample[place] = hit
  }
}

function radiusOf({ hits, accounts, byKind, sample }: Tally, days: number, events: number): BlastRadius {
  return { days, events, hits, accounts: accounts.size, byKind: Object.fromEntries(byKind), sample }
}
