import type { Clock, Ref } from '@firebreak/kernel'
import type { Kysely } from 'kysely'
import type { EventType } from './events/vocabulary.ts'
import type { Database } from './schema.generated.ts'
import type { Tasks } from './tasks/types.ts'
import type { LedgerTransaction } from './transaction/types.ts'

export type * from './tasks/types.ts'
export type * from './transaction/types.ts'

/** Who wrote something into the ledger: a signed-in user, an API key, or a part of Firebreak itself ("system"). */
export interface Principal {
  readonly kind: 'system' | 'user' | 'api-key'
  readonly id: string
}

/** What a platform sends: `actor` acted on `subject` at `at` (ISO 8601 with a time zone). Idempotent by `id`. */
export interface EventInput {
  readonly id: string
  /** Version of the event's shape; 1 when absent. */
  readonly v?: number
  readonly type: EventType | (string & {})
  readonly at: string
  readonly actor: Ref
  readonly subject: Ref
  readonly object?: Ref
  readonly surface?: string
  readonly context?: EventContext
  /** Personal payload: stored encrypted, gone after erasure. See events/vocabulary.ts for what each type may carry. */
  readonly data?: Readonly<Record<string, unknown>>
}

export interface EventContext {
  readonly jurisdiction?: string
  readonly locale?: string
  readonly ageBand?: string
}

/** An event as the log holds it. Of an erased subject only a pseudonym (`erased-12`) and no data is left. */
export interface StoredEvent extends EventInput {
  readonly seq: number
  readonly v: number
  readonly type: EventType
  readonly receivedAt: string
  readonly by: Principal
  /** True when its payload was removed, or a mention taken out of it, by an erasure or by retention. */
  readonly erased: boolean
}

/** Why one event of a batch was refused; the others are not affected. */
export type RejectCode = 'unknown-type' | 'unsupported-version' | 'malformed' | 'bad-time' | 'too-large' | 'legal-hold'

export type AppendResult =
  | { readonly id: string; readonly status: 'accepted'; readonly seq: number }
  | { readonly id: string; readonly status: 'duplicate' }
  | { readonly id: string; readonly status: 'rejected'; readonly code: RejectCode; readonly detail: string }

export interface LabelInput {
  readonly subject: Ref
  /** What is said about the subject, e.g. `network-member`. */
  readonly value: string
  /** Who says so: a detector and version, a case, an exchange. */
  readonly source: string
  readonly reason: string
  readonly evidence?: unknown
  readonly caseId?: string
  readonly probability?: number
  /** ISO time; when absent the label never expires. */
  readonly expiresAt?: string
}

/** A revocable statement. A retraction is a label itself, with `neg` and the id it takes back in `retracts`. */
export interface Label extends LabelInput {
  readonly id: string
  readonly seq: number
  readonly neg: boolean
  readonly retracts?: string
  readonly at: string
  readonly by: Principal
}

export interface Labels {
  /** Durable when it resolves. Returns the labels in the order given. */
  apply(labels: readonly LabelInput[], by: Principal): Promise<Label[]>
  /** Appends a retraction for each id that is active; unknown or already retracted ids are passed over. Returns how many. */
  retract(ids: readonly string[], by: Principal, reason: string): Promise<number>
  /** Labels in force at a moment (default: now): written, not expired, not retracted. */
  active(query?: LabelQuery): Promise<Label[]>
  /** Rows written after `seq` in order, retractions included: what a snapshot needs to follow along. */
  changesAfter(seq: number, limit?: number): Promise<Label[]>
}

export interface LabelQuery {
  readonly asOf?: string
  readonly subject?: Ref
  readonly subjectType?: string
  readonly caseId?: string
  readonly value?: string
}

/** A current edge for building a graph; items carry their kind in the id (`hashtag:…`), accounts are bare ids. */
export interface LedgerEdge {
  readonly source: string
  readonly target: string
  readonly relation: string
  readonly weight: number
  /** Milliseconds since 1970: the last time it was acted on. */
  readonly at: number
  /** The first time, in the present spell. */
  readonly firstAt: number
}

export interface EdgeQuery {
  /** The edges as they stood at this ISO time (default: now, i.e. those not withdrawn). */
  readonly asOf?: string
  readonly relations?: readonly string[]
  /** Edges per batch (default 20,000). */
  readonly batch?: number
}

export interface Neighbour {
  readonly other: string
  readonly relation: string
  /** `out`: the account asked about acted on the other; `in`: the other acted on it. */
  readonly direction: 'out' | 'in'
  readonly weight: number
  readonly at: number
}

export interface Adjacency {
  /** Current edges out of and into the node over all relations, whatever filter was asked. */
  readonly outDegree: number
  readonly inDegree: number
  readonly neighbours: readonly Neighbour[]
}

export interface Cursor {
  /** The last position handled; 0 when new. */
  get(): Promise<number>
  set(seq: number): Promise<void>
}

export interface Commit {
  /** The ledger's position after the commit. */
  readonly seq: number
}

export interface Outbox {
  /**
   * Delivers events in commit order, at least once, from the cursor `name` on, until the signal aborts. One relay per name works at a
   * time, in whatever process; the others wait for its lease (10 s) to lapse. The cursor moves after `deliver` resolves.
   */
  relay(name: string, deliver: (events: readonly StoredEvent[]) => Promise<void>, options: RelayOptions): Promise<void>
}

export interface RelayOptions {
  readonly signal: AbortSignal
  readonly batch?: number
  readonly types?: readonly EventType[]
  /**
   * Told of a delivery (or reading) that failed; the same events then come again, after 2 seconds and later up to a minute. Without it
   * the first failure ends the relay, which rejects with it.
   */
  readonly onFault?: (error: unknown) => void
}

export interface VerifyResult {
  readonly ok: boolean
  /** Chain entries checked. */
  readonly entries: number
  /** How many entries' rows are gone or reduced by a recorded erasure or retention sweep. */
  readonly removed: number
  readonly brokenAt?: number
  readonly problem?: string
}

export interface StoredDocument<T> {
  readonly kind: string
  readonly id: string
  readonly version: number
  readonly at: string
  readonly by: Principal
  readonly body: T
}

export interface Documents {
  get<T>(kind: string, id: string): Promise<StoredDocument<T> | null>
  /** Writes the next version. With `ifVersion` only over that version (0 = must be new), else it returns null. */
  put<T>(
    kind: string,
    id: string,
    body: T,
    by: Principal,
    options?: { ifVersion?: number },
  ): Promise<StoredDocument<T> | null>
  /** The latest version of every document of a kind, newest first. */
  list<T>(kind: string, options?: { limit?: number }): Promise<StoredDocument<T>[]>
}

export type Role = 'admin' | 'investigator' | 'moderator' | 'child-safety-moderator' | 'policy' | 'auditor'

export interface User {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly createdAt: string
  readonly disabledAt: string | null
}

export interface Users {
  /** `passwordHash` is an argon2id string made by the caller, or null (sign-in link only). A taken name throws `input/invalid`. */
  create(user: { name: string; roles: readonly Role[]; passwordHash?: string | null }, by: Principal): Promise<User>
  byId(id: string): Promise<User | null>
  byName(name: string): Promise<(User & { passwordHash: string | null }) | null>
  list(): Promise<User[]>
  setPasswordHash(id: string, passwordHash: string, by: Principal): Promise<void>
  setRoles(id: string, roles: readonly Role[], by: Principal): Promise<void>
  disable(id: string, by: Principal): Promise<void>
}

export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly revokedAt: string | null
  readonly lastUsedAt: string | null
}

export interface ApiKeys {
  /** The token (256 random bits) is shown once; only its SHA-256 is stored. */
  create(
    key: { name: string; scopes: readonly string[]; expiresAt?: string },
    by: Principal,
  ): Promise<{ key: ApiKey; token: string }>
  /** The key behind a token if it is neither revoked nor expired. Notes its use at most once a minute. */
  verify(token: string): Promise<ApiKey | null>
  list(): Promise<ApiKey[]>
  revoke(id: string, by: Principal): Promise<boolean>
}

export interface Sessions {
  /** A session (or, with `once`, a sign-in link) of a user; returns its token, stored only as SHA-256. */
  create(userId: string, options: { ttlMs: number; once?: boolean }): Promise<string>
  /** The user of a live session token. Links (`once`) are not sessions: redeem them. */
  verify(token: string): Promise<User | null>
  /** Uses up a sign-in link; null when unknown, used or expired. Of two concurrent calls one wins. */
  redeem(token: string): Promise<User | null>
  end(token: string): Promise<void>
}

export interface LegalHold {
  readonly id: string
  readonly subject: Ref
  readonly reason: string
  readonly placedAt: string
  readonly releasedAt: string | null
}

export interface LegalHolds {
  /** While a hold stands, `subject.erased` for the subject is rejected with `legal-hold` and retention passes it over. */
  place(subject: Ref, reason: string, by: Principal): Promise<LegalHold>
  release(id: string, by: Principal): Promise<boolean>
  list(options?: { standingOnly?: boolean }): Promise<LegalHold[]>
}

export interface AuditRecord {
  readonly seq: number
  readonly kind: string
  readonly at: string
  readonly by: Principal
  readonly data: Readonly<Record<string, unknown>>
}

export interface SweepReport {
  readonly dataClass: string
  readonly removed: number
}

export interface LedgerCounts {
  readonly events: number
  readonly accounts: number
  readonly edges: number
  readonly labels: number
}

export interface LedgerOptions {
  readonly store:
    | {
        readonly kind: 'embedded'
        readonly dir: string | 'memory'
        /** Memory only: a file that keeps an empty database between runs, to open in a fifth of a second. Made when absent. */
        readonly snapshotFile?: string
      }
    | { readonly kind: 'postgres'; readonly url: string }
  readonly clock: Clock
  /** Cryptographically secure bytes (salts, keys, tokens, ids); default `crypto.randomBytes`. */
  readonly randomBytes?: (size: number) => Uint8Array
  /** 32 bytes that wrap every subject's key. Embedded: kept in `<dir>/master.key` (0600) when absent. PostgreSQL: required unless `masterKeyFile`. */
  readonly masterKey?: Uint8Array
  /** Where to keep the master key (made when absent, mode 0600). */
  readonly masterKeyFile?: string
}

export interface Ledger {
  readonly kind: 'embedded' | 'postgres'
  /** In one sentence: what "durable" means on this store. Shown in health and the README. */
  readonly durability: string
  /** Reads and joins over the ledger's tables. Write through the methods below: only they keep the chain. */
  readonly db: Kysely<Database>
  /** Resolves after the durable commit, one result per event in order. Concurrent calls share a transaction. */
  append(events: readonly EventInput[], by: Principal): Promise<AppendResult[]>
  /** Events in commit order. `limit` defaults to 1,000. */
  events(query: { afterSeq?: number; limit?: number; types?: readonly EventType[]; of?: Ref }): Promise<StoredEvent[]>
  /** The position of the last write. */
  head(): Promise<number>
  cursor(name: string): Cursor
  readonly outbox: Outbox
  /** Called after each commit, of this process at once and of others by NOTIFY. Listeners must not throw. */
  onCommit(listener: (commit: Commit) => void): () => void
  readonly labels: Labels
  edges(query?: EdgeQuery): AsyncIterable<LedgerEdge[]>
  /** Adjacency of many nodes (accounts by id, items as `kind:id`) in one round trip; unknown ones are absent. Current edges only. */
  neighbours(nodes: readonly string[], options?: { relations?: readonly string[] }): Promise<Map<string, Adjacency>>
  /** An audit entry in the chain: reveals, exports, sign-ins, key creation. */
  record(kind: string, data: Readonly<Record<string, unknown>>, by: Principal): Promise<void>
  audit(query?: { afterSeq?: number; limit?: number; kind?: string }): Promise<AuditRecord[]>
  /**
   * Several writes in one durable transaction: rows of the caller's tables (`tx.db`), events, labels, documents, audit entries and tasks
   * are all there after it resolves, or none of them after it rejects (with what `work` threw). It holds the head of the ledger, so every
   * other writer waits for it: no network and no long computing inside. It shares its commit with writes that arrive beside it, and
   * `work` may therefore be run again from its beginning: it touches nothing but `tx`.
   */
  transaction<T>(by: Principal, work: (tx: LedgerTransaction) => Promise<T>): Promise<T>
  /** Background tasks; see Tasks. */
  readonly tasks: Tasks
  /** Recomputes the whole chain against the tables, streaming; never throws for a broken chain; tens of thousands of entries a second. */
  verify(): Promise<VerifyResult>
  readonly documents: Documents
  readonly users: Users
  readonly apiKeys: ApiKeys
  readonly sessions: Sessions
  readonly legalHolds: LegalHolds
  /** Applies the retention table (retention/table.ts) as of now. */
  sweep(now?: number): Promise<SweepReport[]>
  counts(): Promise<LedgerCounts>
  close(): Promise<void>
}
