import type { Guard } from '@firebreak/guard'
import { type Clock, FirebreakError } from '@firebreak/kernel'
import type { Principal } from '@firebreak/ledger'
import type { Instance } from '../instance/instance.ts'
import type { InstanceOptions } from '../instance/open-instance.ts'
import type { Stage } from '../instance/progress.ts'
import { takeEvents } from '../instance/take-events.ts'
import { DEMO_RECOMMENDERS, type ProbeRunner, type ProbeTarget } from '../probes/probe-desk.ts'
import { DemoLog } from './stages.ts'
import { DemoWorld } from './world.ts'
import type { GuardQuestion } from './world-messages.ts'

export interface DemoOptions {
  readonly clock: Clock
  readonly onStage: (stage: Stage) => void
  readonly onFault: (error: unknown) => void
  readonly seed?: number
  /** Nothing is stored yet: the platform is invented while the store opens. */
  readonly fresh?: boolean
}

const BY: Principal = { kind: 'system', id: 'demo' }
const BATCH = 10_000
/** The planted small world holds about this many events; only progress needs it. */
const EVENTS_EXPECTED = 228_000

/** The story a first visitor sees: a platform, its network from three seeds, labels, and the curve before and after. */
export class Demo {
  readonly #options: DemoOptions
  readonly #world: DemoWorld
  #firstBatch: Promise<readonly unknown[]> | undefined
  #protected: readonly string[] = []
  #stopped = false
  #running: Promise<void> = Promise.resolve()

  constructor(options: DemoOptions) {
    this.#options = options
    this.#world = new DemoWorld(options.seed ?? 1)
    if (options.fresh === true) {
      this.#firstBatch = this.#world.ask({ kind: 'events', count: BATCH })
      this.#firstBatch.catch(() => {}) // thrown where it is awaited
    }
  }

  /** What the demo adds to a plain instance: built-in recommenders, and scores against what was planted. */
  ports(): Pick<InstanceOptions, 'runner' | 'known'> {
    return {
      runner: ({ guard }) => this.#runner(guard),
      known: {
        protectedAccounts: () => this.#protected,
        score: (map) =>
          this.#world.ask({
            kind: 'score',
            seeds: map.seeds.map(({ account }) => account),
            members: map.accounts.filter(({ member }) => member).map(({ account }) => account),
          }),
      },
    }
  }

  /** Does whatever an earlier start has not done yet, in the background. */
  begin(instance: Instance): void {
    this.#running = this.#tell(instance).catch((error) => {
      if (this.#stopped) return
      this.#options.onFault(error)
      this.#stage(instance, 'failed', 'The demo could not be finished; its log says why.', 1, 1)
    })
  }

  /** Resolves when the story is told; for tests. */
  finished(): Promise<void> {
    return this.#running
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#world.stop()
    await this.#running
  }

  async #tell(instance: Instance): Promise<void> {
    const log = new DemoLog(instance.ledger)
    await log.read()
    await this.#platform(instance, log)
    await this.#network(instance, log)
    await this.#labels(instance, log)
    await this.#probes(instance, log)
    this.#stage(instance, 'done', 'Everything is there', 1, 1)
  }

  async #platform(instance: Instance, log: DemoLog): Promise<void> {
    const shown = (accounts: number) => `A platform of ${accounts.toLocaleString('en')} invented accounts`
    const known = log.done.events !== undefined
    if (known) this.#stage(instance, 'world', shown(log.done.accounts ?? 0), 1, 1)
    else {
      this.#stage(instance, 'world', 'Inventing a platform', 0, 1)
      const { accounts, seeds, protectedAccounts } = await this.#world.ask({ kind: 'facts' })
      await instance.mapper.upToDate() // empty as yet: its thread is up when the graph is wanted
      this.#stage(instance, 'world', shown(accounts), 1, 1)
      const events = await this.#storeEvents(instance)
      await log.add({ accounts, seeds, protectedAccounts, events })
    }
    const { events = 0, protectedAccounts = [] } = log.done
    this.#protected = protectedAccounts
    this.#stage(instance, 'events', `${events.toLocaleString('en')} events stored`, events, events)
  }

  /** One batch is checked and encrypted while the store writes the one before and the next is made. */
  async #storeEvents(instance: Instance): Promise<number> {
    let stored = 0
    let before: Promise<unknown> = Promise.resolve()
    let writing: Promise<unknown> = Promise.resolve()
    for (;;) {
      const batch = await (this.#firstBatch ?? this.#world.ask({ kind: 'events', count: BATCH }))
      this.#firstBatch = undefined
      await before
      if (batch.length === 0) {
        await writing
        return stored
      }
      before = writing
      writing = takeEvents(instance, batch, BY)
      writing.catch(() => {}) // thrown where it is awaited
      stored += batch.length
      const total = Math.max(EVENTS_EXPECTED, stored)
      this.#report(instance, {
        stage: 'events',
        text: 'Storing what happened there',
        done: stored,
        total,
        finished: false,
      })
    }
  }

  async #network(instance: Instance, log: DemoLog): Promise<void> {
    if (log.done.networkId === undefined) {
      this.#stage(instance, 'graph', 'Building the graph', 0, 1)
      const { edges } = await instance.mapper.upToDate()
      this.#stage(instance, 'graph', `A graph of ${edges.toLocaleString('en')} edges`, 1, 1)
      this.#stage(instance, 'network', 'Mapping the network around three seeds', 0, 1)
      const seeds = log.done.seeds ?? []
      const { id, settled } = await instance.networks.start({ seeds, name: 'From three reported accounts' }, BY)
      await settled
      // Throws when it failed, so that a restart tries again.
      await instance.networks.map(id)
      await log.add({ networkId: id })
    }
    this.#stage(instance, 'network', 'Network mapped from three seeds', 1, 1)
    if (log.done.unrelatedId === undefined) {
      const { unrelatedSeeds } = await this.#world.ask({ kind: 'facts' })
      const name = 'Three accounts picked at random'
      const { id, settled } = await instance.networks.start({ seeds: unrelatedSeeds, name }, BY)
      await settled
      await instance.networks.map(id)
      await log.add({ unrelatedId: id })
    }
  }

  async #labels(instance: Instance, log: DemoLog): Promise<void> {
    if (log.done.labels === undefined) {
      this.#stage(instance, 'labels', 'Labelling its members for 30 days', 0, 1)
      await log.add({ labels: await instance.networks.applyLabels(log.done.networkId!, BY) })
    }
    this.#stage(instance, 'labels', `${log.done.labels} accounts labelled for 30 days`, 1, 1)
  }

  async #probes(instance: Instance, log: DemoLog): Promise<void> {
    for (const recommender of DEMO_RECOMMENDERS) {
      const text = `Measuring what ${recommender} shows, before and after`
      if (log.done.probes?.[recommender] === undefined) {
        this.#stage(instance, `probe-${recommender}`, text, 0, 1)
        const { id, settled } = await instance.probes.start({ recommender }, BY)
        await settled
        const { status, error } = await instance.probes.run(id)
        if (status !== 'done') throw new FirebreakError('internal/fault', [error?.detail ?? 'a probe run failed'])
        await log.add({ probes: { ...log.done.probes, [recommender]: id } })
      }
      this.#stage(instance, `probe-${recommender}`, text, 1, 1)
    }
  }

  #runner(guard: Guard): ProbeRunner {
    this.#world.askBefore((question) => keptBy(guard, question))
    const nameOf = ({ recommender }: ProbeTarget) => recommender ?? DEMO_RECOMMENDERS[0]!
    return {
      recommenders: DEMO_RECOMMENDERS,
      nameOf,
      check: (target) => {
        if (target.definition || !DEMO_RECOMMENDERS.includes(nameOf(target)))
          throw new FirebreakError('input/invalid', [`The demo probes ${DEMO_RECOMMENDERS.join(', ')}`])
      },
      run: (target, onProgress) => this.#world.ask({ kind: 'probe', recommender: nameOf(target) }, onProgress),
    }
  }

  #stage(instance: Instance, stage: string, text: string, done: number, total: number): void {
    this.#report(instance, { stage, text, done, total, finished: done >= total })
  }

  #report(instance: Instance, stage: Stage): void {
    instance.progress.report(stage)
    this.#options.onStage(stage)
  }
}

/** The guard as a platform uses it: whatever is dropped or held is not shown. */
function keptBy(guard: Guard, { surface, viewer, recent, candidates }: GuardQuestion): boolean[] {
  const type = surface === 'recommend_content' ? 'content' : 'account'
  const subjects = candidates.map(({ id, author }) => ({ type, id, author }))
  return guard
    .judge({ surface, viewer: { id: viewer, recent }, subjects })
    .map(({ action }) => action !== 'drop' && action !== 'hold')
}
