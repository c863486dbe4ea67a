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

export interface AdjacencyChangeRow {
  seq: number
  changes: Uint8Array
}

export interface AgeAssuranceRow {
  entity: number
  band: string
  source: string
  at: Time
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

export interface AppealRow {
  id: string
  account: string
  plan_id: string
  route: string
  opened_at: Time
  state: string
  decided_by: string | null
  decided_at: MaybeTime
  reason: string | null
}

export interface AuditRow {
  seq: number
  kind: string
  at: Time
  written_by: number
  data: string | null
  salt: Uint8Array | null
}

export interface BankRow {
  id: Generated<number>
  name: string
  settings: string
  entries: Generated<number>
  created_at: Time
  removed_at: MaybeTime
}

export interface BankJournalRow {
  seq: number
  bank: number
  operation: number
  first: number
  count: number
  at: Time
  body: Uint8Array
}

export interface CanaryRow {
  id: string
  surface: string
  sent_at: Time
  state: string
  detail: string | null
  ended_at: MaybeTime
}

export interface ChainRow {
  seq: number
  kind: number
  digest: Uint8Array
  hash: Uint8Array
  first: number | null
  digests: Uint8Array | null
}

export interface ContentLabelRow {
  content: number
  source: string
  value: string
  label: string
  evidence: string
}

export interface ContentReviewRow {
  content: number
  confirmed: boolean
  at: Time
}

export interface CountedRow {
  counter: string
  entity: number
  other: number
  hour: number
  count: number
}

export interface CursorPositionRow {
  name: string
  seq: number
  holder: string | null
  held_until: MaybeTime
}

export interface DecisionRow {
  id: string
  seq: number
  job: string
  subject: number
  decider: string
  outcome: string
  policy: string
  ground: string
  category: string
  severity: number
  actions: number
  automatic: boolean
  synthetic: boolean
  decided_at: Time
  effective_at: Time
  settled_at: MaybeTime
  reversed_at: MaybeTime
  reversed_by: string | null
  seconds: number
}

export interface DemotionRow {
  id: Generated<number>
  subject_type: string
  entity: number
  rule: string
  label: string
  surface: string
  policy_version: string
  first_at: Time
  due_at: Time
  hold_ground: string | null
  told_at: MaybeTime
}

export interface DetectorRow {
  id: string
  kind: string
  version: string
  settings: string
  secrets: Uint8Array | null
  calibration: string | null
  enabled: boolean
  changed_at: Time
}

export interface DetectorScoreRow {
  id: Generated<number>
  detector: string
  version: string
  content: number
  score: number
  probability: number | null
  at: Time
  outcome: boolean | null
  outcome_at: MaybeTime
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

export interface ErasureScanRow {
  entity: number
  needle: Uint8Array
  last: number
  done: number
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

export interface EvidenceRow {
  id: string
  report: string
  job: string
  ordinal: number
  kind: string
  signal: string | null
  hold: string
  hold_at: MaybeTime
  added_at: Time
}

export interface EvidenceOpenedRow {
  plan_id: string
  account: string
  evidence: string
  opened_by: string
  at: Time
  finding: string
}

export interface ExchangeRow {
  id: Generated<number>
  name: string
  kind: string
  bank: number
  settings: string
  secrets: Uint8Array | null
  checkpoint: string | null
  enabled: boolean
  next_at: MaybeTime
  holder: string | null
  held_until: MaybeTime
  started_at: MaybeTime
  caught_up_at: MaybeTime
  failed_at: MaybeTime
  failure: string | null
  failures: Generated<number>
  added: Generated<number>
  changed: Generated<number>
  withdrawn: Generated<number>
  malformed: Generated<number>
  unsupported: Generated<number>
}

export interface ExchangeFeedbackRow {
  id: Generated<number>
  exchange: number
  bank: number
  entry: number
  body: Uint8Array
  state: string
  attempts: Generated<number>
  next_at: Time
  failure: string | null
  at: Time
}

export interface ExchangeMalformedRow {
  exchange: number
  record_key: Uint8Array
  reason: string
  record: Uint8Array
  first_at: Time
  last_at: Time
  seen: Generated<number>
}

export interface GoldenRow {
  id: string
  job: string
  outcome: string
  policy: string
  by_user: string
  at: Time
  retired_at: MaybeTime
}

export interface GoneRow {
  seq: number
  by: number
}

export interface InterstitialOutcomeRow {
  day: string
  kind: string
  variant: string
  locale: string
  outcome: string
  count: number
}

export interface JobRow {
  id: string
  subject: number
  lane: string
  queue: string
  category: string
  language: string | null
  severity: number
  reach: number
  voices: number
  reports: number
  synthetic: boolean
  opened_at: Time
  rank_at: Time
  due_at: MaybeTime
  paused_at: MaybeTime
  pause_reason: string | null
  snoozed_until: MaybeTime
  escalated_at: MaybeTime
  holder: string | null
  lease_until: MaybeTime
  leased_at: MaybeTime
  closed_at: MaybeTime
  kind: Generated<string>
  origin: string | null
  acknowledged_at: MaybeTime
  acknowledged_by: string | null
}

export interface JobPassRow {
  job: string
  reviewer: string
  until_at: MaybeTime
}

export interface JobVoiceRow {
  job: string
  cluster: string
  weight: number
  reports: number
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

export interface LegalBasisRow {
  id: Generated<number>
  jurisdiction: string
  surface: string
  detector: string
  allowed: boolean
  ground: string
  at: Time
  written_by: string
}

export interface LegalHoldRow {
  id: string
  subject_type: string
  subject_id: string
  reason: string
  placed_at: Time
  released_at: MaybeTime
}

export interface LexiconEntryRow {
  id: string
  list: string
  kind: string
  text_key: Uint8Array
  owner: string
  state: string
  version: number
  live_version: number | null
  expires_at: MaybeTime
  created_at: Time
  changed: number
}

export interface LexiconInboxRow {
  id: string
  source: string
  text_key: Uint8Array
  body: Uint8Array
  state: string
  until: MaybeTime
  seen: Generated<number>
  entry: string | null
  decided_by: string | null
  created_at: Time
  changed_at: Time
}

export interface LexiconVersionRow {
  entry: string
  version: number
  body: Uint8Array
  written_by: string
  approved_by: string | null
  at: Time
  findings: string | null
}

export interface LookupRow {
  id: string
  reviewer: string
  subject: number | null
  purpose: string
  job: string | null
  at: Time
  reviewed_at: MaybeTime
  reviewed_by: string | null
}

export interface MediumRow {
  id: Generated<number>
  content: number
  source_key: Uint8Array
  source: Uint8Array
  surface: string | null
  jurisdiction: string | null
  state: string
  error: string | null
  attempts: Generated<number>
  next_at: MaybeTime
  holder: string | null
  hashes: Uint8Array | null
  matched_seq: number | null
  created_at: Time
  changed_at: Time
}

export interface MediumMatchRow {
  medium: number
  bank: number
  entry: number
  kind: string
  distance: number
  at: Time
}

export interface OpinionRow {
  id: string
  job: string
  kind: string
  reviewer: string
  outcome: string
  policy: string
  severity: number
  decision: string | null
  expected: string | null
  expected_policy: string | null
  agrees: boolean | null
  resolved_at: MaybeTime
  at: Time
}

export interface OracleAlarmRow {
  id: Generated<number>
  caller: string
  kind: string
  questions: number
  first_at: Time
  last_at: Time
  seen_by: string | null
  seen_at: MaybeTime
}

export interface PageRow {
  id: string
  job: string
  step: number
  due_at: Time
  sent_at: MaybeTime
  failed: string | null
}

export interface PlanStepRow {
  id: string
  plan_id: string
  batch: string
  account: string
  direction: string
  reverses: string | null
  action: string
  due_at: Time
  state: string
  attempts: number
  next_at: Time
  answer: string | null
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

export interface RemovedLinkRow {
  source: string
  target: string
  relation: string
  appeal_id: string
  at: Time
}

export interface ReportRow {
  id: string
  seq: number
  request_key: string | null
  request_digest: string | null
  source: string
  reporter_class: string
  reporter: string | null
  cluster: string
  category: string
  language: string | null
  subject: number
  job: string | null
  state: string
  reason: string | null
  synthetic: boolean
  received_at: Time
  settled_at: MaybeTime
}

export interface ReportContactRow {
  report: string
  sealed: string
  reporter: string | null
  received_at: Time
  tried_at: MaybeTime
}

export interface ReportTallyRow {
  source: string
  day: string
  received: number
  refused: number
}

export interface ReporterRow {
  key: string
  reporter_class: string
  decided: number
  upheld: number
  first_at: Time
  last_at: Time
}

export interface RevealRow {
  id: string
  evidence: string
  job: string
  reviewer: string
  purpose: string
  severity: number
  at: Time
  seconds: number | null
}

export interface ReviewerPreferenceRow {
  reviewer: string
  body: string
  break_until: MaybeTime
  at: Time
}

export interface RuleCountRow {
  rule: string
  hour: number
  judged: number
  hits: number
  unknowns: number
  errors: number
  timed: number
  nanos: number
}

export interface RuleVersionRow {
  rule: string
  version: number
  state: string
  body: string
  note: string
  at: Time
  written_by: string
}

export interface SanctionRow {
  step_id: string
  plan_id: string
  account: string
  action: string
  since: Time
  until: MaybeTime
  ended_at: MaybeTime
  ended_by: string | null
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

export interface SignalsWorkRow {
  name: string
  position: number
  target: number
  next_id: number
  holder: string | null
  held_until: MaybeTime
}

export interface StrikeRow {
  id: string
  account: string
  policy: string
  weight: number
  at: Time
  step_id: string | null
  reversed_at: MaybeTime
}

export interface SubjectKeyRow {
  entity: number
  wrapped: Uint8Array
}

export interface VaultGrantRow {
  id: string
  item: string | null
  case_id: string
  purpose: string
  asked_by: string
  asked_at: Time
  granted_by: string | null
  granted_at: MaybeTime
  used_at: MaybeTime
}

export interface VaultItemRow {
  id: string
  case_id: string
  evidence: string
  job: string
  media_type: string
  digest: string
  body: Uint8Array
  stored_by: string
  stored_at: Time
}

export interface VaultKeyRow {
  case_id: string
  wrapped: string
  made_at: Time
}

export interface VerdictSampleRow {
  id: Generated<number>
  at: Time
  policy_version: string
  action: string
  rule: string | null
  facts: string
}

export interface VictimMarkRow {
  entity: number
  marked_by: string
  at: Time
}

export interface WebhookDeliveryRow {
  id: string
  endpoint: string
  type: string
  body: string
  state: string
  attempts: number
  next_at: Time
  last_status: number | null
  last_error: string | null
  created_at: Time
  delivered_at: MaybeTime
}

export interface WebhookEndpointRow {
  id: string
  url: string
  sealed_secret: string
  types: string[]
  created_at: Time
  disabled_at: MaybeTime
}

export interface Database {
  adjacency: AdjacencyRow
  adjacency_change: AdjacencyChangeRow
  age_assurance: AgeAssuranceRow
  api_key: ApiKeyRow
  app_user: AppUserRow
  appeal: AppealRow
  audit: AuditRow
  bank: BankRow
  bank_journal: BankJournalRow
  canary: CanaryRow
  chain: ChainRow
  content_label: ContentLabelRow
  content_review: ContentReviewRow
  counted: CountedRow
  cursor_position: CursorPositionRow
  decision: DecisionRow
  demotion: DemotionRow
  detector: DetectorRow
  detector_score: DetectorScoreRow
  document: DocumentRow
  edge: EdgeRow
  entity: EntityRow
  erasure_scan: ErasureScanRow
  event: EventRow
  evidence: EvidenceRow
  evidence_opened: EvidenceOpenedRow
  exchange: ExchangeRow
  exchange_feedback: ExchangeFeedbackRow
  exchange_malformed: ExchangeMalformedRow
  golden: GoldenRow
  gone: GoneRow
  interstitial_outcome: InterstitialOutcomeRow
  job: JobRow
  job_pass: JobPassRow
  job_voice: JobVoiceRow
  label: LabelRow
  ledger_head: LedgerHeadRow
  legal_basis: LegalBasisRow
  legal_hold: LegalHoldRow
  lexicon_entry: LexiconEntryRow
  lexicon_inbox: LexiconInboxRow
  lexicon_version: LexiconVersionRow
  lookup: LookupRow
  medium: MediumRow
  medium_match: MediumMatchRow
  opinion: OpinionRow
  oracle_alarm: OracleAlarmRow
  page: PageRow
  plan_step: PlanStepRow
  relation: RelationRow
  removal: RemovalRow
  removed_link: RemovedLinkRow
  report: ReportRow
  report_contact: ReportContactRow
  report_tally: ReportTallyRow
  reporter: ReporterRow
  reveal: RevealRow
  reviewer_preference: ReviewerPreferenceRow
  rule_count: RuleCountRow
  rule_version: RuleVersionRow
  sanction: SanctionRow
  schema_migration: SchemaMigrationRow
  session: SessionRow
  signals_work: SignalsWorkRow
  strike: StrikeRow
  subject_key: SubjectKeyRow
  vault_grant: VaultGrantRow
  vault_item: VaultItemRow
  vault_key: VaultKeyRow
  verdict_sample: VerdictSampleRow
  victim_mark: VictimMarkRow
  webhook_delivery: WebhookDeliveryRow
  webhook_endpoint: WebhookEndpointRow
}
