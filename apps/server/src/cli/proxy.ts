import type { Terminal } from './terminal.ts'

export interface ProxyOptions {
  readonly mapping: string
  readonly port: number
  readonly bind: string
}

type RunProxy = (args: readonly string[], say: (line: string) => void) => Promise<number>

/** `firebreak proxy`: the SDK's proxy, from this checkout. It runs until it is interrupted. */
export async function proxy({ mapping, port, bind }: ProxyOptions, terminal: Terminal): Promise<number> {
  const sdk = new URL('../../../../sdk/src/proxy/main.ts', import.meta.url)
  const { runProxy } = (await import(sdk.href)) as { runProxy: RunProxy }
  const say = (line: string) => terminal.err.write(`${line}\n`)
  const code = await runProxy(['--mapping', mapping, '--port', String(port), '--bind', bind], say)
  if (code !== 0) return code
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  return 0
}
