import assert from 'node:assert/strict'
import test from 'node:test'
import { PathFinder } from '../src/evidence/paths.ts'
import { type EvidencePath, evidenceSentence, GraphBuilder } from '../src/index.ts'
import type { Row } from './planted-ring.ts'

function pathsOf(rows: readonly Row[], account: string, seeds: readonly string[], count = 5): EvidencePath[] {
  const builder = new GraphBuilder()
  for (const [source, target, relation] of rows) builder.add(source, target, relation)
  const graph = builder.finish()
  const nodes = seeds.map((seed) => graph.nodeOf(seed))
  return new PathFinder(graph, graph.fused(), nodes, (node) => nodes.includes(node)).pathsOf(
    graph.nodeOf(account),
    count,
  )
}

const say = (rows: readonly Row[], seeds = ['s1', 's2', 's3']) =>
  evidenceSentence(pathsOf(rows, 'a', seeds), undefined, seeds.length)

test('following every seed is said as such', () => {
  const rows = ['s1', 's2', 's3'].map((seed): Row => ['a', seed, 'follow'])
  assert.equal(say(rows), 'follows 3 of 3 seeds')
  assert.equal(say(rows.slice(0, 2).concat([['s3', 'x', 'follow']])), 'follows s1 and s2')
})

test('a shared identifier, a backup named by both, and being followed are told apart', () => {
  const rows: Row[] = [
    ['a', 'device', 'identifier'],
    ['s1', 'device', 'identifier'],
    ['a', 's2', 'backup'],
    ['s2', 'a', 'backup'],
    ['s3', 'a', 'follow'],
  ]
  const sentence = say(rows)
  assert.match(sentence, /shares an identifier with s1/)
  assert.match(sentence, /is named as backup by and names s2/)
  assert.match(sentence, /is followed by s3/)
  assert.ok(!sentence.includes('device'))
})

test('without a direct tie the way over a third account is told', () => {
  const rows: Row[] = [
    ['a', 'm', 'follow'],
    ['m', 's1', 'mention'],
    ['s2', 'x', 'follow'],
    ['s3', 'x', 'follow'],
  ]
  assert.equal(say(rows), 'follows m, who mentions s1')
})

test('whom two write to in vain is never named', () => {
  const rows: Row[] = [
    ['a', 'child', 'contact'],
    ['s1', 'child', 'contact'],
    ['s2', 'x', 'follow'],
    ['s3', 'x', 'follow'],
  ]
  assert.equal(say(rows), 'writes to the same accounts as s1')
})

test('the same evidence under other names gives the same sentence with those names', () => {
  const evidence = pathsOf(
    [
      ['a', 's1', 'follow'],
      ['s2', 'a', 'like'],
      ['s3', 'x', 'follow'],
    ],
    'a',
    ['s1', 's2', 's3'],
  )
  assert.equal(
    evidenceSentence(evidence, (account) => `<${account}>`),
    'follows <s1>; has posts liked by <s2>',
  )
})

test('no path is said plainly, and never more paths than asked for', () => {
  assert.equal(evidenceSentence([]), 'near the seeds through longer paths only')
  const rows = ['s1', 's2', 's3'].flatMap((seed): Row[] => [
    ['a', seed, 'follow'],
    ['a', seed, 'like'],
  ])
  assert.equal(pathsOf(rows, 'a', ['s1', 's2', 's3'], 2).length, 2)
})
