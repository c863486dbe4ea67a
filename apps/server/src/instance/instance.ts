import type { Guard, RuleBook, Switchboard, WalkAlarms, WalkWatch } from '@firebreak/guard'
import type { Edge } from '@firebreak/intake'
import type { Clock } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import type { NetworkMapper } from '@firebreak/networks'
import type { InterstitialOutcomes, Lexicon } from '@firebreak/signals'
import type { Access } from '../access/access.ts'
import type { Secrets } from '../access/secrets.ts'
import type { CanaryTerm } from '../canaries/term-ports.ts'
import type { CanaryWatch } from '../canaries/watch.ts'
import type { Enforcement } from '../enforcement/enforcement.ts'
import type { ImportDesk } from '../imports/import-desk.ts'
import type { NetworkDesk } from '../networks/network-desk.ts'
import type { ProbeDesk } from '../probes/probe-desk.ts'
import type { ReplayDesk } from '../replay/replay-desk.ts'
import type { Doors } from '../reports/doors.ts'
import type { ReportOffice } from '../reports/office.ts'
import type { SignalsOffice } from '../signals/signals-office.ts'
import type { GuardSettings } from './guard-settings.ts'
import type { Progress } from './progress.ts'
import type { Retention } from './retention.ts'

/** One data directory with everything that works on it; two instances share nothing. */
export interface Instance {
  readonly demo: boolean
  readonly clock: Clock
  readonly ledger: Ledger
  readonly secrets: Secrets
  readonly edge: Edge
  readonly access: Access
  readonly guard: Guard
  readonly guardSettings: GuardSettings
  readonly rules: RuleBook
  readonly switchboard: Switchboard
  readonly replays: ReplayDesk
  readonly walks: WalkWatch
  readonly walkAlarms: WalkAlarms
  readonly mapper: NetworkMapper
  readonly networks: NetworkDesk
  readonly enforcement: Enforcement
  readonly probes: ProbeDesk
  readonly reports: ReportOffice
  readonly doors: Doors
  readonly canaries: CanaryWatch
  readonly canaryTerm: CanaryTerm
  readonly signals: SignalsOffice
  readonly lexicon: Lexicon
  readonly outcomes: InterstitialOutcomes
  readonly imports: ImportDesk
  readonly retention: Retention
  readonly progress: Progress
  /** Opens the visitor's own store and answers with a one-time link into it; null where there is none beside this one. */
  readonly own: (() => Promise<string>) | null
  readonly close: () => Promise<void>
}
