// Generated from the migrations by scripts/generate-schema.ts; a test fails when stale.
import type { ColumnType, Generated } from 'kysely'

type Time = ColumnType<Date, Date | string, Date | string>
type MaybeTime = ColumnType<Date | null, Date | string | null, Date | string | null>

export interface AdjacencyRow {
  node: number
  sealed: number
  entries: Uint8Array
  out_degree: number
  in_degree: number
}

export interface ApiKeyRow {
  id: string
  name: string
  token_hash: Uint8Array
  scopes: string[]
  created_at: Time
  expires_at: MaybeTime
  revoked_at: MaybeTime
  last_used_at: MaybeTime
}

export interface AppUserRow {
  id: string
  name: string
  roles: string[]
  password_hash: string | null
  created_at: Time
  disabled_at: MaybeTime
}

export interface AuditRow {
  seq: number
  kind: string
  at: Time
  written_by: number
  data: string | null
  salt: Uint8Array | null
}

export interface ChainRow {
  seq: number
  kind: number
  digest: Uint8Array
  hash: Uint8Array
  gone_by: number | null
}

export interface CursorPositionRow {
  name: string
  seq: number
  holder: string | null
  held_until: MaybeTime
}

export interface DocumentRow {
  seq: number
  kind: string
  id: string
  version: number
  at: Time
  written_by: number
  body: string | null
  salt: Uint8Array | null
}

export interface EdgeRow {
  source: number
  target: number
  relation: number
  spell: number
  weight: number
  first_at: Time
  last_at: Time
  withdrawn_at: MaybeTime
}

export interface EntityRow {
  id: Generated<number>
  kind: string
  name: string | null
  owner: number | null
}

export interface EventRow {
  seq: number
  id_key: Uint8Array
  id: string | null
  type: number
  v: number
  at: Time
  received_at: Time
  actor: number
  subject: number
  object: number | null
  surface: string | null
  written_by: number
  payload_owner: number | null
  payload: Uint8Array | null
  salt: Uint8Array | null
}

export interface LabelRow {
  seq: number
  id: string
  subject_type: string
  subject_id: string
  value: string
  source: string
  reason: string
  evidence: string | null
  case_id: string | null
  probability: number | null
  neg: boolean
  retracts: string | null
  at: Time
  expires_at: MaybeTime
  written_by: number
  salt: Uint8Array | null
}

export interface LedgerHeadRow {
  one: Generated<boolean>
  seq: number
  hash: Uint8Array
  erasures: number
  key_check: Uint8Array | null
}

export interface LegalHoldRow {
  id: string
  subject_type: string
  subject_id: string
  reason: string
  placed_at: Time
  released_at: MaybeTime
}

export interface RelationRow {
  id: number
  name: string
}

export interface RemovalRow {
  seq: number
  reason: string
  at: Time
  count: number
  positions: Uint8Array
  salt: Uint8Array
}

export interface SchemaMigrationRow {
  number: number
  name: string
  applied_at: Generated<Time>
}

export interface SessionRow {
  token_hash: Uint8Array
  user_id: string
  once: boolean
  created_at: Time
  expires_at: Time
}

export interface SubjectKeyRow {
  entity: number
  wrapped: Uint8Array
}

export interface Database {
  adjacency: AdjacencyRow
  api_key: ApiKeyRow
  app_user: AppUserRow
  audit: AuditRow
  chain: ChainRow
  cursor_position: CursorPositionRow
  document: DocumentRow
  edge: EdgeRow
  entity: EntityRow
  event: EventRow
  label: LabelRow
  ledger_head: LedgerHeadRow
  legal_hold: LegalHoldRow
  relation: RelationRow
  removal: RemovalRow
  schema_migration: SchemaMigrationRow
  session: SessionRow
  subject_key: SubjectKeyRow
}
