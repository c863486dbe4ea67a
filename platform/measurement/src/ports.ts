/** Something a recommender proposes, with the account behind it (the same id where accounts are proposed). */
export interface Candidate {
  readonly id: string
  readonly owner: string
}

/** Surfaces that a probe can look at. */
export type ProbeSurface = 'recommend_accounts' | 'recommend_content'

/** One question to the recommender. */
export interface RecommendRequest {
  readonly viewer: string
  /** What the viewer chose so far, latest last. */
  readonly history: readonly string[]
  readonly limit: number
}

/** The recommender under test; the operator's own. */
export interface ProbeRecommender {
  readonly name: string
  readonly surface: ProbeSurface
  recommend(request: RecommendRequest): Promise<readonly Candidate[]>
}

/** One question to the guard: what the platform knows when it asks, and nothing more. */
export interface GuardRequest {
  readonly surface: ProbeSurface
  readonly viewer: string
  readonly history: readonly string[]
  readonly candidates: readonly Candidate[]
}

/** The guard under test: for each candidate, in order, whether it may be shown. */
export type ProbeGuard = (request: GuardRequest) => Promise<readonly boolean[]>
