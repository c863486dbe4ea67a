import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import fc from 'fast-check'
import { coreTies, topCore } from '../src/cut/core.ts'
import { decide } from '../src/cut/decide.ts'
import { recalibrated, recalibrationFrom } from '../src/cut/recalibrate.ts'
import { type TreeModel, Trees } from '../src/cut/trees.ts'
import { GraphBuilder } from '../src/index.ts'
import { greatest } from '../src/rank/greatest.ts'
import { localGraph } from '../src/rank/local-graph.ts'
import { logRelative } from '../src/rank/order.ts'

const pairs = fc.array(fc.tuple(fc.nat(14), fc.nat(14)), { minLength: 1, maxLength: 60 })

function graphOf(follows: readonly (readonly [number, number])[]) {
  const builder = new GraphBuilder()
  for (const [a, b] of follows) builder.add(`acct-${a}`, `acct-${b}`)
  return builder.finish()
}

test('the greatest values come out as a full sort would give them', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), fc.nat(12), (values, count) => {
      const sorted = values.map((x, i) => [x, i] as const).sort((a, b) => b[0] - a[0] || a[1] - b[1])
      assert.deepEqual(
        greatest(Float64Array.from(values), count),
        sorted.slice(0, count).map(([, i]) => i),
      )
    }),
  )
})

test('nearness is measured against the twentieth best, seeds left out', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 60 }), (values) => {
      const others = values.slice(1).filter((x) => x > 0)
      others.sort((a, b) => b - a)
      const reference = others[Math.min(19, others.length - 1)] ?? 1
      const relative = logRelative(Float64Array.from(values), new Set([0]))
      values.forEach((x, i) => {
        const expected = x <= 0 ? Math.log(1e-4) : Math.max(Math.log(1e-4), Math.log(x / reference))
        assert.ok(Math.abs((relative[i] as number) - expected) < 1e-12)
      })
    }),
  )
})

test('the local graph holds every edge among its accounts, both ways, with its triangles', () => {
  fc.assert(
    fc.property(pairs, fc.nat(10), (follows, count) => {
      const graph = graphOf(follows)
      const fused = graph.fused()
      const nodes = Uint32Array.from({ length: Math.min(count + 1, graph.accountCount) }, (_, i) => i)
      const local = localGraph(fused, nodes)
      const neighbours = (u: number): Set<number> =>
        new Set(Array.from(fused.arcs.subarray(fused.offsets[u], fused.offsets[u + 1]), (arc) => arc >>> 2))
      for (let u = 0; u < nodes.length; u++) {
        const inside = [...neighbours(u)].filter((v) => v < nodes.length)
        const row = Array.from(local.neighbours.subarray(local.offsets[u], local.offsets[u + 1]))
        assert.deepEqual(row.slice().sort(), inside.slice().sort())
        row.forEach((v, i) => {
          const common = inside.filter((w) => neighbours(v).has(w)).length
          assert.equal(local.triangles[(local.offsets[u] as number) + i], common)
        })
      }
    }),
  )
})

test('ties into a core are own acts plus at most as much of what others did', () => {
  fc.assert(
    fc.property(pairs, (follows) => {
      const graph = graphOf(follows)
      const all = Uint32Array.from({ length: graph.accountCount }, (_, i) => i)
      const local = localGraph(graph.fused(), all)
      const core = topCore(local.size, [0], [1, 2], 2)
      const { ties } = coreTies(local, core)
      for (let u = 0; u < local.size; u++) {
        let own = 0
        let others = 0
        for (let a = local.offsets[u] as number; a < (local.offsets[u + 1] as number); a++) {
          if (core[local.neighbours[a] as number] !== 1) continue
          if (((local.acted[a] as number) & 1) === 1) own += local.weights[a] as number
          else others += local.weights[a] as number
        }
        assert.equal(ties[u], own + Math.min(own, others))
      }
    }),
  )
})

test('fifty accounts that act on somebody who never acted tie him to nobody', () => {
  const builder = new GraphBuilder()
  for (let i = 0; i < 50; i++) {
    builder.add(`ring-${i}`, 'innocent')
    builder.add(`ring-${i}`, `ring-${(i + 1) % 50}`)
    builder.add(`ring-${(i + 1) % 50}`, `ring-${i}`)
  }
  const graph = builder.finish()
  const local = localGraph(
    graph.fused(),
    Uint32Array.from({ length: graph.accountCount }, (_, i) => i),
  )
  const everybody = new Float64Array(local.size).fill(1)
  assert.equal(coreTies(local, everybody).ties[graph.nodeOf('innocent')], 0)
})

test('trees answer as a walk down each of them by hand', () => {
  const model: TreeModel = {
    features: ['b', 'a'],
    roots: [0, 3],
    feature: [0, -1, -1, 1, -1, -1],
    threshold: [0.5, -1, 2, 10, 0.25, -0.25],
    left: [1, 0, 0, 4, 0, 0],
    base: 0.1,
    scale: [2, -1],
  }
  const trees = new Trees(model, ['a', 'b'])
  const byHand = (a: number, b: number): number => {
    const sum = 0.1 + (b <= 0.5 ? -1 : 2) + (a <= 10 ? 0.25 : -0.25)
    return 1 / (1 + Math.exp(-(2 * sum - 1)))
  }
  for (const [a, b] of [
    [0, 0],
    [11, 0.5],
    [10, 0.6],
  ] as const) {
    const [p] = trees.probabilities(Float32Array.of(a, b))
    assert.ok(Math.abs((p as number) - byHand(a, b)) < 1e-6)
  }
  assert.throws(() => new Trees(model, ['a']), /unknown facts/)
})

/** A tree of random shape with this many leaves, appended to the model; thresholds among few values, so that facts often meet them. */
function growTree(model: TreeModel & { [K in 'roots' | 'feature' | 'threshold' | 'left']: number[] }, leaves: number) {
  const random = seededRandom(`${model.feature.length} ${leaves}`)
  const add = (): number => model.feature.push(-1) && model.left.push(0) && model.threshold.push(random() - 0.5) - 1
  model.roots.push(add())
  const open = [model.roots.at(-1) as number]
  for (let i = 1; i < leaves; i++) {
    const [node] = open.splice(Math.floor(random() * open.length), 1) as [number]
    const left = add()
    open.push(left, add())
    model.feature[node] = Math.floor(random() * 4)
    model.threshold[node] = Math.floor(random() * 5)
    model.left[node] = left
  }
}

test('striking out leaves gives to the bit what walking down the trees gives, also for facts that are no number', () => {
  const facts = fc.constantFrom(0, 1, 2, 2.5, 3, 4, 9, Number.NaN)
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 32 }), { maxLength: 6 }),
      fc.array(fc.array(facts, { minLength: 4, maxLength: 4 }), { maxLength: 12 }),
      fc.boolean(),
      (trees, rows, tooLarge) => {
        const model = {
          features: ['a', 'b', 'c', 'd'],
          roots: [] as number[],
          feature: [] as number[],
          threshold: [] as number[],
          left: [] as number[],
          base: 0.1,
          scale: [1, 0],
        }
        for (const leaves of tooLarge ? [...trees, 33] : trees) growTree(model, leaves)
        const built = new Trees(model, ['a', 'b', 'c', 'd'])
        const flat = Float32Array.from(rows.flat())
        assert.deepEqual(built.logits(flat), built.walkedLogits(flat))
      },
    ),
  )
})

test('without marks probabilities stay; with many they follow what the investigators say', () => {
  assert.deepEqual(recalibrationFrom([]), { slope: 1, shift: 0 })
  const marks = Array.from({ length: 400 }, (_, i) => ({ probability: 0.8, member: i % 2 === 0 }))
  assert.ok(Math.abs(recalibrated(0.8, recalibrationFrom(marks)) - 0.5) < 0.05)
  const few = recalibrationFrom(marks.slice(0, 2))
  assert.ok(Math.abs(recalibrated(0.8, few) - 0.8) < 0.1)
})

test('a correction never turns the order of two accounts round', () => {
  const marked = fc.array(fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), member: fc.boolean() }))
  fc.assert(
    fc.property(
      marked,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (m, a, b) => {
        const correction = recalibrationFrom(m)
        const [low, high] = a < b ? [a, b] : [b, a]
        assert.ok(recalibrated(low, correction) <= recalibrated(high, correction) + 1e-12)
      },
    ),
  )
})

test('six hundred accounts are named only on the word of surer seeds than sixty need', () => {
  const opinionOn = (size: number, networkProbability: number) => {
    const coordinated = Float64Array.from({ length: size + 4 }, (_, u) => (u < 4 ? 0 : 0.95))
    const community = coordinated.map(() => 0)
    return decide({
      ...{ score: coordinated, community, coordinated, isSeed: new Set([0, 1, 2, 3]) },
      ...{ networkProbability, ringness: 1, seedCount: 4 },
    })
  }
  assert.equal(opinionOn(60, 0.35).cut.size, 60)
  assert.equal(opinionOn(600, 0.35).isNetwork, false)
  assert.equal(opinionOn(600, 0.65).isNetwork, false)
  assert.equal(opinionOn(600, 0.75).cut.size, 600)
})
