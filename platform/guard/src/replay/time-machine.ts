import { DAY } from '@firebreak/kernel'
import type { LabelInput, StoredEvent } from '@firebreak/ledger'
import { clusteredShare, type Interval } from '@firebreak/statistics'
import { contactOf } from '../contacts.ts'
import { addContact, emptySnapshot, judgeRequest, type Snapshot } from '../snapshot.ts'
import type { PolicyOnTrial } from './policy-file.ts'

/** A network that was found and labelled. Members inside its cut, seeds included. */
export interface PastCase {
  readonly id: string
  readonly seeds: readonly string[]
  readonly members: ReadonlySet<string>
  /** When its labels were first written, milliseconds since 1970. */
  readonly foundAt: number
}

/** What mapping from seeds on one past day gave, as labels; null: not a network, or too few seeds there yet. */
export type MapAt = (day: number, seeds: readonly string[], caseId: string) => Promise<readonly LabelInput[] | null>

/** What a replay works on; times in milliseconds since 1970. */
export interface ReplayOptions extends PolicyOnTrial {
  readonly from: number
  readonly to: number
  readonly mapAt: MapAt
  /** Events of the period and before, in commit order. */
  readonly events: () => AsyncIterable<StoredEvent>
  readonly onProgress?: (text: string) => void
}

/** One past case under the policy on trial. Times in milliseconds since 1970; shares with 95 % intervals. */
export interface ReplayedCase {
  readonly id: string
  readonly members: number
  readonly foundAt: number
  /** First day on which the same seeds would have led to half of its members; null: none in the period. */
  readonly findableAt: number | null
  readonly daysEarlier: number | null
  readonly membersThen: number
  /** Times a member was shown to somebody outside after that day, and how many of them the policy would have withheld. */
  readonly views: number
  readonly viewsPrevented: number
  readonly prevented: Interval
  /** New contacts with members by accounts outside, after that day. */
  readonly contactsAfter: number
}

/** The past under the policy on trial. */
export interface ReplayReport {
  readonly policyVersion: string
  readonly from: number
  readonly to: number
  readonly cases: readonly ReplayedCase[]
  /** Accounts in no case: how many were shown, how many of those would have been withheld at least once, and from how much of what was shown. */
  readonly innocents: { readonly shown: number; readonly touched: number; readonly withheld: Interval }
  /** Cases that the policy would no longer find in the period although they were: a change that adds one is a step back. */
  readonly lost: readonly string[]
}

const LEAST_FOUND = 3
const COARSE = 8

/**
 * Replays the past under a changed policy: when each past case could have been found from its own seeds, what would not have
 * been shown since, and who else would have been withheld. Cost: some dozen mappings a case, and one pass over the events.
 */
export async function replay(cases: readonly PastCase[], options: ReplayOptions): Promise<ReplayReport> {
  const found: (Found | null)[] = []
  for (const one of cases) {
    options.onProgress?.(`${one.id}: looking for the first day`)
    found.push(await earliest(one, options))
  }
  const stage = new Stage(cases, found, options)
  for await (const event of options.events()) stage.take(event)
  return stage.report()
}

interface Found {
  readonly at: number
  readonly labels: readonly LabelInput[]
  readonly members: number
}

/** Coarse steps first, then day by day within the step in which the case became findable. */
async function earliest(one: PastCase, { from, to, mapAt, policy }: ReplayOptions): Promise<Found | null> {
  const days = Math.max(1, Math.ceil((to - from) / DAY))
  const step = Math.max(1, Math.ceil(days / COARSE))
  const at = async (day: number): Promise<Found | null> => {
    const when = Math.min(to, from + day * DAY)
    const labels = await mapAt(when, one.seeds, one.id)
    if (labels === null) return null
    const members = labels.filter(
      ({ subject, value, probability }) =>
        value === 'network-member' && (probability ?? 1) >= policy.threshold && one.members.has(subject.id),
    ).length
    return members >= Math.max(LEAST_FOUND, one.members.size / 2) ? { at: when, labels, members } : null
  }
  let before = 0
  for (let day = 1; ; day += step) {
    const last = Math.min(day, days)
    const found = await at(last)
    if (found !== null) return (await firstOf(before + 1, last, at)) ?? found
    if (last === days) return null
    before = last
  }
}

async function firstOf(low: number, last: number, at: (day: number) => Promise<Found | null>): Promise<Found | null> {
  for (let day = low; day < last; day++) {
    const found = await at(day)
    if (found) return found
  }
  return null
}

interface Tally {
  views: number
  prevented: number
  contacts: number
  /** By viewer: an interval over views of few people must not pretend to be one over many. */
  readonly viewers: Map<string, { hits: number; total: number }>
}

class Stage {
  readonly #cases: readonly PastCase[]
  readonly #found: readonly (Found | null)[]
  readonly #options: ReplayOptions
  readonly #snapshot: Snapshot
  readonly #tallies: readonly Tally[]
  readonly #innocent = new Map<string, { hits: number; total: number }>()
  readonly #shown = new Set<string>()
  readonly #touched = new Set<string>()
  readonly #byMember = new Map<string, number>()
  readonly #waiting: number[]

  constructor(cases: readonly PastCase[], found: readonly (Found | null)[], options: ReplayOptions) {
    this.#cases = cases
    this.#found = found
    this.#options = options
    this.#snapshot = emptySnapshot(options.policy, Number.POSITIVE_INFINITY)
    this.#snapshot.compiled = options.rules
    this.#snapshot.seenAt = 0
    this.#tallies = cases.map(() => ({ views: 0, prevented: 0, contacts: 0, viewers: new Map() }))
    for (const [i, { members }] of cases.entries()) for (const member of members) this.#byMember.set(member, i)
    this.#waiting = found.flatMap((one, i) => (one ? [i] : [])).sort((a, b) => found[a]!.at - found[b]!.at)
  }

  take(event: StoredEvent): void {
    const at = Date.parse(event.at)
    if (at > this.#options.to) return
    this.#label(at)
    const contact = contactOf(event)
    if (contact && at >= this.#options.from) this.#contact(contact.viewer, contact.account, at)
    if (contact) addContact(this.#snapshot, contact.viewer, contact.account, at)
    const view = viewOf(event)
    if (view && at >= this.#options.from) this.#view(view, at)
  }

  /** Labels of cases that are findable by now. The clock of their expiry is left out: they would have been renewed. */
  #label(at: number): void {
    while (this.#waiting.length > 0 && this.#found[this.#waiting[0]!]!.at <= at) {
      const { labels, at: foundAt } = this.#found[this.#waiting.shift()!]!
      for (const [n, { expiresAt: _renewed, ...label }] of labels.entries())
        this.#snapshot.labels.take(
          {
            ...label,
            id: `${label.caseId}-${n}`,
            seq: n + 1,
            neg: false,
            at: new Date(foundAt).toISOString(),
            by: { kind: 'system', id: 'replay' },
          },
          at,
        )
    }
  }

  #contact(viewer: string, account: string, at: number): void {
    const i = this.#byMember.get(account)
    if (i === undefined || this.#byMember.get(viewer) === i) return
    const found = this.#found[i]
    if (found && at >= found.at) this.#tallies[i]!.contacts++
  }

  #view({ viewer, account, subject }: View, at: number): void {
    const surface = subject === 'account' ? 'recommend_accounts' : 'recommend_content'
    const asked =
      subject === 'account' ? { type: 'account', id: account } : { type: 'content', author: account, id: '' }
    const [verdict] = judgeRequest(this.#snapshot, { surface, viewer: { id: viewer }, subjects: [asked] }, at)
    const withheld = verdict!.action === 'drop' || verdict!.action === 'hold'
    const i = this.#byMember.get(account)
    if (i === undefined) {
      this.#shown.add(account)
      if (withheld) this.#touched.add(account)
      return count(this.#innocent, viewer, withheld)
    }
    const found = this.#found[i]
    if (this.#byMember.get(viewer) === i || !found || at < found.at) return
    const tally = this.#tallies[i]!
    tally.views++
    if (withheld) tally.prevented++
    count(tally.viewers, viewer, withheld)
  }

  report(): ReplayReport {
    const { from, to, rules } = this.#options
    return {
      policyVersion: rules.version,
      from,
      to,
      cases: this.#cases.map((one, i) => this.#case(one, i)),
      innocents: {
        shown: this.#shown.size,
        touched: this.#touched.size,
        withheld: clusteredShare([...this.#innocent.values()]),
      },
      lost: this.#cases.filter((_, i) => this.#found[i] === null).map(({ id }) => id),
    }
  }

  #case({ id, members, foundAt }: PastCase, i: number): ReplayedCase {
    const found = this.#found[i] ?? null
    const { views, prevented, contacts, viewers } = this.#tallies[i]!
    return {
      id,
      members: members.size,
      foundAt,
      findableAt: found?.at ?? null,
      daysEarlier: found === null ? null : Math.max(0, Math.floor((foundAt - found.at) / DAY)),
      membersThen: found?.members ?? 0,
      views,
      viewsPrevented: prevented,
      prevented: clusteredShare([...viewers.values()]),
      contactsAfter: contacts,
    }
  }
}

interface View {
  readonly viewer: string
  readonly account: string
  readonly subject: 'account' | 'content'
}

/** Who was shown whom: a recommendation, or a sampled view. */
function viewOf(event: StoredEvent): View | null {
  if (event.type !== 'recommendation.shown' && event.type !== 'view.sampled') return null
  const [viewer, item] =
    event.type === 'recommendation.shown' ? [event.subject, event.object] : [event.actor, event.subject]
  if (viewer?.type !== 'account' || item === undefined) return null
  const author = event.data?.author
  if (item.type === 'account') return { viewer: viewer.id, account: item.id, subject: 'account' }
  return typeof author === 'string' ? { viewer: viewer.id, account: author, subject: 'content' } : null
}

function count(viewers: Map<string, { hits: number; total: number }>, viewer: string, hit: boolean): void {
  const one = viewers.get(viewer) ?? { hits: 0, total: 0 }
  one.total++
  if (hit) one.hits++
  viewers.set(viewer, one)
}
