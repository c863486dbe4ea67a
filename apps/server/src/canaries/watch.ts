import { randomBytes } from 'node:crypto'
import { rowsOf } from '@firebreak/intake'
import type { Clock } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'

/** What a canary found at the end of its way. `leaked`: it came out where it must not, or moved what is counted. */
export type Sighting = { readonly state: 'found' } | { readonly state: 'lost' | 'leaked'; readonly detail: string }

/** One surface with a canary of its own: sends something synthetic in and looks for it where it should, and should not, come out. */
export interface CanaryPort {
  readonly surface: string
  /** False while the surface is switched off: nothing is sent, and nothing is missing. */
  live(): boolean
  /** Sends one and looks. What throws is lost. Cleans up after itself. */
  fly(id: string): Promise<Sighting>
}

export interface CanaryRow {
  readonly surface: string
  readonly sentAt: string
  readonly state: string
  readonly detail: string | null
}

export interface CanaryAlarm {
  readonly since: string | null
  readonly problems: readonly string[]
}

const SYSTEM: Principal = { kind: 'system', id: 'canaries' }

/** Sends canaries through every live surface and keeps an alarm while one is lost or leaks. */
export class CanaryWatch {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #ports: readonly CanaryPort[]

  constructor(ledger: Ledger, clock: Clock, ports: readonly CanaryPort[]) {
    this.#ledger = ledger
    this.#clock = clock
    this.#ports = ports
  }

  /** One round; answers what was found by surface. */
  async round(): Promise<ReadonlyMap<string, Sighting>> {
    const found = new Map<string, Sighting>()
    for (const port of this.#ports) {
      if (!port.live()) continue
      const id = `canary-${randomBytes(9).toString('hex')}`
      const sent = new Date(this.#clock()).toISOString()
      const sighting = await port.fly(id).catch(
        (error: unknown): Sighting => ({
          state: 'lost',
          detail: `${(error as Error).name}: ${(error as Error).message}`.slice(0, 300),
        }),
      )
      found.set(port.surface, sighting)
      await rowsOf(
        this.#ledger.db,
        'insert into canary (id, surface, sent_at, state, detail, ended_at) values ($1, $2, $3::timestamptz, $4, $5, $6::timestamptz)',
        [
          id,
          port.surface,
          sent,
          sighting.state,
          sighting.state === 'found' ? null : sighting.detail,
          new Date(this.#clock()).toISOString(),
        ],
      )
    }
    await this.#alarm(found)
    return found
  }

  async #alarm(found: ReadonlyMap<string, Sighting>): Promise<void> {
    const problems = [...found].flatMap(([surface, sighting]) =>
      sighting.state === 'found' ? [] : [`${surface}: ${sighting.state} (${sighting.detail})`],
    )
    const before = await this.alarm()
    if (problems.length === 0 && before.since === null) return
    if (JSON.stringify(problems) === JSON.stringify(before.problems)) return
    const since = problems.length === 0 ? null : (before.since ?? new Date(this.#clock()).toISOString())
    await this.#ledger.documents.put('alarm', 'canaries', { since, problems }, SYSTEM)
  }

  async alarm(): Promise<CanaryAlarm> {
    const stored = await this.#ledger.documents.get<CanaryAlarm>('alarm', 'canaries')
    return stored?.body ?? { since: null, problems: [] }
  }

  /** The last canary of every surface. */
  async latest(): Promise<CanaryRow[]> {
    const rows = await rowsOf<{ surface: string; sent_at: Date; state: string; detail: string | null }>(
      this.#ledger.db,
      'select distinct on (surface) surface, sent_at, state, detail from canary order by surface, sent_at desc',
    )
    return rows.map(({ surface, sent_at, state, detail }) => ({
      surface,
      sentAt: sent_at.toISOString(),
      state,
      detail,
    }))
  }
}
