import type { Ref } from '@firebreak/kernel'
import type { CategoryName, Lane } from './categories.ts'

/** Who a report comes from. A trusted flagger is one by law (DSA art. 22) or agreement; `automated` is a machine of the platform. */
export const REPORTER_CLASSES = ['user', 'trusted-flagger', 'hotline', 'authority', 'automated'] as const
/** One of `REPORTER_CLASSES`. */
export type ReporterClass = (typeof REPORTER_CLASSES)[number]

/** What an item of evidence is. */
export const EVIDENCE_KINDS = ['image', 'video', 'audio', 'text', 'thread', 'profile', 'other'] as const
/** One of `EVIDENCE_KINDS`. */
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** A pointer to what the platform holds; Firebreak keeps no copy. */
export interface EvidenceReference {
  readonly kind: EvidenceKind
  /** The platform's id of the item, or an https URL that its evidence proxy understands. */
  readonly reference: string
  /** A hash of the item, when the platform knows it: the same picture is judged once. */
  readonly signal?: { readonly type: string; readonly value: string }
}

/** A report as adapters hand it in: checked, and with no raw identity but in `reporter` and `contact`, which end at the door. */
export interface ReportInput {
  readonly subject: Ref
  /** The account that made the subject, when known: its erasure then reaches the report. */
  readonly author?: string
  readonly category: CategoryName
  readonly text?: string
  readonly language?: string
  readonly jurisdiction?: string
  readonly evidence?: readonly EvidenceReference[]
  readonly reporter: {
    readonly class: ReporterClass
    /** Absent = anonymous. Kept only as a keyed hash. */
    readonly id?: string
    /** Accounts that act as one (a linked group): a flood of theirs raises priority once. */
    readonly cluster?: string
  }
  /** Where the outcome goes (an e-mail address); sealed, apart from the report. */
  readonly contact?: string
  /** Views or followers, for priority. */
  readonly reach?: number
  /** Who delivers: counted per source. */
  readonly source: string
  readonly synthetic?: boolean
  /** Further facts of a form (legal reason, good faith, signature), sealed with the text. */
  readonly statement?: Readonly<Record<string, string | boolean>>
}

/** How a caller repeats a request without doubling it. `caller` scopes the key. */
export interface Idempotency {
  readonly caller: string
  readonly key: string
}

/** Where a report stands in the books. `merged`: it joined the open job of an earlier one, and shares its outcome. */
export type ReportState = 'open' | 'merged' | 'decided' | 'rejected' | 'dead'

/** The answer to a report, given after its commit. */
export interface Receipt {
  readonly reportId: string
  /** Opens the outcome page without an account; made again from the id, stored nowhere. */
  readonly receipt: string
  /** True when this idempotency key was answered before. */
  readonly repeated: boolean
}

/** What routing may look at. */
export interface RoutingFacts {
  readonly category: CategoryName
  readonly severity: number
  readonly language: string | null
  readonly reporterClass: ReporterClass
  readonly source: string
  readonly lane: Lane
}

/** Where a report goes. */
export interface Route {
  readonly queue: string
  /** Milliseconds to a decision, null = no clock. */
  readonly within: number | null
}

/** Decides where a report goes; pure and quick, it runs inside the transaction. */
export type Router = (facts: RoutingFacts) => Route
