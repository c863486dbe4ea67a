import { layoutNetwork } from '@firebreak/drawing'
import { sampleNetwork } from './sample-network.ts'

/** What the made-up server holds; one for the demo, one for the visitor's own store. */
export interface MockState {
  readonly demo: boolean
  stages: { stage: string; text: string; done: number; total: number; finished: boolean }[]
  readonly networks: Map<string, MockNetwork>
  readonly runs: Map<string, ReturnType<typeof probeRun>>
  guard: { on: boolean; threshold: number }
  counts: { accounts: number; edges: number; events: number }
  keys: { id: string; name: string; scopes: string[]; createdAt: string }[]
}

export type MockNetwork = ReturnType<typeof foundNetwork> | ReturnType<typeof noNetwork>

const CREATED = '2026-11-24T09:00:00.000Z'

export function mockState(demo: boolean): MockState {
  const state: MockState = {
    demo,
    stages: [],
    networks: new Map(),
    runs: new Map(),
    guard: { on: true, threshold: 0.5 },
    counts: demo ? { accounts: 20_000, edges: 231_442, events: 260_310 } : { accounts: 0, edges: 0, events: 0 },
    keys: [],
  }
  if (demo) {
    state.networks.set('n-1', foundNetwork('n-1', true))
    for (const name of ['coFollow', 'itemBased', 'popularity']) state.runs.set(`p-${name}`, probeRun(`p-${name}`, name))
  }
  return state
}

export function foundNetwork(id: string, truth: boolean) {
  const sample = sampleNetwork(90)
  const layout = layoutNetwork(sample)
  return {
    id,
    name: 'Paper lantern (demo)',
    createdAt: CREATED,
    status: 'done' as const,
    pseudonymous: true,
    map: {
      isNetwork: true,
      networkProbability: 0.985,
      reason:
        'Three of the four seeds lead to each other within two steps; of 200 groups of random accounts with as many links, none did.',
      seeds: sample.seeds,
      accounts: sample.accounts,
      audienceCount: 2_214,
      cut: { threshold: 0.5, size: 87, borderline: [] as string[] },
      shown: sample.accounts.length,
      total: sample.accounts.length + 3_140,
    },
    drawing: { ...layout, hidden: { ...layout.hidden, nodes: 3_140 } },
    ...(truth ? { truth: { precision: 0.966, recall: 0.943, positives: 90, found: 84, victimsInCut: 0 } } : {}),
    labels: null as { active: number; expiresAt: string } | null,
    marks: {} as Record<string, string>,
  }
}

export function noNetwork(id: string) {
  const seeds = ['acct-00311', 'acct-07720', 'acct-15904'].map((account) => ({
    account,
    known: true,
    fits: false,
    fit: 0.02,
  }))
  const nodes = seeds.map(({ account }) => ({
    id: account,
    role: 'bystander' as const,
    member: false,
    seed: true,
    probability: 0.01,
  }))
  return {
    id,
    name: '3 random accounts, draw 1',
    createdAt: CREATED,
    status: 'done' as const,
    pseudonymous: true,
    map: {
      isNetwork: false,
      networkProbability: 0.012,
      reason: 'The seeds lead to each other no more often than random accounts with as many links do.',
      seeds,
      accounts: sampleNetwork(20, 3).accounts.map((row) => ({
        ...row,
        member: false,
        probability: row.probability * 0.1,
      })),
      audienceCount: 0,
      cut: { threshold: 1, size: 0, borderline: [] as string[] },
    },
    drawing: layoutNetwork({ nodes, edges: [] }),
    labels: null as { active: number; expiresAt: string } | null,
    marks: {} as Record<string, string>,
  }
}

export function probeRun(id: string, recommender: string) {
  const peak = recommender === 'popularity' ? 0.004 : recommender === 'itemBased' ? 0.31 : 0.24
  const curve = (height: number, wide: number) =>
    Array.from({ length: 10 }, (_, i) => {
      const share = height * (1 - Math.exp(-(i + 1) / 2.5))
      return { refresh: i + 1, share, low: Math.max(0, share - wide), high: share + wide, slots: 4_000 }
    })
  const total = (share: number, wide: number) => ({ share, low: Math.max(0, share - wide), high: share + wide })
  return {
    id,
    status: 'done' as 'done' | 'running',
    recommender,
    createdAt: CREATED,
    arms: [
      { name: 'contact', guarded: false, points: curve(peak, 0.025), total: total(peak * 0.8, 0.018) },
      { name: 'contact', guarded: true, filled: 0.62, points: curve(0.0004, 0.0004), total: total(0.0003, 0.0003) },
      { name: 'benign', guarded: false, points: curve(0.006, 0.003), total: total(0.005, 0.002) },
      { name: 'benign', guarded: true, points: curve(0.0001, 0.0002), total: total(0.0001, 0.0001) },
    ],
    benignWithheld: total(0.0021, 0.0008),
  }
}
