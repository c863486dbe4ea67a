import { type CategoryName, categoryOf, type ReportInput } from '@firebreak/intake'
import { DAY, HOUR, MINUTE, seededRandom } from '@firebreak/kernel'

/** A report at a moment. */
export interface Arrival {
  readonly at: number
  readonly report: ReportInput
}

/** Shares of categories among reports, most of them nuisance. */
const MIX: readonly (readonly [CategoryName, number])[] = [
  ['spam', 0.4],
  ['other', 0.08],
  ['impersonation', 0.08],
  ['harassment', 0.16],
  ['fraud', 0.14],
  ['violence', 0.05],
  ['self-harm', 0.03],
  ['intimate-image', 0.02],
  ['child-contact', 0.02],
  ['child-safety', 0.018],
  ['imminent-danger', 0.002],
]

/** Reports over some days, by day and night, in bursts: few subjects draw many, and one flood of newcomers on one subject. */
export function arrivals(count: number, days: number, seed: number): Arrival[] {
  const random = seededRandom(seed)
  const made: Arrival[] = []
  while (made.length < count) {
    const at = Math.floor(random() * days * DAY)
    const hour = (at % DAY) / HOUR
    if (random() > 0.35 + 0.65 * Math.sin(((hour - 4) / 24) * 2 * Math.PI) ** 2) continue
    const flood = made.length % 25 === 0 && at > DAY
    const subject = flood ? 'flooded' : String(Math.floor(9_000 * random() ** 1.5))
    made.push({
      at,
      report: {
        subject: { type: 'account', id: `acct-${subject}` },
        category: flood ? 'spam' : pick(random()),
        reporter:
          random() < 0.03
            ? { class: 'hotline', id: 'hotline-1' }
            : { class: 'user', id: `r-${Math.floor(random() * 4_000)}` },
        reach: Math.floor(10 ** (random() * 5)),
        source: 'web',
      },
    })
  }
  return made.sort((a, b) => a.at - b.at)
}

function pick(draw: number): CategoryName {
  let left = draw
  for (const [category, share] of MIX) {
    left -= share
    if (left < 0) return category
  }
  return 'other'
}

/** How long a moderator needs, by severity: grave ones take longer. */
export function serviceTime(severity: number, random: () => number): number {
  return MINUTE * (1 + severity * 0.8) * (0.5 + random())
}

export interface Wait {
  readonly severity: number
  readonly waited: number
}

export interface WaitLine {
  readonly severity: number
  readonly jobs: number
  readonly medianHours: number
  readonly p95Hours: number
  readonly longestHours: number
}

/** Waits from opening to being taken, by severity. */
export function waitTable(waits: readonly Wait[]): WaitLine[] {
  return [5, 4, 3, 2, 1].map((severity) => {
    const own = waits.filter((wait) => wait.severity === severity).map(({ waited }) => waited / HOUR)
    own.sort((a, b) => a - b)
    const at = (share: number) => own[Math.min(own.length - 1, Math.floor(share * own.length))] ?? 0
    return { severity, jobs: own.length, medianHours: at(0.5), p95Hours: at(0.95), longestHours: own.at(-1) ?? 0 }
  })
}

/** The same stream under another order of the line, without a store: what a queue in order of arrival, or by severity alone, would do. */
export function replayOrder(
  stream: readonly Arrival[],
  moderators: number,
  before: (a: Waiting, b: Waiting) => boolean,
  seed: number,
): Wait[] {
  const random = seededRandom(seed)
  const free = Array.from({ length: moderators }, () => 0)
  const line: Waiting[] = []
  const open = new Map<string, Waiting>()
  const waits: Wait[] = []
  let next = 0
  for (;;) {
    const who = free.indexOf(Math.min(...free))
    let now = free[who]!
    if (line.length === 0) {
      if (next >= stream.length) return waits
      now = Math.max(now, stream[next]!.at)
    }
    for (; next < stream.length && stream[next]!.at <= now; next++) enter(stream[next]!, line, open)
    let best = 0
    for (let i = 1; i < line.length; i++) if (before(line[i]!, line[best]!)) best = i
    const [job] = line.splice(best, 1)
    open.delete(job!.key)
    waits.push({ severity: job!.severity, waited: now - job!.openedAt })
    free[who] = now + serviceTime(job!.severity, random)
  }
}

export interface Waiting {
  readonly key: string
  severity: number
  readonly openedAt: number
}

function enter({ at, report }: Arrival, line: Waiting[], open: Map<string, Waiting>): void {
  const { severity, lane } = categoryOf(report.category)
  const key = `${report.subject.id}/${lane}`
  const there = open.get(key)
  if (there !== undefined) {
    there.severity = Math.max(there.severity, severity)
    return
  }
  const made = { key, severity, openedAt: at }
  open.set(key, made)
  line.push(made)
}
