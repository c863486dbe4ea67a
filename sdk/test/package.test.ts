import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'

const SDK = join(import.meta.dirname, '..')
const ROOT = join(SDK, '..')

test('the package builds, packs, and works in an empty folder', () => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-sdk-'))
  try {
    const copy = join(dir, 'sdk')
    cpSync(SDK, copy, { recursive: true, filter: (path) => !/node_modules|\/dist/.test(path.slice(SDK.length)) })
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'))
    const run = (command: string, args: string[], cwd: string) =>
      execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], copy)
    run('npm', ['pack', '--silent', '--pack-destination', dir], copy)
    const tarball = readdirSync(dir).find((name) => name.endsWith('.tgz'))!
    const empty = join(mkdtempSync(join(dir, 'platform-')))
    writeFileSync(join(empty, 'package.json'), '{"private":true,"type":"module"}')
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', join(dir, tarball)], empty)
    writeFileSync(
      join(empty, 'use.js'),
      `import { Firebreak } from '@firebreak/sdk'
       import { readMapping } from '@firebreak/sdk/proxy'
       const client = new Firebreak({ url: 'http://127.0.0.1:9', key: 'k', retries: 0 })
       const { verdicts } = await client.verdicts({ surface: 'trending', subjects: [{ type: 'account', id: 'a' }] })
       console.log(verdicts[0].action, typeof readMapping)`,
    )
    assert.equal(run(process.execPath, ['use.js'], empty).trim(), 'drop function')
    writeFileSync(
      join(empty, 'typed.ts'),
      `import { Firebreak, type Verdict } from '@firebreak/sdk'\nexport const first = async (f: Firebreak): Promise<Verdict | undefined> =>\n  (await f.verdicts({ surface: 'search', subjects: [{ type: 'account', id: 'a' }] })).verdicts[0]\n`,
    )
    run(
      process.execPath,
      [
        join(ROOT, 'node_modules/typescript/bin/tsc'),
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--types',
        '',
        '--skipLibCheck',
        'typed.ts',
      ],
      empty,
    )
    assert.ok(!readdirSync(join(empty, 'node_modules/@firebreak/sdk')).includes('src'))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
