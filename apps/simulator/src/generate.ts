import { type Random, seededRandom } from '@firebreak/kernel'
import { adjacency, EdgeList, FOLLOW, rowOf } from './edge-list.ts'
import { Items, Posts } from './items.ts'
import { gatherAudience } from './planted/audience.ts'
import { type Cast, castNetwork } from './planted/cast.ts'
import { castDecoys, type Decoys, tieDecoys } from './planted/decoys.ts'
import { carelessHabits, decoyHabits, memberHabits, shareSurroundings } from './planted/habits.ts'
import { tieMembers } from './planted/members.ts'
import { castOutreach, type OutreachCast, reachOut } from './planted/outreach.ts'
import { growFollows } from './population/follows.ts'
import { meetingTime, type People, populate, someoneOf } from './population/people.ts'
import { type Habit, writePosts } from './population/posts.ts'
import { respond } from './population/responses.ts'
import { addSurroundings } from './population/surroundings.ts'
import { PLANS, type Scenario, type ScenarioName } from './scenario.ts'
import { makeTruth, type Truth } from './truth.ts'
import { World } from './world.ts'

/** Which world to make. */
export interface WorldQuery {
  readonly scenario: ScenarioName
  readonly seed: number
  /** Last moment of the 90 days, milliseconds since 1970. */
  readonly endMs?: number
  /** Other sizes than the scenario's, for tests and benches. */
  readonly plan?: Partial<Scenario>
  readonly onProgress?: (stage: string) => void
}

const LAST_MOMENT = Date.UTC(2025, 8, 1)
type Stream = (purpose: string) => Random

/**
 * Makes a synthetic platform with its planted network. Deterministic in scenario, seed, sizes and end. `small` takes about
 * half a second; `study` (a million accounts, about eleven million edges) well under a minute and less than 2 GB.
 */
export function generateWorld(query: WorldQuery): World {
  const plan = { ...PLANS[query.scenario], ...query.plan }
  const stream: Stream = (purpose) => seededRandom(`${query.scenario}/${query.seed}/${purpose}`)
  const progress = query.onProgress ?? (() => {})
  progress('accounts')
  const people = populate(plan.accounts, query.endMs ?? LAST_MOMENT, stream('people'))
  const edges = new EdgeList()
  const items = new Items(people.count)
  const posts = new Posts()
  const taken = new Set<number>()
  const cast = plan.network ? castNetwork(people, plan.network, taken, stream('cast')) : null
  const minors = plan.outreach ? drawMinors(people, plan.outreach.minorShare, stream('minors')) : null
  const decoys = chooseDecoys(people, plan, cast, taken, stream('decoys'))
  progress('follows')
  growFollows(people, plan.followMedian, edges, stream('follows'))
  if (cast) tieMembers(people, cast, edges, stream('members'))
  tieDecoys(people, decoys, cast, edges, stream('decoy-ties'))
  const outreach = plan.outreach && minors ? plantOutreach(people, plan, minors, taken, items, edges, stream) : null
  const audience =
    cast && plan.network
      ? gatherAudience(people, cast, plan.network, edges, taken, stream('audience'))
      : new Set<number>()
  edges.dropRepeatedFollows(people.count)
  progress('posts')
  const habits = gatherHabits(people, cast, decoys, items, stream)
  writePosts(people, plan.postsPerAccount, habits, items, posts, edges, stream('posts'))
  progress('likes')
  respond(people, plan.likesPerAccount, posts, edges, stream('responses'))
  addSurroundings(people, items, edges, stream('surroundings'))
  if (cast) shareSurroundings(people, cast, decoys, items, edges, stream('shared'))
  if (cast) {
    const bornAt = (node: number) => Math.max(0, ((people.createdAtMs[node] ?? 0) - people.startMs) / 1000)
    edges.settleRemovals(cast.removedAt, (people.endMs - people.startMs) / 1000, (node) => Math.ceil(bornAt(node)))
  }
  const ids = accountIds(people.count)
  return new World(
    {
      scenario: query.scenario,
      seed: query.seed,
      people,
      minors,
      items,
      posts,
      edges,
      withdrawn: drawWithdrawn(people, edges, stream('withdrawn')),
      removedAt: cast?.removedAt ?? new Map(),
      reportable: reportable(people, edges, cast, outreach),
      protectedAccounts: decoys.press,
      truth: truthOf(cast, decoys, outreach, audience, (account) => ids[account]!),
      streamFor: stream,
    },
    ids,
  )
}

function accountIds(count: number): string[] {
  const width = Math.max(4, String(count - 1).length)
  return Array.from({ length: count }, (_, i) => `acct-${String(i).padStart(width, '0')}`)
}

/** Minors keep to communities of their own: a school class or a game. */
function drawMinors(people: People, share: number, random: Random): Uint8Array {
  const young = Float32Array.from(people.communityLanguage, () => (random() < share ? 0.85 : share * 0.25))
  return Uint8Array.from({ length: people.count }, (_, account) =>
    random() < young[people.community[account]!]! ? 1 : 0,
  )
}

function chooseDecoys(people: People, plan: Scenario, cast: Cast | null, taken: Set<number>, random: Random): Decoys {
  const framing = cast !== null && plan.framers > 0
  const sizes = { club: plan.club, press: plan.press, framed: framing ? 1 : 0, researchers: cast ? 2 : 0 }
  const chosen = castDecoys(people, sizes, taken, random)
  const members = cast ? [...cast.hubs, ...cast.backupOf.values(), ...cast.bridges] : []
  const order = members.map((member) => [random(), member] as const).sort((a, b) => a[0] - b[0])
  return { ...chosen, framers: framing ? order.slice(0, plan.framers).map(([, member]) => member) : [] }
}

function plantOutreach(
  people: People,
  plan: Scenario,
  minors: Uint8Array,
  taken: Set<number>,
  items: Items,
  edges: EdgeList,
  stream: Stream,
): OutreachCast {
  const outreach = plan.outreach!
  const cast = castOutreach(people, outreach, minors, taken, stream('outreach-cast'))
  const groupOf = (mentor: number) => items.node('group', `m${mentor}`)
  return { ...cast, approached: reachOut(people, cast, outreach, minors, edges, groupOf, stream('outreach')) }
}

function gatherHabits(
  people: People,
  cast: Cast | null,
  decoys: Decoys,
  items: Items,
  stream: Stream,
): Map<number, Habit> {
  if (cast === null) return new Map()
  return new Map([
    ...carelessHabits(people, cast, items, stream('careless')),
    ...decoyHabits(people, decoys, items, stream('crafts')),
    ...memberHabits(cast, items, stream('habits')),
  ])
}

/** One follow in two hundred is taken back later. */
function drawWithdrawn(people: People, edges: EdgeList, random: Random): [number, number, number, number][] {
  const follows = adjacency(edges, FOLLOW, people.count, 'out')
  const list: [number, number, number, number][] = []
  const end = Math.floor((people.endMs - people.startMs) / 1000)
  for (let i = 0; i < people.count / 30; i++) {
    const source = Math.floor(random() * people.count)
    const target = someoneOf(people, people.community[source]!, random)
    const at = meetingTime(people, source, target, random)
    if (source !== target && !rowOf(follows, source).includes(target))
      list.push([source, target, at, Math.floor(at + random() * (end - at))])
  }
  return list
}

/** The better-known half of the hubs that still exist, or every adult who reached out. */
function reportable(people: People, edges: EdgeList, cast: Cast | null, outreach: OutreachCast | null): number[] {
  if (cast === null) return outreach ? [...outreach.ring, ...outreach.loners] : []
  const { offsets } = adjacency(edges, FOLLOW, people.count, 'in')
  const followers = (account: number) => offsets[account + 1]! - offsets[account]!
  const alive = cast.hubs.filter((hub) => !cast.removedAt.has(hub))
  return alive.sort((a, b) => followers(b) - followers(a) || a - b).slice(0, Math.ceil(alive.length / 2))
}

function truthOf(
  cast: Cast | null,
  decoys: Decoys,
  outreach: OutreachCast | null,
  audience: ReadonlySet<number>,
  idOf: (account: number) => string,
): Truth {
  const removed = [...(cast?.removedAt.keys() ?? [])]
  return makeTruth(
    {
      hubs: cast?.hubs ?? [...(outreach?.loners ?? []), ...(outreach?.ring ?? [])],
      backups: cast?.backupOf.values() ?? [],
      bridges: cast?.bridges ?? [],
      victims: cast?.victims ?? outreach?.approached ?? [],
      audience,
      returners: removed.map((hub) => cast!.backupOf.get(hub)!),
      removed,
      core: cast?.core ?? [],
      club: decoys.club,
      framers: decoys.framers,
      framed: decoys.framed,
      press: decoys.press,
      researchers: decoys.researchers,
      mentors: outreach?.mentors ?? [],
    },
    idOf,
  )
}
