import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hand } from '@firebreak/enforcement'
import { Guard, PeopleFollower, Recorder, RuleBook, Switchboard, WalkAlarms, WalkWatch } from '@firebreak/guard'
import type { Principal } from '@firebreak/ledger'
import { NetworkMapper } from '@firebreak/networks'
import { markedVictims } from '@firebreak/review'
import { InterstitialOutcomes, Lexicon, ListedTexts, sealerFrom } from '@firebreak/signals'
import { Access } from '../access/access.ts'
import { bankPort } from '../canaries/bank-port.ts'
import { candidatePorts } from '../canaries/guard-ports.ts'
import { reportPorts } from '../canaries/report-ports.ts'
import { CanaryTerm, termPorts } from '../canaries/term-ports.ts'
import { CanaryWatch } from '../canaries/watch.ts'
import { handFrom, openEnforcement } from '../enforcement/enforcement.ts'
import { termListsOver } from '../enforcement/term-lists.ts'
import { ImportDesk } from '../imports/import-desk.ts'
import { withoutAppealedLinks } from '../networks/appealed-links.ts'
import { NetworkDesk, type NetworkDeskOptions } from '../networks/network-desk.ts'
import type { RunnerParts } from '../probes/own-runner.ts'
import { ProbeDesk, type ProbeRunner } from '../probes/probe-desk.ts'
import { ReplayDesk } from '../replay/replay-desk.ts'
import { Doors } from '../reports/doors.ts'
import { knownIn } from '../reports/known.ts'
import { openMailer } from '../reports/mailer.ts'
import { ReportOffice } from '../reports/office.ts'
import { SignalsOffice } from '../signals/signals-office.ts'
import { GuardSettings } from './guard-settings.ts'
import type { Instance } from './instance.ts'
import { openStore, type Store, type StoreOptions } from './open-store.ts'
import { EVERY_ROLE, type ProcessRole } from './process-role.ts'
import { Progress } from './progress.ts'
import { Retention } from './retention.ts'
import { NO_SETTINGS, type Settings } from './settings.ts'

export interface InstanceOptions extends StoreOptions {
  readonly demo: boolean
  readonly own: Instance['own']
  readonly runner: (parts: RunnerParts) => ProbeRunner
  /** What only the demo knows. */
  readonly known?: Pick<NetworkDeskOptions, 'protectedAccounts' | 'score'>
  /** What the environment sets (default: nothing). */
  readonly settings?: Settings
  /** Acts on the platform (default: by signed webhook where an address is set). */
  readonly hand?: Hand
  /** What this process does (default: everything). */
  readonly roles?: ReadonlySet<ProcessRole>
  /** Draws decisions for a second look, golden items and interstitials (default: chance). */
  readonly random?: () => number
  readonly onFault: (error: unknown) => void
}

const SYSTEM: Principal = { kind: 'system', id: 'server' }

/** Opens a data directory and everything that works on it. Throws `ledger/locked` when another process has it. */
export async function openInstance(options: InstanceOptions): Promise<Instance> {
  const store = await openStore(options)
  try {
    const instance = await instanceOver(store, options)
    if ((options.roles ?? EVERY_ROLE).has('worker')) {
      instance.reports.start(() => instance.canaries.round())
      if (!options.demo) instance.retention.start()
    }
    return instance
  } catch (error) {
    await store.close()
    throw error
  }
}

const GUARD = { kind: 'system', id: 'guard' } as const

/** Everything that works on an open store. */
export async function instanceOver(
  { ledger, secrets, edge, close }: Store,
  {
    dir,
    clock,
    demo,
    own,
    runner,
    known,
    settings = NO_SETTINGS,
    hand,
    roles = EVERY_ROLE,
    random = Math.random,
    onFault,
  }: InstanceOptions,
): Promise<Instance> {
  const guardSettings = new GuardSettings(ledger)
  const rules = await RuleBook.open(ledger)
  const switchboard = await Switchboard.open(ledger)
  const lexicon = await Lexicon.open({
    ...{ ledger, clock, newId, onFault },
    sealer: sealerFrom(secrets.lexicon),
    random,
    allowed: (detector, surface, jurisdiction) => switchboard.allowed(detector, surface, jurisdiction),
  })
  const outcomes = new InterstitialOutcomes({ ledger, clock, onFault })
  const guard = await Guard.open({
    source: ledger,
    clock,
    text: lexicon,
    policy: () => guardSettings.read(),
    failModes: () => guardSettings.failModes(),
    rules,
    switchboard,
    people: await PeopleFollower.open(ledger, clock),
    recorder: new Recorder(ledger.db, { sampleEvery: settings.sampleEvery }),
    stopwatch: () => performance.now(),
    // The audit chain says how many; who they are is shown to those who may see accounts (GET /v1/guard/mostly-withheld).
    onMostlyWithheld: (accounts) => {
      ledger.record('alarm.mostly-withheld', { accounts: accounts.length }, GUARD).catch(onFault)
    },
    onFault,
  })
  const walkAlarms = new WalkAlarms(ledger)
  const mapper = new NetworkMapper(ledger, withoutAppealedLinks(ledger))
  const working = roles.has('worker')
  const alone = roles.size === EVERY_ROLE.size
  const uploads = join(dir, 'uploads', alone ? '' : newId())
  await rm(uploads, { recursive: true, force: true })
  const shared = { ledger, clock, newId, onFault }
  const networks = new NetworkDesk({
    ...shared,
    ...known,
    mapper,
    pseudonymKey: secrets.pseudonyms,
    victims: (accounts) => markedVictims(ledger.db, accounts),
    labelsChanged: () => guard.refresh(),
  })
  const probes = new ProbeDesk({ ...shared, runner: runner({ guard, ledger, mapper }) })
  const imports = new ImportDesk({ ...shared, edge, dir: uploads, stored: (events) => guard.observe(events) })
  const listedTexts = working
    ? ListedTexts.open({
        ...{ ledger, lexicon, clock, onFault },
        allowed: (detector, surface, jurisdiction) => switchboard.allowed(detector, surface, jurisdiction),
      })
    : null
  const signals = await SignalsOffice.open({
    ...{ ledger, clock, key: secrets.banks, holder: newId(), working, onFault, lists: join(dir, 'lists') },
    allowed: (detector, surface, jurisdiction) => switchboard.allowed(detector, surface, jurisdiction),
    allowHosts: settings.privateHosts,
    mediaHosts: settings.mediaHosts,
  })
  const reports = await ReportOffice.open({
    ledger,
    secrets,
    clock,
    mailer: openMailer(settings.smtpUrl, settings.mailFrom),
    pagedByMail: settings.pagedByMail,
    privateHosts: settings.privateHosts,
    known: knownIn(signals.banks),
    random,
    onFault,
  })
  signals.startReviews(reports.intake)
  const enforcement = openEnforcement({
    ...shared,
    networks,
    hand: hand ?? handFrom(settings, clock),
    lists: termListsOver(lexicon.entries),
    appealAddress: settings.appealAddress,
    working,
    appealKey: secrets.appeals,
    returned: async (account, planId) =>
      void (await reports.intake.submit(
        {
          subject: { type: 'account', id: account },
          author: account,
          category: 'ban-evasion',
          text: 'A removed account may be back: an exact tie was shown after the removal.',
          reporter: { class: 'automated', id: 'returners' },
          source: 'returners',
        },
        { caller: 'returners', key: `${planId}:${account}` },
      )),
    decisionOverturned: (decision, { id }, reason) =>
      reports.desk.reverse(decision, { id, lanes: [], manages: false }, reason, { appeal: true }),
    protectedAccounts: known?.protectedAccounts ?? (() => []),
  })
  const doors = await Doors.open(ledger)
  const retention = new Retention({ ledger, clock, onFault })
  const canaryTerm = await CanaryTerm.open(ledger, secrets)
  const canaries = new CanaryWatch(ledger, clock, [
    ...reportPorts({ ledger, reports, doors }),
    ...candidatePorts({ ledger, guard, clock }),
    ...termPorts(canaryTerm, guard, clock),
    bankPort(signals.banks),
  ])
  if (alone) {
    await networks.closeInterrupted(SYSTEM)
    await probes.closeInterrupted(SYSTEM)
  }
  return {
    demo,
    clock,
    ledger,
    secrets,
    edge,
    access: new Access(ledger, secrets, clock),
    guard,
    guardSettings,
    rules,
    switchboard,
    replays: new ReplayDesk({ ...shared, rules, policy: () => guard.snapshot.compiled.policy }),
    walks: new WalkWatch((walk) => void walkAlarms.raise(walk).catch(onFault)),
    walkAlarms,
    mapper,
    networks,
    enforcement,
    probes,
    reports,
    doors,
    canaries,
    canaryTerm,
    signals,
    lexicon,
    outcomes,
    imports,
    retention,
    progress: new Progress(),
    own,
    close: async () => {
      await retention.close()
      await outcomes.close()
      await listedTexts?.close()
      await lexicon.close()
      await signals.close()
      await reports.close()
      await enforcement.close()
      await guard.close()
      await mapper.close()
      await close()
    },
  }
}

/** Ids in order of time would tell how many there are; these are random. */
function newId(): string {
  return randomBytes(9).toString('base64url')
}
