import { mapNetwork } from '@firebreak/graph'
import { seededRandom } from '@firebreak/kernel'
import { type OrdinaryViewer, type ProbeRecommender, type ProbeResult, runProbes } from '@firebreak/measurement'
import { graphOf, type Recommender, recommenders, type World } from '@firebreak/simulator'
import { detection } from '@firebreak/statistics'
import { type Act, guardFrom } from './memory-guard.ts'

const ORDINARY_VIEWERS = 4_000
const BENIGN_CONTACTS = 2_000

/** Maps from `k` reported accounts, labels, and runs the probes of each recommender of a world; labels first, probes after. */
export async function probeWorld(
  world: World,
  options: { readonly k: number; readonly draw: number; readonly replicates: number },
): Promise<ProbeResult[]> {
  const seeds = world.suggestedSeeds(options.k, options.draw)
  const map = mapNetwork(graphOf(world), { seeds, protectedAccounts: world.protectedAccounts() })
  const { guard, members, adjacent } = guardFrom(map, actsOf(world), world.endMs)
  const cut = detection(
    map.accounts.filter((row) => row.member).map((row) => row.account),
    new Set([...world.truth.positives()].filter((id) => !seeds.includes(id))),
  )
  console.log(
    `${world.scenario} seed ${world.seed}, ${options.k} reported accounts: ${members} members and ${adjacent} near accounts labelled; cut precision ${cut.precision.toFixed(3)}, recall ${cut.recall.toFixed(3)}`,
  )
  const viewers = ordinaryViewers(world)
  const results: ProbeResult[] = []
  const all = recommenders(world)
  for (const recommender of Object.values(all)) {
    results.push(
      await runProbes({
        recommender: asPort(recommender),
        // As a platform would: where a personal list is withheld, the popular accounts are shown, guarded too.
        ...(recommender.surface === 'recommend_accounts' ? { fallback: asPort(all.popularity) } : {}),
        guard: ({ history, ...rest }) => guard({ ...rest, history: history.map((id) => recommender.ownerOf(id)) }),
        network: world.truth.positives(),
        contacts: {
          network: [...world.truth.hubs].filter((id) => !world.truth.removed.has(id)),
          benign: world.unrelatedSeeds(BENIGN_CONTACTS, 7),
        },
        random: seededRandom(`probes/${world.seed}/${options.draw}`),
        replicates: options.replicates,
        viewers,
        sliceOf: (id) => slicesOf(world, id),
      }),
    )
  }
  return results
}

function* actsOf(world: World): Iterable<Act> {
  for (const [source, target, relation] of world.edges()) yield [source, target, relation]
}

function asPort({ name, surface, recommend, ownerOf }: Recommender): ProbeRecommender {
  return {
    name,
    surface,
    recommend: async ({ viewer, limit, history }) =>
      recommend(viewer, limit, history).map((id) => ({ id, owner: ownerOf(id) })),
  }
}

function ordinaryViewers(world: World): OrdinaryViewer[] {
  const histories = new Map<string, string[]>(world.unrelatedSeeds(ORDINARY_VIEWERS, 11).map((id) => [id, []]))
  for (const [source, target, relation] of world.edges()) if (relation === 'follow') histories.get(source)?.push(target)
  return [...histories].filter(([, history]) => history.length > 0).map(([viewer, history]) => ({ viewer, history }))
}

function slicesOf(world: World, id: string): Record<string, string> {
  const account = world.accountOf(id)
  const days = world.ageDaysOf(account)
  return { age: days < 90 ? '< 90 d' : days < 365 ? '< 1 y' : 'older', language: world.languageOf(account) }
}
