/** `small`: 20,000 accounts, for a first start. `study`: a million, with the network that was found in 2023. `outreach`: adults who approach minors. */
export const SCENARIOS = ['small', 'study', 'outreach'] as const
export type ScenarioName = (typeof SCENARIOS)[number]

/** How many of everything a scenario holds. Counts of planted accounts are exact, the rest are means. */
export interface Scenario {
  readonly accounts: number
  /** Median of the accounts that someone chooses to follow; follows back come on top. */
  readonly followMedian: number
  readonly postsPerAccount: number
  readonly likesPerAccount: number
  readonly network: NetworkPlan | null
  readonly outreach: OutreachPlan | null
  readonly club: number
  readonly framers: number
  readonly press: number
}

/** The planted network of sellers ("hubs") that the platform must not connect. */
export interface NetworkPlan {
  readonly hubs: number
  /** Hubs that together have exactly `coreFollowers` different followers. */
  readonly coreHubs: number
  readonly coreFollowers: number
  readonly backups: number
  readonly bridges: number
  readonly victims: number
  readonly removed: number
  /** Median of the hubs that one of the audience follows, and the spread of its logarithm. */
  readonly appetite: { readonly median: number; readonly sigma: number }
}

/** Adults who contact many minors they are not connected to. */
export interface OutreachPlan {
  readonly minorShare: number
  readonly loners: number
  readonly ring: number
  readonly contactsEach: readonly [number, number]
  /** Adults with many minors around them for good reasons (a coach, a teacher): known, followed back, in one group. */
  readonly mentors: number
}

/** The sizes of every scenario. */
export const PLANS: Readonly<Record<ScenarioName, Scenario>> = {
  small: {
    accounts: 20_000,
    followMedian: 3.4,
    postsPerAccount: 0.9,
    likesPerAccount: 1.6,
    network: {
      hubs: 40,
      coreHubs: 24,
      coreFollowers: 700,
      backups: 24,
      bridges: 12,
      victims: 6,
      removed: 8,
      appetite: { median: 2.5, sigma: 0.7 },
    },
    outreach: null,
    club: 60,
    framers: 50,
    press: 4,
  },
  study: {
    accounts: 1_000_000,
    followMedian: 4.2,
    postsPerAccount: 1.1,
    likesPerAccount: 1.3,
    network: {
      hubs: 405,
      coreHubs: 112,
      coreFollowers: 22_000,
      backups: 260,
      bridges: 120,
      victims: 60,
      removed: 70,
      appetite: { median: 2.2, sigma: 0.8 },
    },
    outreach: null,
    club: 140,
    framers: 50,
    press: 8,
  },
  outreach: {
    accounts: 20_000,
    followMedian: 3.4,
    postsPerAccount: 0.8,
    likesPerAccount: 1.4,
    network: null,
    outreach: { minorShare: 0.22, loners: 20, ring: 14, contactsEach: [18, 60], mentors: 25 },
    club: 0,
    framers: 0,
    press: 4,
  },
}
