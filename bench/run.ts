/** `npm run bench -- NAME [options]`: runs bench/NAME.ts. Without a name: what there is to measure. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const [name, ...rest] = process.argv.slice(2)
const file = join(import.meta.dirname, `${name}.ts`)
if (name === undefined || !existsSync(file)) {
  const names = readdirSync(import.meta.dirname)
    .filter((entry) => entry.endsWith('.ts') && entry !== 'run.ts')
    .map((entry) => entry.slice(0, -3))
  console.error(`npm run bench -- NAME, one of: ${names.join(', ')}`)
  process.exitCode = 2
} else {
  process.argv.splice(2, process.argv.length, ...rest)
  await import(file)
}
