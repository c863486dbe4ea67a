import type { NetworkRole } from '@firebreak/drawing'
import { type Random, randomInt, sample, seededRandom } from '@firebreak/kernel'

/** A made-up mapped network for tests of the screens: pseudonymous ids, no platform behind it. */
export interface SampleNetwork {
  readonly nodes: { id: string; role: NetworkRole; member: boolean; seed: boolean; probability: number }[]
  readonly edges: { source: string; target: string; relation: string; weight: number; directed: boolean }[]
  readonly seeds: { account: string; known: boolean; fits: boolean; fit: number }[]
  readonly accounts: SampleAccount[]
}

export interface SampleAccount {
  account: string
  score: number
  probability: number
  member: boolean
  role: NetworkRole
  evidence: { seed: string; via: string | null; relations: string[]; weight: number }[]
  sentence: string
}

const ROLE_OF: readonly [NetworkRole, number][] = [
  ['hub', 0.12],
  ['bridge', 0.07],
  ['member', 0.81],
]

/** `members` accounts in three loose groups around their hubs, some bystanders and audience, and one seed that does not fit. */
export function sampleNetwork(members = 90, seed = 7): SampleNetwork {
  const random = seededRandom(seed)
  const core = Array.from({ length: members }, (_, i) => account(i, random))
  const outside = Array.from({ length: Math.round(members * 0.8) }, (_, i) => bystander(members + i, random))
  const edges = linkCore(core, random).concat(linkOutside(core, outside, random))
  const seeds = [0, 1, 2].map((i) => ({ account: core[i]!.account, known: true, fits: true, fit: 0.97 - i * 0.05 }))
  seeds.push({ account: 'acct-90210', known: true, fits: false, fit: 0.06 })
  const seedNames = new Set(seeds.map((s) => s.account))
  const accounts = [...core.slice(3), ...outside]
    .sort((a, b) => b.probability - a.probability)
    .map((a, i) => ({ ...a, ...evidence(core, i, random) }))
  const lone = { id: 'acct-90210', role: 'bystander' as const, member: false, seed: true, probability: 0.04 }
  const nodes = [...core, ...outside].map(({ account: id, role, member, probability }) => ({
    id,
    role,
    member,
    seed: seedNames.has(id),
    probability,
  }))
  return { nodes: [...nodes, lone], edges, seeds, accounts }
}

function name(random: Random): string {
  return `acct-${String(randomInt(random, 100_000)).padStart(5, '0')}`
}

function account(i: number, random: Random): SampleAccount {
  const draw = random()
  const role = i < 3 ? 'hub' : (ROLE_OF.find(([, share]) => draw < share)?.[0] ?? 'member')
  const probability = i < 3 ? 0.999 : Math.max(0.52, 0.995 - (i / 90) ** 2 * 0.4 - random() * 0.06)
  return { account: name(random), score: probability * 3, probability, member: true, role, evidence: [], sentence: '' }
}

function bystander(_: number, random: Random): SampleAccount {
  const role = random() < 0.3 ? 'bystander' : 'audience'
  const probability = random() ** 3 * 0.42
  return { account: name(random), score: probability, probability, member: false, role, evidence: [], sentence: '' }
}

function linkCore(core: readonly SampleAccount[], random: Random): SampleNetwork['edges'] {
  const edges: SampleNetwork['edges'] = []
  const groups = [0, 1, 2].map((g) => core.filter((_, i) => i % 3 === g))
  for (const group of groups) {
    const hubs = group.filter((a) => a.role === 'hub')
    for (const member of group) {
      for (const other of sample(random, hubs, 2)) link(edges, member, other, 'follow', random)
      for (const other of sample(random, group, 2))
        link(edges, member, other, random() < 0.3 ? 'mention' : 'follow', random)
      if (random() < 0.22) link(edges, member, sample(random, group, 1)[0]!, 'backup', random)
      if (random() < 0.16) link(edges, member, sample(random, group, 1)[0]!, 'identifier', random)
    }
  }
  for (const bridge of core.filter((a) => a.role === 'bridge'))
    for (const group of groups)
      for (const other of sample(random, group, 2)) link(edges, bridge, other, 'follow', random)
  return edges
}

function linkOutside(
  core: readonly SampleAccount[],
  outside: readonly SampleAccount[],
  random: Random,
): SampleNetwork['edges'] {
  const edges: SampleNetwork['edges'] = []
  for (const other of outside)
    for (const member of sample(random, core, 1 + randomInt(random, 2))) link(edges, other, member, 'follow', random)
  return edges
}

function link(
  edges: SampleNetwork['edges'],
  a: { account: string },
  b: { account: string },
  relation: string,
  random: Random,
): void {
  if (a.account !== b.account)
    edges.push({ source: a.account, target: b.account, relation, weight: 1 + randomInt(random, 4), directed: true })
}

function evidence(
  core: readonly SampleAccount[],
  i: number,
  random: Random,
): Pick<SampleAccount, 'evidence' | 'sentence'> {
  const seed = core[i % 3]!.account
  const via = random() < 0.5 ? sample(random, core, 1)[0]!.account : null
  const relations = random() < 0.3 ? ['backup', 'follow'] : ['follow']
  const path = via ? `through ${via}, which both follow` : 'directly: each follows the other'
  const backup = relations.includes('backup') ? ', and each names the other as backup' : ''
  return {
    evidence: [{ seed, via, relations, weight: 0.2 + random() }],
    sentence: `Linked with seed ${seed} ${path}${backup}.`,
  }
}
