import assert from 'node:assert/strict'
import test from 'node:test'
import type { EventInput, Ledger } from '@firebreak/ledger'
import fc from 'fast-check'
import { account, BY, content, follow, iso, STORY, type Stage, tamper } from './stage.ts'

const ACCOUNTS = 6
/** Withdrawing type → the type it takes back. */
const PAIRS = {
  follow: 'unfollow',
  block: 'unblock',
  mention: 'mention.removed',
  like: 'unlike',
  comment: 'comment.removed',
} as const
type Act = keyof typeof PAIRS
const COUNTED: ReadonlySet<string> = new Set(['mention', 'like', 'comment'])

interface Step {
  readonly act: Act
  readonly back: boolean
  readonly source: number
  readonly target: number
}

const step = fc.record<Step>({
  act: fc.constantFrom(...(Object.keys(PAIRS) as Act[])),
  back: fc.boolean(),
  source: fc.nat(ACCOUNTS - 1),
  target: fc.nat(ACCOUNTS - 1),
})

const nameOf = (prefix: string, i: number) => `${prefix}-${i}`

/** One event per step, a second apart; likes and comments go to a post of the target. */
function eventOf(prefix: string, { act, back, source, target }: Step, i: number): EventInput {
  const onPost = act === 'like' || act === 'comment'
  return {
    id: `${prefix}-step-${i}`,
    type: back ? PAIRS[act] : act,
    at: iso(STORY + i * 1000),
    actor: account(nameOf(prefix, source)),
    subject: onPost ? content(`${prefix}-post-${target}`) : account(nameOf(prefix, target)),
  }
}

/** The edges after the first steps, by the plainest reading: state for follows and blocks, a sum for what is counted. */
function plainEdges(prefix: string, steps: readonly Step[]): Map<string, number> {
  const weights = new Map<string, number>()
  for (const { act, back, source, target } of steps) {
    if (source === target) continue
    const key = `${nameOf(prefix, source)} ${act} ${nameOf(prefix, target)}`
    const before = weights.get(key) ?? 0
    const after = COUNTED.has(act) ? Math.max(0, before + (back ? -1 : 1)) : Number(!back)
    if (after === 0) weights.delete(key)
    else weights.set(key, after)
  }
  return weights
}

async function edgesOf(ledger: Ledger, prefix: string, asOf?: string): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for await (const batch of ledger.edges({ batch: 5_000, ...(asOf === undefined ? {} : { asOf }) }))
    for (const { source, relation, target, weight } of batch)
      if (source.startsWith(`${prefix}-`)) found.set(`${source} ${relation} ${target}`, weight)
  return found
}

async function neighboursOf(ledger: Ledger, prefix: string): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  const asked = Array.from({ length: ACCOUNTS }, (_, i) => nameOf(prefix, i))
  const inward: string[] = []
  for (const [node, { inDegree, outDegree, neighbours }] of await ledger.neighbours(asked)) {
    assert.equal(neighbours.filter(({ direction }) => direction === 'out').length, outDegree)
    assert.equal(neighbours.filter(({ direction }) => direction === 'in').length, inDegree)
    for (const { other, relation, direction, weight } of neighbours) {
      if (direction === 'out') found.set(`${node} ${relation} ${other}`, weight)
      else inward.push(`${other} ${relation} ${node}`)
    }
  }
  assert.deepEqual(inward.sort(), [...found.keys()].sort())
  return found
}

const sorted = (edges: ReadonlyMap<string, unknown>) => [...edges].sort(([a], [b]) => (a < b ? -1 : 1))

export function edgeTests(stage: Stage): void {
  let run = 0

  test('edges and neighbours are what a slow reading of the events says, now and at every moment before', async () => {
    const { ledger } = stage
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 60 }),
      fc.nat(60),
      async (steps, cut) => {
        const prefix = `walk${run++}`
        const posts = Array.from({ length: ACCOUNTS }, (_, i) => ({
          id: `${prefix}-made-${i}`,
          type: 'post.created',
          at: iso(STORY - 1000),
          actor: account(nameOf(prefix, i)),
          subject: content(`${prefix}-post-${i}`),
        }))
        const events = [...posts, ...steps.map((one, i) => eventOf(prefix, one, i))]
        const middle = Math.floor(events.length / 2)
        await ledger.append(events.slice(0, middle), BY)
        await ledger.append(events.slice(middle), BY)
        const expected = sorted(plainEdges(prefix, steps))
        assert.deepEqual(sorted(await edgesOf(ledger, prefix)), expected)
        assert.deepEqual(sorted(await neighboursOf(ledger, prefix)), expected)
        const then = steps.slice(0, cut)
        const past = await edgesOf(ledger, prefix, iso(STORY + (then.length - 1) * 1000))
        assert.deepEqual([...past.keys()].sort(), [...plainEdges(prefix, then).keys()].sort())
      },
    )
    await fc.assert(property, { numRuns: 8 })
  })

  test('follows, blocks and their withdrawals may arrive in any order: the latest by time counts', async () => {
    const { ledger } = stage
    const states = step.filter(({ act }) => !COUNTED.has(act))
    const property = fc.asyncProperty(
      fc.array(states, { minLength: 2, maxLength: 40 }),
      fc.nat(),
      async (steps, turn) => {
        const prefix = `late${run++}`
        const events = steps.map((one, i) => eventOf(prefix, one, i))
        const shift = turn % events.length
        await ledger.append([...events.slice(shift), ...events.slice(0, shift)].reverse(), BY)
        const expected = sorted(plainEdges(prefix, steps))
        assert.deepEqual(sorted(await edgesOf(ledger, prefix)), expected)
        assert.deepEqual(sorted(await neighboursOf(ledger, prefix)), expected)
      },
    )
    await fc.assert(property, { numRuns: 5 })
  })

  test('a withdrawn edge is gone from now on, and there when the past is asked for', async () => {
    const { ledger } = stage
    await ledger.append([follow('w1', 'w-a', 'w-b', STORY)], BY)
    await ledger.append([{ ...follow('w2', 'w-a', 'w-b', STORY + 60_000), type: 'unfollow' }], BY)
    const at = async (ms: number) => [...(await edgesOf(ledger, 'w', iso(ms))).keys()]
    assert.deepEqual([...(await edgesOf(ledger, 'w')).keys()], [])
    assert.deepEqual(await at(STORY - 1), [])
    assert.deepEqual(await at(STORY + 59_000), ['w-a follow w-b'])
    assert.deepEqual(await at(STORY + 60_000), [])
    assert.deepEqual((await ledger.neighbours(['w-a'])).get('w-a')?.neighbours ?? [], [])
  })

  test('a post, a group and an identifier are edges to items; a profile loses the backups it no longer names', async () => {
    const { ledger } = stage
    const by = { at: iso(STORY), actor: account('i-a') }
    const profile = (id: string, ms: number, backups: string[]) =>
      ({
        id,
        type: 'account.updated',
        at: iso(ms),
        actor: account('i-a'),
        subject: account('i-a'),
        data: { backups },
      }) as const
    await ledger.append(
      [
        {
          ...by,
          id: 'i1',
          type: 'post.created',
          subject: content('i-post'),
          data: { hashtags: ['#PaperLantern', 'paperlantern'] },
        },
        { ...by, id: 'i2', type: 'group.joined', subject: { type: 'group', id: 'g' } },
        { ...by, id: 'i3', type: 'identifier.seen', subject: { type: 'identifier', id: 'k' } },
        {
          ...by,
          id: 'i4',
          type: 'identifier.seen',
          subject: { type: 'identifier', id: 'nat' },
          data: { shared: true },
        },
        profile('i5', STORY, ['b-1', 'b-2']),
        profile('i6', STORY + 1000, ['b-2', 'b-3']),
      ],
      BY,
    )
    const around = (await ledger.neighbours(['i-a', 'hashtag:paperlantern'])).get('i-a')!
    const pairs = around.neighbours.map(({ relation, other }) => `${relation} ${other}`)
    assert.deepEqual(pairs.sort(), [
      'backup b-2',
      'backup b-3',
      'group group:g',
      'hashtag hashtag:paperlantern',
      'identifier identifier:k',
    ])
    const only = await ledger.neighbours(['hashtag:paperlantern', 'nobody'], { relations: ['hashtag'] })
    assert.deepEqual([...only.keys()], ['hashtag:paperlantern'])
    assert.deepEqual(
      only.get('hashtag:paperlantern')!.neighbours.map(({ other, direction }) => [other, direction]),
      [['i-a', 'in']],
    )
  })

  test('a hub with 22,000 followers keeps them all, and knows how many', async () => {
    const { ledger } = stage
    const followers = Array.from({ length: 22_000 }, (_, i) => follow(`hub-${i}`, `fan-${i}`, 'the-hub'))
    await ledger.append(followers, BY)
    const leaving = followers.slice(0, 1_000).map((event) => ({ ...event, id: `un-${event.id}`, type: 'unfollow' }))
    await ledger.append([...leaving, follow('hub-out', 'the-hub', 'fan-5000')], BY)
    const hub = (await ledger.neighbours(['the-hub'])).get('the-hub')!
    assert.deepEqual([hub.inDegree, hub.outDegree], [21_000, 1])
    const fans = new Set(hub.neighbours.filter(({ direction }) => direction === 'in').map(({ other }) => other))
    assert.equal(fans.size, 21_000)
    assert.deepEqual([fans.has('fan-999'), fans.has('fan-1000'), fans.has('fan-21999')], [false, true, true])
  })

  test('an edge that was made and withdrawn 32,767 times can be made again', async () => {
    const { ledger } = stage
    const toggle = (n: number, type: string): EventInput => ({
      ...follow(`often-${n}`, 'acct-often', 'acct-other', STORY + n),
      type,
    })
    await ledger.append([toggle(1, 'follow'), toggle(2, 'unfollow')], BY)
    await tamper(
      ledger,
      `update edge set spell = 32767 where source = (select id from entity where name = 'acct-often' and kind = 'account')`,
    )
    await ledger.append([toggle(3, 'follow'), toggle(4, 'unfollow'), toggle(5, 'follow')], BY)
    const found = (await ledger.neighbours(['acct-often'])).get('acct-often')
    assert.deepEqual([found?.outDegree, found?.neighbours.length], [1, 1])
    const seen = []
    for await (const batch of ledger.edges({ batch: 2 }))
      seen.push(...batch.filter(({ source }) => source === 'acct-often'))
    assert.equal(seen.length, 1)
  })
}
