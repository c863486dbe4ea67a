import { spawn } from 'node:child_process'

/** Where a writer that will be killed writes. */
export type KillPlace =
  | { readonly kind: 'embedded'; readonly dir: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** One round of a kill test. */
export interface KillRound {
  /** A script that says "open" once its store is, and then a line for each acknowledged write; its arguments: kind, place, round. */
  readonly script: string
  readonly place: KillPlace
  readonly round: number
  /** Milliseconds from the first word to the end. */
  readonly afterMs: number
  /** Counts the time from the first acknowledgement instead: on a slow machine the first transaction would be all that is ever hit. */
  readonly onceAcknowledged?: boolean
  /** What is killed besides. */
  readonly crash?: ((round: number) => Promise<void>) | undefined
}

/** Starts the writer, lets it write, kills it with -9; answers the lines it had said, of which a last one cut in the middle is none. */
export async function linesUntilKilled({
  script,
  place,
  round,
  afterMs,
  onceAcknowledged = false,
  crash,
}: KillRound): Promise<string[]> {
  const where = place.kind === 'embedded' ? place.dir : place.url
  const child = spawn(process.execPath, [script, place.kind, where, String(round)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const closed = new Promise<void>((done) => child.once('close', () => done()))
  let said = ''
  let timer: NodeJS.Timeout | undefined
  let crashed: Promise<void> | undefined
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk
    if (onceAcknowledged && said.indexOf('\n') === said.length - 1) return
    timer ??= setTimeout(() => {
      crashed = crash?.(round)
      void Promise.resolve(crashed).finally(() => child.kill('SIGKILL'))
    }, afterMs)
  })
  await closed
  clearTimeout(timer)
  // A writer whose store died ends at once, while the server is still starting again.
  await crashed
  const lines = said.split('\n')
  if (lines[0] !== 'open') throw new Error(`the writer of round ${round} never opened its store`)
  return lines.slice(1, -1)
}
