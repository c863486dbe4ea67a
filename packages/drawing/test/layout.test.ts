import assert from 'node:assert/strict'
import test from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import fc from 'fast-check'
import { DRAWN_ROLES, type DrawingNode, layoutNetwork, ROLE_STYLES } from '../src/index.ts'
import { separate } from '../src/spread.ts'

function node(id: string, over: Partial<DrawingNode> = {}): DrawingNode {
  return { id, role: 'member', member: true, seed: false, probability: 0.9, ...over }
}

function ring(size: number): { nodes: DrawingNode[]; edges: { source: string; target: string; relation: string }[] } {
  const nodes = Array.from({ length: size }, (_, i) =>
    node(`acct-${i}`, { seed: i < 3, probability: 1 - i / size / 2 }),
  )
  const edges = nodes.map((from, i) => ({ source: from.id, target: `acct-${(i * 7 + 1) % size}`, relation: 'follow' }))
  return { nodes, edges }
}

test('the same network gives the same picture, whatever order its accounts come in', () => {
  const network = ring(80)
  const first = layoutNetwork(network)
  assert.deepEqual(layoutNetwork(network), first)
  assert.deepEqual(layoutNetwork({ ...network, nodes: network.nodes.toReversed() }).nodes, first.nodes)
})

test('every place lies in the picture, and no two discs cover each other by much', () => {
  const { nodes } = layoutNetwork(ring(120))
  for (const { x, y } of nodes) assert.ok(Math.abs(x) <= 1 && Math.abs(y) <= 1)
  for (const a of nodes)
    for (const b of nodes)
      if (a.id < b.id) {
        const apart = Math.hypot((a.x - b.x) * 420, (a.y - b.y) * 420)
        assert.ok(apart > (a.size + b.size) * 0.6, `${a.id} and ${b.id} are ${apart} apart`)
      }
})

test('an account that may be a victim is never drawn, also when it is listed twice under another role', () => {
  const nodes = [node('acct-1', { seed: true }), node('acct-2'), node('acct-2', { role: 'likely-victim' })]
  const layout = layoutNetwork({ nodes, edges: [{ source: 'acct-1', target: 'acct-2', relation: 'follow' }] })
  assert.deepEqual(
    layout.nodes.map((n) => n.id),
    ['acct-1'],
  )
  assert.equal(layout.edges.length, 0)
  assert.equal(layout.hidden.protected, 1)
})

test('beyond the cap the best ranked stay, seeds first, and the rest is counted', () => {
  const network = ring(50)
  network.nodes.push(node('acct-weak-seed', { seed: true, probability: 0.01, member: false }))
  const layout = layoutNetwork(network, { maxNodes: 10, maxEdges: 3 })
  assert.equal(layout.nodes.length, 10)
  assert.ok(layout.nodes.some((n) => n.id === 'acct-weak-seed'))
  assert.equal(layout.hidden.nodes, 41)
  assert.ok(layout.edges.length <= 3)
})

test('an outsider that no link in the picture leads to is counted, not drawn', () => {
  const network = ring(10)
  network.nodes.push(node('acct-far', { role: 'bystander', member: false, probability: 0.2 }))
  network.nodes.push(node('acct-near', { role: 'audience', member: false, probability: 0.1 }))
  network.edges.push({ source: 'acct-near', target: 'acct-4', relation: 'follow' })
  const layout = layoutNetwork(network)
  assert.ok(layout.nodes.some((n) => n.id === 'acct-near'))
  assert.ok(!layout.nodes.some((n) => n.id === 'acct-far'))
  assert.equal(layout.hidden.nodes, 1)
})

test('nothing, one account, twins, loops, heavy and broken weights: still a picture', () => {
  assert.deepEqual(layoutNetwork({ nodes: [], edges: [] }).nodes, [])
  const lone = layoutNetwork({
    nodes: [node('acct-1')],
    edges: [{ source: 'acct-1', target: 'acct-1', relation: 'x' }],
  })
  assert.deepEqual([lone.nodes[0]!.x, lone.nodes[0]!.y, lone.edges.length], [0, 0, 0])
  const weights = [Number.NaN, 1e12, -5, 0].map((weight, i) => ({
    source: `acct-${i}`,
    target: `acct-${i + 1}`,
    relation: 'follow',
    weight,
  }))
  const odd = layoutNetwork({ nodes: ring(5).nodes, edges: weights })
  for (const { x, y } of odd.nodes) assert.ok(Number.isFinite(x) && Number.isFinite(y))
})

test('any graph is laid out within the picture', () => {
  const edge = fc.record({ source: fc.nat(30), target: fc.nat(30), relation: fc.constantFrom('follow', '__proto__') })
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(30), { maxLength: 25 }), fc.array(edge, { maxLength: 60 }), (ids, edges) => {
      const layout = layoutNetwork({
        nodes: ids.map((id) => node(String(id))),
        edges: edges.map((e) => ({ source: String(e.source), target: String(e.target), relation: e.relation })),
      })
      assert.equal(layout.nodes.length, ids.length)
      for (const { x, y } of layout.nodes) assert.ok(Math.abs(x) <= 1 && Math.abs(y) <= 1)
    }),
    { numRuns: 40 },
  )
})

test('points that coincide are pushed apart', () => {
  const random = seededRandom(1)
  const points = Array.from({ length: 30 }, () => ({ x: random() * 0.01, y: 0 }))
  separate(
    points,
    points.map(() => 5),
  )
  const distinct = new Set(points.map((p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`))
  assert.equal(distinct.size, 30)
})

test('no two roles look alike without colour, and every colour stands out from its page', () => {
  const looks = DRAWN_ROLES.map((role) => `${ROLE_STYLES[role].shape} ${ROLE_STYLES[role].hollow}`)
  assert.equal(new Set(looks).size, DRAWN_ROLES.length)
  assert.equal(new Set(DRAWN_ROLES.map((role) => ROLE_STYLES[role].letter)).size, DRAWN_ROLES.length)
  for (const role of DRAWN_ROLES) {
    assert.ok(contrast(ROLE_STYLES[role].light, '#ffffff') >= 4.5, `${role} on white`)
    assert.ok(contrast(ROLE_STYLES[role].dark, '#11161f') >= 4.5, `${role} on dark`)
  }
})

/** WCAG 2.2 contrast ratio of two #rrggbb colours. */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const value = Number.parseInt(hex.slice(i, i + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
