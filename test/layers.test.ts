import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import test from 'node:test'

const root = join(import.meta.dirname, '..')
/** platform/ in its order; a layer may use packages/ and the layers before it. */
const LAYERS = ['ledger', 'intake', 'signals', 'networks', 'guard', 'review', 'enforcement', 'sharing', 'measurement']

interface Workspace {
  readonly name: string
  readonly shelf: 'packages' | 'platform' | 'apps'
  readonly dir: string
  readonly declared: ReadonlySet<string>
  readonly imported: ReadonlyMap<string, string>
}

const workspaces = (['packages', 'platform', 'apps'] as const).flatMap((shelf) =>
  readdirSync(join(root, shelf))
    .filter((name) => existsSync(join(root, shelf, name, 'package.json')))
    .map((name) => readWorkspace(shelf, name)),
)
const shelfOf = new Map(workspaces.map((w) => [w.name, w.shelf]))

function readWorkspace(shelf: Workspace['shelf'], name: string): Workspace {
  const dir = join(root, shelf, name)
  const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Record<string, Record<string, string>>
  return {
    name,
    shelf,
    dir,
    declared: new Set(Object.keys(manifest.dependencies ?? {}).filter((d) => d.startsWith('@firebreak/'))),
    imported: importsUnder(join(dir, 'src')),
  }
}

/** Workspace packages imported anywhere under a folder, each with one file that does it. */
function importsUnder(dir: string): Map<string, string> {
  const found = new Map<string, string>()
  if (!existsSync(dir)) return found
  for (const entry of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(entry)) continue
    const text = readFileSync(join(dir, entry), 'utf8')
    for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'(@firebreak\/[^'/]+)/g))
      found.set(match[1]!, join(dir, entry))
    for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'(\.\.?\/[^']+)'/g)) {
      const target = join(dir, entry, '..', match[1]!)
      if (!target.startsWith(join(dir, '..'))) found.set(`outside: ${relative(root, target)}`, join(dir, entry))
    }
  }
  return found
}

function mayUse(user: Workspace, used: string): boolean {
  const shelf = shelfOf.get(used)
  if (shelf === 'packages')
    return user.shelf !== 'packages' || used === 'kernel' || user.declared.has(`@firebreak/${used}`)
  if (shelf === 'platform') {
    if (user.shelf === 'apps') return user.name !== 'simulator' && user.name !== 'console'
    return user.shelf === 'platform' && LAYERS.indexOf(used) < LAYERS.indexOf(user.name)
  }
  return user.name === 'server' && used === 'simulator'
}

for (const workspace of workspaces) {
  test(`${workspace.shelf}/${workspace.name} imports only what it declares, and nothing above it`, () => {
    for (const [used, file] of workspace.imported) {
      assert.ok(
        workspace.declared.has(used),
        `${relative(root, file)} imports ${used}, which its package.json does not declare`,
      )
    }
    for (const used of workspace.declared) {
      const name = used.slice('@firebreak/'.length)
      assert.ok(mayUse(workspace, name), `${workspace.shelf}/${workspace.name} may not depend on ${used}`)
      assert.ok(
        workspace.imported.has(used),
        `${workspace.shelf}/${workspace.name} declares ${used} but never imports it`,
      )
    }
  })
}

test('nothing in platform/ or packages/ knows the simulator, so the guard cannot see planted truth', () => {
  for (const workspace of workspaces.filter((w) => w.shelf !== 'apps')) {
    assert.ok(!workspace.declared.has('@firebreak/simulator') && !workspace.imported.has('@firebreak/simulator'))
  }
})

test('platform layers are listed in their order', () => {
  for (const { shelf, name } of workspaces)
    if (shelf === 'platform') assert.ok(LAYERS.includes(name), `where does ${name} stand?`)
})
