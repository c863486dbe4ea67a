import type { NetworkRole } from '@firebreak/drawing'

/** The server's answers, as this console reads them. */
export interface Me {
  readonly user: { readonly id: string; readonly name: string; readonly roles: readonly string[] }
  readonly instance: {
    readonly demo: boolean
    /** Address of the visitor's own store, where one can be opened. */
    readonly own: string | null
    readonly store: { readonly kind: string; readonly durable: string }
    readonly version: string
  }
}

export interface Stage {
  readonly stage: string
  readonly text: string
  readonly done: number
  readonly total: number
  readonly finished: boolean
}

export interface GuardState {
  readonly on: boolean
  readonly threshold?: number
  readonly labels: number
  readonly snapshotAgeMs: number
  readonly policyVersion: string
  readonly failMode: string
}

export interface Status {
  readonly stages: readonly Stage[]
  readonly guard: GuardState
  readonly counts: { readonly accounts: number; readonly edges: number; readonly events: number }
  readonly networks: number
}

export type Run = 'running' | 'done' | 'failed'

export interface NetworkSummary {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly status: Run
  readonly isNetwork?: boolean
  readonly members?: number
  readonly seeds?: number
}

export interface Seed {
  readonly account: string
  readonly known: boolean
  readonly fits: boolean
  readonly fit: number
}

export interface EvidencePath {
  readonly seed: string
  readonly via: string | null
  readonly relations: readonly string[]
  readonly weight: number
}

export interface RankedAccount {
  readonly account: string
  readonly score: number
  readonly probability: number
  readonly member: boolean
  readonly role: NetworkRole
  readonly evidence: readonly EvidencePath[]
  readonly sentence: string
}

export interface MappedNetwork {
  readonly isNetwork: boolean
  readonly networkProbability: number
  readonly reason: string
  readonly seeds: readonly Seed[]
  readonly accounts: readonly RankedAccount[]
  readonly audienceCount: number
  readonly protectedCount?: number
  readonly cut: { readonly threshold: number; readonly size: number; readonly borderline: readonly string[] }
  readonly shown?: number
  readonly total?: number
}

export interface CanvasNode {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly role: NetworkRole
  readonly member: boolean
  readonly seed: boolean
  readonly probability: number
  readonly size?: number
}

export interface CanvasEdge {
  readonly source: string
  readonly target: string
  readonly relation: string
  readonly weight?: number
}

export interface Drawing {
  readonly nodes: readonly CanvasNode[]
  readonly edges: readonly CanvasEdge[]
  readonly hidden?: { readonly nodes: number; readonly edges: number; readonly protected: number }
}

export type Mark = 'member' | 'bystander' | 'victim' | 'unsure'

export interface NetworkDocument {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly status: Run
  readonly error?: { readonly code?: string; readonly detail?: string } | string
  readonly pseudonymous: boolean
  readonly map?: MappedNetwork
  readonly drawing?: Drawing
  /** Only in the demo, where the planted truth is known. */
  readonly truth?: {
    readonly precision: number
    readonly recall: number
    readonly positives: number
    readonly found: number
    readonly victimsInCut: number
  }
  readonly labels: { readonly active: number; readonly expiresAt: string } | null
  readonly marks?: Readonly<Record<string, Mark>>
}

export interface CurvePoint {
  readonly refresh: number
  readonly share: number
  readonly low: number
  readonly high: number
  readonly slots: number
}

export interface Interval {
  readonly share: number
  readonly low: number
  readonly high: number
}

export interface Arm {
  readonly name: 'contact' | 'benign'
  readonly guarded: boolean
  readonly points: readonly CurvePoint[]
  readonly total: Interval
  /** Share of the places that were not left empty. */
  readonly filled?: number
}

export interface ProbeSummary {
  readonly id: string
  readonly status: Run
  readonly recommender: string
  readonly createdAt?: string
}

export interface ProbeRun extends ProbeSummary {
  readonly arms: readonly Arm[]
  readonly benignWithheld?: Interval
  readonly benignWithheldAfterContact?: Interval
  readonly progress?: { readonly done: number; readonly total: number }
  readonly error?: { readonly code?: string; readonly detail?: string } | string
}

export interface ImportReport {
  readonly rows: number
  readonly accepted: number
  /** Lines that were there already. */
  readonly duplicates?: number
  readonly unknownRelations?: readonly { readonly name: string; readonly rows: number }[]
  readonly bad: readonly { readonly line: number; readonly reason: string }[]
  readonly badTotal?: number
  readonly finished: boolean
  readonly error?: { readonly code?: string; readonly detail?: string } | string
}

export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly createdAt: string
  readonly lastUsedAt?: string | null
  readonly revokedAt?: string | null
}
