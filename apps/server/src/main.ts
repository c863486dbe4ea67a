#!/usr/bin/env node
import { run } from './cli/run.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader went away (`firebreak map … | head`): nothing is left to say.
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
process.exitCode = await run(process.argv.slice(2), { out: process.stdout, err: process.stderr })
