import assert from 'node:assert/strict'
import test from 'node:test'
import { admit } from '../src/conduct/admit.ts'
import { GraphBuilder } from '../src/index.ts'
import { findAudience } from '../src/roles/audience.ts'
import type { Row } from './planted-ring.ts'

const SEEDS = ['seed-1', 'seed-2', 'seed-3']
const SELLERS = ['sold-1', 'sold-2', 'sold-3']
/** Stands beside the cut: it trades with the sellers, and ranking did not put it inside. */
const APPROACHER = 'near-1'

/** Seeds and sellers follow each other and share a hashtag with an account that follows nobody. */
function platform(acts: readonly Row[]) {
  const rows: Row[] = [...acts]
  const known = [...SEEDS, ...SELLERS]
  for (const a of known) for (const b of known) if (a !== b) rows.push([a, b, 'follow'])
  for (const a of [...known, 'quiet-1']) rows.push([a, '#paper-lantern', 'hashtag'])
  rows.push([APPROACHER, 'sold-1', 'follow'], ['sold-1', APPROACHER, 'follow'])
  const builder = new GraphBuilder()
  for (const [source, target, relation] of rows) builder.add(source, target, relation)
  return builder.finish()
}

function admitted(acts: readonly Row[], inside: readonly string[]): string[] {
  const graph = platform(acts)
  const adjacency = graph.fused()
  const nodes = (ids: readonly string[]) => ids.map((id) => graph.nodeOf(id))
  const ranked = nodes([...inside, APPROACHER])
  return admit(graph, adjacency, nodes(SEEDS), nodes(inside), ranked, (core) =>
    findAudience(graph, adjacency, core),
  ).map((node) => graph.idOf(node))
}

test('who shares the words of a network and was written to by nobody is inside', () => {
  assert.deepEqual(admitted([], [...SELLERS, 'quiet-1']), [...SELLERS, 'quiet-1'])
})

test('a victim stays outside although those who write to it stand beside the cut', () => {
  const approached: Row[] = [
    [APPROACHER, 'quiet-1', 'contact'],
    [APPROACHER, 'quiet-1', 'follow'],
  ]
  assert.deepEqual(admitted(approached, [...SELLERS, 'quiet-1']), SELLERS)
})

test('a word to one member, a coach perhaps, does not hide that others write to a victim in vain', () => {
  const written: Row[] = [
    ['sold-1', 'quiet-1', 'contact'],
    ['sold-2', 'quiet-1', 'contact'],
    ['quiet-1', 'seed-1', 'contact'],
  ]
  assert.deepEqual(admitted(written, [...SELLERS, 'quiet-1']), SELLERS)
})

test('a seller whom its own audience writes to is no victim', () => {
  const fans: Row[] = ['fan-1', 'fan-2'].flatMap((fan): Row[] => [
    [fan, 'sold-2', 'follow'],
    [fan, 'sold-2', 'contact'],
  ])
  const graph = platform(fans)
  const adjacency = graph.fused()
  const nodes = (ids: readonly string[]) => ids.map((id) => graph.nodeOf(id))
  const ranked = nodes([...SELLERS, 'fan-1', 'fan-2'])
  const core = admit(graph, adjacency, nodes(SEEDS), nodes(SELLERS), ranked, (group) =>
    findAudience(graph, adjacency, group),
  )
  assert.deepEqual(
    core.map((node) => graph.idOf(node)),
    SELLERS,
  )
})
