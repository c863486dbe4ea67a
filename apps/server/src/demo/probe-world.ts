import { seededRandom } from '@firebreak/kernel'
import { type Candidate, type OrdinaryViewer, type ProbeRecommender, runProbes } from '@firebreak/measurement'
import { type Recommender, recommenders, type World } from '@firebreak/simulator'
import { type ProbeOutcome, storable } from '../probes/probe-outcome.ts'
import type { GuardQuestion } from './world-messages.ts'

const REPLICATES = 30
const ORDINARY_VIEWERS = 1_500
const BENIGN_CONTACTS = 500

/** Paired probes on one of the world's recommenders; the truth is read here for scoring and for choosing whom to touch. */
export async function probeWorld(
  world: World,
  name: string,
  judge: (question: GuardQuestion) => Promise<readonly boolean[]>,
  onProgress: (done: number, total: number) => void,
): Promise<ProbeOutcome> {
  const all = recommenders(world)
  const recommender = Object.values(all).find((one: Recommender) => one.name === name) as Recommender | undefined
  if (!recommender) throw new RangeError(`no recommender called ${name}`)
  // As a platform would: where a personal list is withheld, the popular accounts are shown, guarded too.
  const fallback =
    recommender.surface === 'recommend_accounts' && recommender !== all.popularity ? all.popularity : null
  const random = seededRandom(`probe/${world.seed}/${name}`)
  const result = await runProbes({
    recommender: asProbeRecommender(recommender),
    ...(fallback ? { fallback: asProbeRecommender(fallback) } : {}),
    guard: ({ surface, viewer, history, candidates }) =>
      judge({
        surface,
        viewer,
        recent: history.slice(-200).map((id) => recommender.ownerOf(id)),
        candidates: candidates.map(({ id, owner }) => ({ id, author: owner })),
      }),
    network: world.truth.positives(),
    contacts: {
      network: existing(world, [...world.truth.hubs]),
      benign: world.unrelatedSeeds(BENIGN_CONTACTS, 7),
    },
    random,
    replicates: REPLICATES,
    viewers: ordinaryViewers(world, ORDINARY_VIEWERS),
    onProgress,
  })
  return storable(result)
}

function asProbeRecommender({ name, surface, recommend, ownerOf }: Recommender): ProbeRecommender {
  return {
    name,
    surface,
    recommend: async ({ viewer, limit, history }) =>
      recommend(viewer, limit, history).map((id): Candidate => ({ id, owner: ownerOf(id) })),
  }
}

function existing(world: World, accounts: readonly string[]): string[] {
  return accounts.filter((id) => !world.truth.removed.has(id))
}

/** Accounts nothing was planted in, each with whom it really follows. */
function ordinaryViewers(world: World, count: number): OrdinaryViewer[] {
  const histories = new Map<string, string[]>(world.unrelatedSeeds(count, 11).map((id) => [id, []]))
  for (const [source, target, relation] of world.edges()) if (relation === 'follow') histories.get(source)?.push(target)
  return [...histories].filter(([, history]) => history.length > 0).map(([viewer, history]) => ({ viewer, history }))
}
