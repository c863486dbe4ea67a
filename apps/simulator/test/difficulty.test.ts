import assert from 'node:assert/strict'
import test from 'node:test'
import { detection } from '@firebreak/statistics'
import { generateWorld } from '../src/index.ts'

const world = generateWorld({ scenario: 'small', seed: 3 })
const edges = [...world.edges()]
const positives = world.truth.positives()
const ALLOWED = 0.6

function f1(found: Iterable<string>): number {
  return detection(found, positives).f1
}

function actorsOf(relation: string, item: (id: string) => boolean): Set<string> {
  return new Set(edges.filter((edge) => edge[2] === relation && item(edge[1])).map((edge) => edge[0]))
}

/** Sources or targets of edges of a relation that touch a seed, a given number of times. */
function nearSeeds(relation: string, least: number): string[] {
  const seeds = new Set(world.suggestedSeeds(3))
  const counts = new Map<string, number>()
  for (const [source, target, name] of edges) {
    if (name !== relation) continue
    if (seeds.has(source)) counts.set(target, (counts.get(target) ?? 0) + 1)
    if (seeds.has(target)) counts.set(source, (counts.get(source) ?? 0) + 1)
  }
  return [...counts].filter(([, count]) => count >= least).map(([id]) => id)
}

test('no single obvious rule gives the network away', () => {
  const rules: Record<string, Iterable<string>> = {
    'uses the common hashtags': actorsOf(
      'hashtag',
      (id) => id === 'hashtag:paperlantern' || id === 'hashtag:seashelltrade',
    ),
    'named as a backup': edges.filter((edge) => edge[2] === 'backup').map((edge) => edge[1]),
    'names a backup': edges.filter((edge) => edge[2] === 'backup').map((edge) => edge[0]),
    'directly tied to a seed': nearSeeds('follow', 1),
    'directly tied to two seeds': nearSeeds('follow', 2),
    'mentioned with a seed': nearSeeds('mention', 1),
  }
  for (const [name, found] of Object.entries(rules)) assert.ok(f1(found) < ALLOWED, `${name}: F1 ${f1(found)}`)
})

test('the club is denser than the network, and one innocent has more direct ties with members than most hubs', () => {
  const inside = (group: ReadonlySet<string>) =>
    edges.filter(([source, target, name]) => name === 'follow' && group.has(source) && group.has(target)).length /
    (group.size * (group.size - 1))
  assert.ok(inside(world.truth.club) > 2 * inside(world.truth.hubs))
  const ties = (id: string) => edges.filter(([source, target]) => target === id && positives.has(source)).length
  const [framed] = world.truth.framed
  const hubs = [...world.truth.hubs].filter((hub) => ties(hub) > ties(framed!))
  assert.ok(hubs.length < world.truth.hubs.size / 4)
})

test('hashtags, backups and shared pictures of the network are used by outsiders too', () => {
  const media = new Map<string, Set<string>>()
  for (const [source, target, name] of edges) {
    if (name !== 'media' || !world.truth.hubs.has(source)) continue
    media.set(target, new Set())
  }
  for (const [source, target, name] of edges) if (name === 'media') media.get(target)?.add(source)
  const mixed = [...media.values()].filter((users) => [...users].some((id) => !positives.has(id)))
  assert.ok(mixed.length > 5)
})
