import { type Random, randomInt, seededRandom } from '@firebreak/kernel'
import type { WorldEvent } from './events.ts'
import type { World } from './world.ts'

/** How removed accounts come back, and who could be taken for one of them. Shares of the removed. */
export interface ComebackPlan {
  /** A new account on the old device. */
  readonly sameDevice: number
  /** The account named as backup before, now in use and naming the old one; on a new device. */
  readonly namedBackup: number
  /** A new device, a new name: nothing exact ties it. */
  readonly clean: number
  /** A sister or brother opens an account on the device of a removed one. Innocent. */
  readonly household: number
  /** Somebody bought the old device. Innocent. */
  readonly resold: number
  /** Somebody names a removed account as a backup to look important, or to be mistaken for it. Innocent of returning. */
  readonly claims: number
  /** Schools over whose address 20 pupils join and a removed account was seen, for each hundred removed. Innocent. */
  readonly schools: number
  /** Library computers on which 20 people join and a removed account was seen, for each hundred removed. Innocent. */
  readonly libraries: number
}

export const COMEBACKS: ComebackPlan = {
  sameDevice: 0.5,
  namedBackup: 0.14,
  clean: 0.05,
  household: 0.01,
  resold: 0.01,
  claims: 0.1,
  schools: 3,
  libraries: 1,
}

const CROWD = 20
const WITHIN = 48 * 3_600_000

export interface Comebacks {
  readonly events: readonly WorldEvent[]
  /** New or revived accounts of removed actors; for scoring only. */
  readonly returned: ReadonlySet<string>
  /** Everybody else who joins in the same two days. */
  readonly innocent: ReadonlySet<string>
}

/**
 * The two days after a takedown: removed actors come back, and ordinary people join, some of them on devices and addresses that a
 * removed account had used. Deterministic in world, removed accounts and seed.
 */
export function comebacks(world: World, removed: readonly string[], atMs: number, seed: number): Comebacks {
  return new Story(world, removed, atMs, seededRandom(`${world.scenario}/${world.seed}/comebacks/${seed}`)).tell()
}

class Story {
  readonly #world: World
  readonly #removed: readonly string[]
  readonly #atMs: number
  readonly #random: Random
  readonly #events: { atMs: number; event: WorldEvent }[] = []
  readonly #returned = new Set<string>()
  readonly #innocent = new Set<string>()
  #count = 0

  constructor(world: World, removed: readonly string[], atMs: number, random: Random) {
    this.#world = world
    this.#removed = removed
    this.#atMs = atMs
    this.#random = random
  }

  tell(): Comebacks {
    const plan = COMEBACKS
    const backups = this.#backups()
    for (const account of this.#removed) {
      const fate = this.#random()
      const backup = backups.get(account)
      if (fate < plan.sameDevice) this.#onDeviceOf(account, this.#returned)
      else if (fate < plan.sameDevice + plan.namedBackup && backup) this.#revive(account, backup)
      else if (fate > 1 - plan.clean) this.#join(this.#returned)
      if (this.#random() < plan.household) this.#onDeviceOf(account, this.#innocent)
      if (this.#random() < plan.resold) this.#onDeviceOf(account, this.#innocent)
      if (this.#random() < plan.claims) this.#claim(account)
    }
    const places = (each: number) => Math.ceil((this.#removed.length / 100) * each)
    for (let i = 0; i < places(plan.schools); i++) this.#crowd(`10.0.${i}.1`, 'ip')
    for (let i = 0; i < places(plan.libraries); i++) this.#crowd(`library-${i}`, 'device')
    for (let i = 0; i < this.#removed.length; i++) this.#join(this.#innocent)
    const events = this.#events.sort((a, b) => a.atMs - b.atMs).map(({ event }) => event)
    return { events, returned: this.#returned, innocent: this.#innocent }
  }

  /** Accounts that a removed one named as its backup and that were not removed. */
  #backups(): Map<string, string> {
    const removed = new Set(this.#removed)
    const named = new Map<string, string>()
    for (const [source, target, relation] of this.#world.edges())
      if (relation === 'backup' && removed.has(source) && !removed.has(target)) named.set(source, target)
    return named
  }

  /** A device that the removed account is first seen on shortly before; the new one appears on it afterwards. */
  #onDeviceOf(account: string, as: Set<string>): void {
    const device = this.#deviceOf(account)
    const fresh = this.#join(as)
    this.#seen(fresh, device, this.#moment())
  }

  #deviceOf(account: string): string {
    const device = `device-of-${account}`
    this.#seen(account, device, this.#atMs - 1_000)
    return device
  }

  #revive(account: string, backup: string): void {
    this.#returned.add(backup)
    this.#add('account.updated', backup, { type: 'account', id: backup }, this.#moment(), { backups: [account] })
  }

  #claim(account: string): void {
    const fresh = this.#join(this.#innocent)
    this.#add('account.updated', fresh, { type: 'account', id: fresh }, this.#moment(), { backups: [account] })
  }

  #crowd(identifier: string, kind: string): void {
    this.#seen(this.#removed[randomInt(this.#random, this.#removed.length)]!, identifier, this.#atMs - 2_000, kind)
    for (let one = 0; one < CROWD; one++) this.#seen(this.#join(this.#innocent), identifier, this.#moment(), kind)
  }

  #join(as: Set<string>): string {
    const id = `acct-new-${++this.#count}`
    const at = this.#moment()
    as.add(id)
    this.#add('account.created', id, { type: 'account', id }, at)
    this.#seen(id, `own-device-${this.#count}`, at)
    return id
  }

  #seen(account: string, identifier: string, atMs: number, kind = 'device'): void {
    const data = { kind, value: identifier }
    this.#add('identifier.seen', account, { type: 'identifier', id: identifier }, atMs, data)
  }

  #moment(): number {
    return this.#atMs + 1 + Math.floor(this.#random() * WITHIN)
  }

  #add(type: string, actor: string, subject: WorldEvent['subject'], atMs: number, data?: WorldEvent['data']): void {
    const event: WorldEvent = {
      id: `comeback-${this.#events.length}`,
      type,
      at: new Date(atMs).toISOString(),
      actor: { type: 'account', id: actor },
      subject,
      ...(data ? { data } : {}),
    }
    this.#events.push({ atMs, event })
  }
}
