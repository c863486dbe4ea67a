import { readFile } from 'node:fs/promises'
import { ERRORS, type ErrorCode, FirebreakError } from '@firebreak/kernel'
import { nothingMeasured, type ProbeResult, probeGate, readProbeDefinition } from '@firebreak/measurement'
import { demoDirectory } from '../instance/server-file.ts'
import { type RunningServer, runningServer, waitFor } from './connection.ts'
import { csvRow } from './csv.ts'
import { toFile, toTerminal } from './result-file.ts'
import { note, ProgressLine, type Terminal } from './terminal.ts'

export interface ProbeOptions {
  readonly definition?: string
  readonly gate?: boolean
  readonly json?: boolean
  readonly out?: string
  readonly data: string
}

type ProbeRun = ProbeResult & {
  readonly id: string
  readonly status: 'running' | 'done' | 'failed'
  readonly error?: { readonly code: string; readonly detail: string }
  readonly progress?: { readonly done: number; readonly total: number }
}

/** `firebreak probe`: asks the running server to probe a recommender, waits, and shows the shares. Returns the exit code. */
export async function probe(options: ProbeOptions, terminal: Terminal): Promise<number> {
  const definition = options.definition === undefined ? null : readProbeDefinition(await readText(options.definition))
  const server = await serverFor(definition, options.data)
  const run = await finished(server, definition, terminal)
  await show(run, options, terminal)
  for (const line of warnings(run)) note(terminal, line)
  if (!options.gate) return 0
  const gate = probeGate(run, definition ? { networkShare: definition.limit } : {})
  for (const check of gate.checks) {
    note(
      terminal,
      `${check.pass ? 'pass' : 'FAIL'}: ${check.what}, upper end ${percent(check.upper)}, limit ${percent(check.limit)}`,
    )
  }
  return gate.pass ? 0 : 1
}

/** Without a definition the demo's own recommenders are meant, wherever the visitor's own store is open by now. */
async function serverFor(definition: unknown, data: string): Promise<RunningServer> {
  const places = definition === null ? [demoDirectory(data), data] : [data]
  for (const place of places) {
    const server = await runningServer(place)
    if (server) return server
  }
  throw new FirebreakError('usage/option', [`no server has ${data} open; run "firebreak start" first`])
}

/** What a reader of the figures must know first. */
function warnings(run: ProbeRun): string[] {
  const said: string[] = []
  const network = run.contacts?.network
  if (nothingMeasured(run))
    said.push('nothing measured: the recommender shows the same with and without any of the network contacts')
  else if (network !== undefined && network.unheard.length > 0)
    said.push(
      `the recommender does not know ${network.unheard.length} of ${network.asked} network contacts tried: ${network.unheard.join(', ')}`,
    )
  return said
}

async function finished(server: RunningServer, definition: unknown, terminal: Terminal): Promise<ProbeRun> {
  const progress = new ProgressLine(terminal)
  const { id } = await server.json<{ id: string }>('/v1/probes', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(definition === null ? {} : { definition }),
  })
  const run = await waitFor(
    async () => {
      const run = await server.json<ProbeRun>(`/v1/probes/${id}`)
      progress.update('probing', run.progress?.done ?? 0, run.progress?.total ?? 1)
      return run
    },
    (answer) => answer.status !== 'running',
  )
  progress.clear()
  if (run.status === 'failed') throw failure(run.error)
  return run
}

/** A reason with a code of its own keeps it; its text is told again without the part that the code says. */
function failure(error: ProbeRun['error']): FirebreakError {
  const { code, detail = 'see the log of the server' } = error ?? {}
  if (code === undefined || !isProbeCode(code)) return new FirebreakError('probe/failed', [detail.replace(/\.$/, '')])
  const [before = '', after = ''] = ERRORS[code].text.split('%s')
  const inner =
    detail.startsWith(before) && detail.endsWith(after)
      ? detail.slice(before.length, detail.length - after.length)
      : detail
  return new FirebreakError(code, [inner])
}

function isProbeCode(code: string): code is ErrorCode & `probe/${string}` {
  return code.startsWith('probe/') && code in ERRORS
}

async function show(run: ProbeRun, options: ProbeOptions, terminal: Terminal): Promise<void> {
  const json = options.json || options.out?.endsWith('.json')
  const sink = options.out === undefined ? toTerminal(terminal) : await toFile(options.out)
  if (json) await sink.write(`${JSON.stringify(run)}\n`)
  else if (options.out !== undefined || !terminal.out.isTTY) {
    await sink.write(curveCsv(run))
    note(terminal, sentence(run))
  } else await sink.write(table(run))
  await sink.finish()
}

function curveCsv(run: ProbeRun): string {
  const rows = run.arms.flatMap((arm) =>
    arm.points.map((point) =>
      csvRow([arm.name, arm.guarded ? 1 : 0, point.refresh, point.share, point.low, point.high, point.slots]),
    ),
  )
  return [csvRow(['arm', 'guarded', 'refresh', 'share', 'low', 'high', 'slots']), ...rows].join('')
}

/** For those who get the curve as a file or down a pipe. */
function sentence(run: ProbeRun): string {
  const share = (guarded: boolean) => run.arms.find((arm) => arm.name === 'contact' && arm.guarded === guarded)?.total
  const [before, after] = [share(false), share(true)]
  const after1 = after ? `${percent(after.share)} [${percent(after.low)}, ${percent(after.high)}]` : 'not measured'
  return `network share of recommendations after one contact: ${before ? percent(before.share) : 'not measured'} before, ${after1} guarded`
}

function table(run: ProbeRun): string {
  const arm = (name: string, guarded: boolean): string => {
    const total = run.arms.find((one) => one.name === name && one.guarded === guarded)?.total
    return total ? `${percent(total.share)} [${percent(total.low)}, ${percent(total.high)}]` : 'not measured'
  }
  const withheld = run.benignWithheld ? percent(run.benignWithheld.share) : 'not measured'
  return [
    `network share of recommendations (${run.recommender}, ${run.replicates} pairs, top ${run.top} × ${run.refreshes}), 95 % intervals`,
    `                     before                        after`,
    `  one contact        ${arm('contact', false).padEnd(28)}  ${arm('contact', true)}`,
    `  no contact         ${arm('benign', false).padEnd(28)}  ${arm('benign', true)}`,
    `  benign withheld    ${''.padEnd(28)}  ${withheld}`,
    ...leftEmpty(run),
    '',
  ].join('\n')
}

/** A list that is withheld whole leaves places empty; a share of nothing must not look like a success. */
function leftEmpty(run: ProbeRun): string[] {
  const filled = run.arms.find((arm) => arm.name === 'contact' && arm.guarded)?.filled ?? 1
  return filled > 0.995
    ? []
    : [
        `  places left empty  ${''.padEnd(28)}  ${percent(1 - filled)}: give the probe, and your platform, a fallback list`,
      ]
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new FirebreakError('input/file-missing', [path], { cause: error })
  }
}
