/**
 * What the world's maker knows and the platform does not: ids of the planted accounts by part. Only scoring may read it;
 * nothing that finds, labels or guards does.
 */
export interface Truth {
  readonly hubs: ReadonlySet<string>
  /** Backup accounts named in hubs' bios. */
  readonly backups: ReadonlySet<string>
  readonly bridges: ReadonlySet<string>
  readonly victims: ReadonlySet<string>
  readonly audience: ReadonlySet<string>
  /** Backups on which a removed hub came back. */
  readonly returners: ReadonlySet<string>
  /** Hubs that the platform removed within the window. */
  readonly removed: ReadonlySet<string>
  /** Hubs that together have the planned number of different followers. */
  readonly core: ReadonlySet<string>
  readonly club: ReadonlySet<string>
  readonly framers: ReadonlySet<string>
  readonly framed: ReadonlySet<string>
  readonly press: ReadonlySet<string>
  readonly researchers: ReadonlySet<string>
  /** Adults with many minors around them for good reasons. */
  readonly mentors: ReadonlySet<string>
  /** The accounts to find: hubs and their backups. */
  positives(): ReadonlySet<string>
}

/** A planted part. */
export type TruthRole = Exclude<keyof Truth, 'positives'>

/** All planted parts; an account can have several (a returner is a backup too). */
export const TRUTH_ROLES: readonly TruthRole[] = [
  'hubs',
  'backups',
  'bridges',
  'victims',
  'audience',
  'returners',
  'removed',
  'core',
  'club',
  'framers',
  'framed',
  'press',
  'researchers',
  'mentors',
]

export function makeTruth(
  parts: Partial<Record<TruthRole, Iterable<number>>>,
  idOf: (account: number) => string,
): Truth {
  const sets = Object.fromEntries(
    TRUTH_ROLES.map((role) => [role, new Set(Array.from(parts[role] ?? [], idOf))]),
  ) as unknown as Record<TruthRole, Set<string>>
  const positives = new Set([...sets.hubs, ...sets.backups])
  return { ...sets, positives: () => positives }
}
