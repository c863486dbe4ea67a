#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { guardProxy, MappingError, readMapping } from './proxy.ts'

/** `firebreak-proxy --mapping FILE [--port N]`: listens on this machine alone unless `--bind` says otherwise. Returns when it listens. */
export async function runProxy(args: readonly string[], say: (line: string) => void): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        mapping: { type: 'string' },
        port: { type: 'string', default: '8790' },
        bind: { type: 'string', default: '127.0.0.1' },
      },
    })
    if (values.mapping === undefined) throw new MappingError('--mapping FILE is missing')
    const mapping = readMapping(readFileSync(values.mapping, 'utf8'))
    const name = mapping.firebreak.keyEnv ?? 'FIREBREAK_KEY'
    const key = process.env[name]
    if (!key) throw new MappingError(`the environment variable ${name} holds no API key (scope: verdicts)`)
    const server = guardProxy(mapping, key, (error) => say(error instanceof Error ? error.message : String(error)))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(Number(values.port), values.bind, resolve)
    })
    const address = server.address()
    say(
      `guarding ${mapping.upstream} at http://${values.bind}:${typeof address === 'object' ? address?.port : values.port}`,
    )
    return 0
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    return 2
  }
}

if (import.meta.filename === process.argv[1] || process.argv[1]?.endsWith('firebreak-proxy')) {
  const code = await runProxy(process.argv.slice(2), (line) => console.error(line))
  if (code !== 0) process.exitCode = code
}
