/**
 * Runs the test suites: every *.test.ts, or with --long only the *.long.ts rounds and soaks.
 * Extra arguments are passed on as file patterns. REQUIRE_ALL=1 (set by CI) turns a skipped engine into a failure.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const long = args.includes('--long')
const chosen = args.filter((a) => !a.startsWith('--'))
const kind = long ? 'long' : 'test'
const patterns =
  chosen.length > 0
    ? chosen
    : ['test', 'packages/*/test', 'platform/*/test', 'apps/*/test', 'sdk', 'examples'].map(
        (dir) => `${dir}/**/*.${kind}.ts`,
      )
const files = patterns
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .filter((file) => !file.includes('node_modules'))
  .sort()
const { status } = spawnSync(
  process.execPath,
  ['--test', `--test-timeout=${long ? 1_800_000 : 180_000}`, '--test-concurrency=2', ...files],
  { cwd: root, stdio: 'inherit' },
)
process.exitCode = status ?? 1
