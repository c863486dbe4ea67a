import { readFile } from 'node:fs/promises'
import type { ReplayReport } from '@firebreak/guard'
import { RuleBook } from '@firebreak/guard'
import { FirebreakError } from '@firebreak/kernel'
import { GuardSettings } from '../instance/guard-settings.ts'
import { replayPast } from '../replay/past.ts'
import type { ReplayRun } from '../replay/replay-desk.ts'
import { type RunningServer, runningServer, waitFor } from './connection.ts'
import { csvRow } from './csv.ts'
import { openExistingStore } from './existing-store.ts'
import { toFile, toTerminal } from './result-file.ts'
import { note, ProgressLine, type Terminal } from './terminal.ts'

export interface ReplayOptions {
  readonly from?: string
  readonly to?: string
  readonly policy?: string
  readonly json?: boolean
  readonly out?: string
  readonly gate?: boolean
  readonly data: string
}

/** `firebreak replay`: the past under the policy in force, or under a file's. With `--gate`: exit 1 when a past case would be lost. */
export async function replayCommand(options: ReplayOptions, terminal: Terminal): Promise<number> {
  const policy = options.policy === undefined ? null : await readText(options.policy)
  const period = { from: timeOf(options.from, 'from'), to: timeOf(options.to, 'to') }
  const progress = new ProgressLine(terminal)
  const server = await runningServer(options.data)
  const report = server
    ? await throughServer(server, { ...period, policy }, progress)
    : await overStore(options.data, { ...period, policy }, progress)
  progress.clear()
  await show(report, options, terminal)
  if (report.lost.length > 0)
    note(terminal, `not findable in the period: ${report.lost.length} of ${report.cases.length} past cases`)
  return options.gate && report.lost.length > 0 ? 1 : 0
}

interface Asked {
  readonly from: number | undefined
  readonly to: number | undefined
  readonly policy: string | null
}

async function overStore(data: string, asked: Asked, progress: ProgressLine): Promise<ReplayReport> {
  const { ledger, close } = await openExistingStore(data)
  try {
    const rules = await RuleBook.open(ledger)
    const policy = await new GuardSettings(ledger).read()
    return await replayPast(ledger, asked, { policy, rules: rules.list() }, (text) => progress.update(text, 0, 1))
  } finally {
    await close()
  }
}

async function throughServer(
  server: RunningServer,
  { from, to, policy }: Asked,
  progress: ProgressLine,
): Promise<ReplayReport> {
  const iso = (time: number | undefined) => (time === undefined ? {} : new Date(time).toISOString())
  const { id } = await server.json<ReplayRun>('/v1/replays', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...(from === undefined ? {} : { from: iso(from) }),
      ...(to === undefined ? {} : { to: iso(to) }),
      ...(policy === null ? {} : { policy: JSON.parse(policy) as unknown }),
    }),
  })
  const run = await waitFor(
    async () => {
      const run = await server.json<ReplayRun>(`/v1/replays/${id}`)
      progress.update(run.progress, 0, 1)
      return run
    },
    ({ status }) => status !== 'running',
  )
  if (!run.report) throw new FirebreakError('input/invalid', [run.error?.detail ?? 'the replay failed'])
  return run.report
}

async function show(report: ReplayReport, options: ReplayOptions, terminal: Terminal): Promise<void> {
  const sink = options.out === undefined ? toTerminal(terminal) : await toFile(options.out)
  if (options.json || options.out?.endsWith('.json')) await sink.write(`${JSON.stringify(report)}\n`)
  else if (options.out !== undefined || !terminal.out.isTTY) await sink.write(csv(report))
  else await sink.write(table(report))
  await sink.finish()
}

const HEAD = [
  'case',
  'members',
  'found_at',
  'findable_at',
  'days_earlier',
  'members_then',
  'views',
  'prevented',
  'share',
  'low',
  'high',
  'contacts_after',
]

function csv({ cases }: ReplayReport): string {
  const rows = cases.map((one) => [
    one.id,
    one.members,
    day(one.foundAt),
    one.findableAt === null ? '' : day(one.findableAt),
    one.daysEarlier ?? '',
    one.membersThen,
    one.views,
    one.viewsPrevented,
    Number.isNaN(one.prevented.value) ? '' : one.prevented.value,
    one.prevented.low,
    one.prevented.high,
    one.contactsAfter,
  ])
  return [HEAD, ...rows].map((row) => csvRow(row)).join('')
}

function table({ policyVersion, from, to, cases, innocents }: ReplayReport): string {
  const share = ({ value, low, high }: { value: number | null; low: number; high: number }) =>
    value === null || Number.isNaN(value)
      ? 'nothing was shown'
      : `${percent(value)} [${percent(low)}, ${percent(high)}]`
  return [
    `policy ${policyVersion}, ${day(from)} to ${day(to)}, 95 % intervals`,
    ...cases.flatMap((one) => [
      `case ${one.id}: ${one.members} members, found ${day(one.foundAt)}`,
      one.findableAt === null
        ? '  not findable in the period from its own seeds'
        : `  findable ${day(one.findableAt)} (${one.daysEarlier} days earlier), ${one.membersThen} of its members then`,
      `  shown to outsiders since: ${one.views}, of which withheld: ${share(one.prevented)}; new contacts by outsiders: ${one.contactsAfter}`,
    ]),
    `accounts in no case: ${innocents.touched} of ${innocents.shown} that were shown would have been withheld at least once; of all they were shown: ${share(innocents.withheld)}`,
    '',
  ].join('\n')
}

const day = (time: number): string => new Date(time).toISOString().slice(0, 10)
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

function timeOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  const time = Date.parse(text)
  if (Number.isNaN(time))
    throw new FirebreakError('usage/option', [`--${name} must be a date such as 2026-05-01, not ${text}`])
  return time
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new FirebreakError('input/file-missing', [path], { cause: error })
  }
}
