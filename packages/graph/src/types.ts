import type { Random } from '@firebreak/kernel'

/**
 * What an account is to the network, judged from behaviour alone: `hub` (many act on it, and it acts inside), `member`,
 * `bridge` (holds parts together), `audience` (only watches hubs), `bystander` (near, nothing more) and `likely-victim`
 * (someone inside reaches out to it and it never answers). Only hub, member and bridge can be inside the cut.
 */
export type NetworkRole = 'hub' | 'member' | 'bridge' | 'audience' | 'bystander' | 'likely-victim'

/** An investigator's word on one account; it overrides the automatic answer and re-ranks everybody else. */
export type NetworkMark = 'member' | 'bystander' | 'victim' | 'unsure'

/** What to map. Ids unknown to the graph are reported, never an error; marked and benign accounts need not be seeds. */
export interface MapQuery {
  readonly seeds: readonly string[]
  /** Trusted accounts: whatever is as close to them as to the seeds is discounted. */
  readonly benign?: readonly string[]
  /** Press, support, child-safety staff: ranked if near, never inside the cut. */
  readonly protectedAccounts?: readonly string[]
  /** Follow edges from actor to target only. Default: both ways (who acted still decides what counts as own conduct). */
  readonly directed?: boolean
  readonly marks?: ReadonlyMap<string, NetworkMark>
}

/** Whether one seed belongs with the others. */
export interface SeedReport {
  readonly account: string
  /** The id is in the graph. */
  readonly known: boolean
  /** False when the other seeds do not lead to it: "this seed does not fit". */
  readonly fits: boolean
  /** 0 (a stranger to the others) to 1. A lone seed fits with 1. */
  readonly fit: number
}

/** One way in which an account is connected with the seeds. */
export interface EvidencePath {
  readonly seed: string
  /** The account or item between, or null for a direct edge. */
  readonly via: string | null
  /** Relation per step, from the account towards the seed: `follow` the nearer side acted, `<follow` the farther one did, `=follow` both did, `+hashtag` both are tied to the item `via`. */
  readonly relations: readonly string[]
  readonly weight: number
}

/** One row of the answer. "Member" means connected to these seeds, never offender. */
export interface RankedAccount {
  readonly account: string
  readonly score: number
  /** P(member | the seeds are members), 0 to 1. */
  readonly probability: number
  /** Inside the automatic cut. */
  readonly member: boolean
  readonly role: NetworkRole
  readonly evidence: readonly EvidencePath[]
  /** The strongest paths in words. */
  readonly sentence: string
}

/** An edge for the picture; one per pair and relation, `directed` false where both acted or direction means nothing. */
export interface NetworkEdge {
  readonly source: string
  readonly target: string
  readonly relation: string
  readonly weight: number
  readonly directed: boolean
}

export interface CutReport {
  /** The smallest probability inside the cut; 1 when the cut is empty. */
  readonly threshold: number
  readonly size: number
  /** Accounts close to the threshold on either side: the ones to look at first. */
  readonly borderline: readonly string[]
}

/** The answer to a query. `isNetwork` false is an answer, not an error: nobody is then inside the cut. */
export interface NetworkMap {
  readonly isNetwork: boolean
  readonly networkProbability: number
  /** Why, in one sentence. */
  readonly reason: string
  readonly seeds: readonly SeedReport[]
  /** Inside the cut first, each part best first; seeds not listed. */
  readonly accounts: readonly RankedAccount[]
  /** How many accounts only watch the hubs (counted over the whole graph, listed or not). */
  readonly audienceCount: number
  /** Edges within seeds and members. */
  readonly edges: readonly NetworkEdge[]
  readonly cut: CutReport
}

export interface MapOptions {
  /** Rows to list (default 1,000); members and likely victims are listed even beyond it. */
  readonly limit?: number
  /** Evidence paths per row (default 3). */
  readonly evidencePaths?: number
  /** Chance for null tests; default is a fixed seed, so that the same query gives the same answer. */
  readonly random?: Random
  readonly onProgress?: (progress: MapProgress) => void
}

export interface MapProgress {
  readonly stage: 'views' | 'rank' | 'cut' | 'roles' | 'evidence'
  readonly done: number
  readonly total: number
}
