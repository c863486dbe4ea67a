import { FirebreakError, type Random, randomInt, seededRandom } from '@firebreak/kernel'
import { type ContactCheck, checkContacts } from './contact-check.ts'
import { type CurvePoint, curveOf, type Share } from './curve.ts'
import type { ProbeGuard, ProbeRecommender } from './ports.ts'
import { look, type ProbeSetting, type Refresh, runProbe } from './probe.ts'
import { type BenignWithheld, benignWithheld, type SliceOf } from './withheld.ts'

/** Two kinds of probe, in pairs: the one contact differs, everything after it is the recommender's doing. */
export type ArmName = 'contact' | 'benign'

/** All probes of one kind, with or without the guard. */
export interface ProbeArm {
  readonly name: ArmName
  readonly guarded: boolean
  readonly points: readonly CurvePoint[]
  readonly total: Share
  /** Share of the slots that showed something. */
  readonly filled: number
}

/** What `runProbes` measured; plain JSON but for NaN where nothing was shown. */
export interface ProbeResult {
  readonly recommender: string
  readonly surface: string
  readonly replicates: number
  readonly refreshes: number
  readonly top: number
  readonly arms: readonly ProbeArm[]
  /** Whether the recommender knows whom the probes touched. Absent in runs of before it was asked. */
  readonly contacts?: { readonly network: ContactCheck; readonly benign: ContactCheck }
  /** Benign candidates withheld from probes without contact and from ordinary viewers; null without a guard. */
  readonly benignWithheld: BenignWithheld | null
  /** The same from probes that had contact, where the contagion limit is stricter. */
  readonly benignWithheldAfterContact: BenignWithheld | null
}

/** A viewer that is no probe. */
export interface OrdinaryViewer {
  readonly viewer: string
  readonly history: readonly string[]
}

/** What to measure. */
export interface ProbePlan {
  readonly recommender: ProbeRecommender
  /** Null: only the unguarded arms are run. */
  readonly guard: ProbeGuard | null
  /** Fills the places that the guard leaves empty, guarded too; without it they stay empty. */
  readonly fallback?: ProbeRecommender | undefined
  /** Accounts that count as network, found or not. Scoring only: neither recommender nor guard sees it. */
  readonly network: ReadonlySet<string>
  /** What a probe may make its one contact with (accounts, or contents where content is recommended). */
  readonly contacts: { readonly network: readonly string[]; readonly benign: readonly string[] }
  readonly random: Random
  readonly replicates?: number
  readonly refreshes?: number
  readonly top?: number
  readonly chosenEach?: number
  /** Viewers with their real history, for what the guard costs: one look each. */
  readonly viewers?: readonly OrdinaryViewer[]
  readonly sliceOf?: SliceOf
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Replicated paired probes: in every replicate one probe touches the network once, one touches somebody benign once, and
 * both are run without and with the guard on the same draws. Cost: replicates × 4 × refreshes questions to the recommender,
 * and 22 to see whether it knows the contacts.
 * Throws `input/invalid` without contacts; faults of the recommender pass through.
 */
export async function runProbes(plan: ProbePlan): Promise<ProbeResult> {
  const { replicates = 30, refreshes = 10, top = 20, chosenEach = 2 } = plan
  const { contacts, guard } = plan
  for (const name of ['network', 'benign'] as const)
    if (contacts[name].length === 0) throw new FirebreakError('input/invalid', [`no ${name} contact to probe with`])
  const setting = (on: ProbeGuard | null): ProbeSetting => {
    return { recommender: plan.recommender, guard: on, fallback: plan.fallback ?? null, refreshes, top, chosenEach }
  }
  const known = {
    network: await checkContacts(plan.recommender, contacts.network, top),
    benign: await checkContacts(plan.recommender, contacts.benign, top),
  }
  const arms = guard ? [false, true] : [false]
  const total = replicates * 2 * arms.length
  const runs = new Map<string, Refresh[][]>()
  let done = 0
  for (let replicate = 0; replicate < replicates; replicate++) {
    for (const name of ['contact', 'benign'] as const) {
      const pool = name === 'contact' ? contacts.network : contacts.benign
      const contact = pool[randomInt(plan.random, pool.length)]!
      const seed = randomInt(plan.random, 2 ** 31)
      for (const guarded of arms) {
        const probe = await runProbe(
          setting(guarded ? guard : null),
          `probe-${seed.toString(36)}-${name}`,
          contact,
          seededRandom(seed),
        )
        append(runs, armKey(name, guarded), probe)
        plan.onProgress?.(++done, total)
      }
    }
  }
  const ordinary = guard ? await lookOnce(setting(guard), plan.viewers ?? []) : []
  const runsOf = (name: ArmName, guarded: boolean) => runs.get(armKey(name, guarded)) ?? []
  return {
    recommender: plan.recommender.name,
    surface: plan.recommender.surface,
    replicates,
    refreshes,
    top,
    contacts: known,
    arms: arms.flatMap((guarded) =>
      (['contact', 'benign'] as const).map((name) => {
        return { name, guarded, ...curveOf(runsOf(name, guarded), plan.network) }
      }),
    ),
    benignWithheld: guard ? benignWithheld([...runsOf('benign', true), ...ordinary], plan.network, plan.sliceOf) : null,
    benignWithheldAfterContact: guard ? benignWithheld(runsOf('contact', true), plan.network, plan.sliceOf) : null,
  }
}

async function lookOnce(setting: ProbeSetting, viewers: readonly OrdinaryViewer[]): Promise<Refresh[][]> {
  const looks: Refresh[][] = []
  for (const { viewer, history } of viewers) looks.push([await look(setting, viewer, history)])
  return looks
}

function armKey(name: ArmName, guarded: boolean): string {
  return `${name}/${guarded}`
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
