import type { ProcessRole } from '../../instance/process-role.ts'
import type { App } from '../app.ts'
import type { Mount } from '../gate.ts'
import { accessRoutes } from './access.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { appealRoutes } from './appeals.ts'
import { auditRoutes } from './audit.ts'
import { bankRoutes } from './banks.ts'
import { canaryRoutes } from './canaries.ts'
import { caseRoutes } from './cases.ts'
import { doorRoutes } from './doors.ts'
import { evidenceRoutes } from './evidence.ts'
import { guardRoutes } from './guard.ts'
import { hmaRoutes } from './hma.ts'
import { importRoutes } from './imports.ts'
import { intakeRoutes } from './intake.ts'
import { interstitialRoutes } from './interstitials.ts'
import { jobRoutes } from './jobs.ts'
import { legalBasisRoutes } from './legal-basis.ts'
import { lexiconRoutes } from './lexicon.ts'
import { networkRoutes } from './networks.ts'
import { noticeRoutes } from './notice.ts'
import { ownDataRoutes } from './own-data.ts'
import { planRoutes } from './plans.ts'
import { probeRoutes } from './probes.ts'
import { qualityRoutes } from './quality.ts'
import { referralRoutes } from './referrals.ts'
import { replayRoutes } from './replays.ts'
import { reportRoutes } from './reports.ts'
import { rulesRoutes } from './rules.ts'
import { signalRoutes } from './signals.ts'
import { standingRoutes } from './standing.ts'
import { statementRoutes } from './statements.ts'
import { statusRoutes } from './status.ts'
import { taskRoutes } from './tasks.ts'
import { userRoutes } from './users.ts'
import { verdictRoutes } from './verdicts.ts'
import { webhookRoutes } from './webhooks.ts'
import { wellnessRoutes } from './wellness.ts'

export interface RouteContext {
  readonly mount: Mount
  readonly version: string
  readonly roles: ReadonlySet<ProcessRole>
}

/** Every route of one address space that this process answers: how it stands always, verdicts by guards, the rest by the API. */
export async function routes(app: App, context: RouteContext): Promise<void> {
  statusRoutes(app, context)
  if (context.roles.has('guard') || context.roles.has('api')) verdictRoutes(app)
  if (context.roles.has('api')) apiRoutes(app, context)
}

function apiRoutes(app: App, context: RouteContext): void {
  accessRoutes(app, context)
  networkRoutes(app)
  caseRoutes(app)
  planRoutes(app)
  appealRoutes(app, context)
  standingRoutes(app)
  referralRoutes(app)
  guardRoutes(app)
  rulesRoutes(app)
  replayRoutes(app)
  legalBasisRoutes(app)
  statementRoutes(app)
  probeRoutes(app)
  importRoutes(app)
  intakeRoutes(app)
  reportRoutes(app)
  jobRoutes(app)
  canaryRoutes(app)
  evidenceRoutes(app)
  wellnessRoutes(app)
  qualityRoutes(app)
  webhookRoutes(app)
  doorRoutes(app)
  bankRoutes(app)
  signalRoutes(app)
  lexiconRoutes(app)
  interstitialRoutes(app)
  hmaRoutes(app)
  noticeRoutes(app, context)
  apiKeyRoutes(app)
  userRoutes(app)
  auditRoutes(app)
  taskRoutes(app)
  ownDataRoutes(app)
  app.get(
    '/openapi.json',
    { config: { needs: 'signed-in' }, schema: { summary: 'This description (OpenAPI 3.1)', hide: true } },
    () => app.swagger(),
  )
}
