import assert from 'node:assert/strict'
import test from 'node:test'
import { DAY, MINUTE } from '@firebreak/kernel'
import type { Adjacency, Label } from '@firebreak/ledger'
import { DEFAULT_POLICY, type Policy, policyWith, SURFACES } from '@firebreak/policy'
import fc from 'fast-check'
import { explainRequest, Guard, type GuardSource, LabelTable } from '../src/index.ts'

const START = Date.parse('2026-03-01T12:00:00Z')

/** What the guard reads, held in memory: labels as rows, and who acted on whom. */
class Source implements GuardSource {
  now = START
  rows: Label[] = []
  follows: [string, string][] = []
  policy: Policy = DEFAULT_POLICY
  unreachable = false
  #listeners = new Set<(commit: { seq: number }) => void>()

  readonly labels = {
    active: async () => {
      const gone = new Set(this.rows.map((row) => row.retracts))
      return this.rows.filter((row) => !row.neg && !gone.has(row.id) && Date.parse(row.expiresAt ?? '9999') > this.now)
    },
    changesAfter: async (seq: number, limit = 1000) => {
      if (this.unreachable) throw new Error('unreachable')
      return this.rows.filter((row) => row.seq > seq).slice(0, limit)
    },
  }
  head = async () => this.rows.length + this.follows.length
  neighbours = async (accounts: readonly string[]) => {
    const found = new Map<string, Adjacency>()
    for (const account of accounts) {
      const neighbours = this.follows
        .filter((edge) => edge.includes(account))
        .map(([source, target]) => ({
          other: target === account ? source : target,
          relation: 'follow',
          direction: target === account ? ('in' as const) : ('out' as const),
          weight: 1,
          at: 0,
        }))
      found.set(account, { outDegree: 0, inDegree: 0, neighbours })
    }
    return found
  }
  onCommit = (listener: (commit: { seq: number }) => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  label(id: string, rest: Partial<Label> = {}): Label {
    const seq = this.rows.length + this.follows.length + 1
    const row: Label = {
      id: `label-${seq}`,
      seq,
      neg: false,
      at: new Date(this.now).toISOString(),
      by: { kind: 'system', id: 'test' },
      subject: { type: 'account', id },
      value: 'network-member',
      source: 'networks',
      reason: 'two paths to a seed',
      caseId: 'network-1',
      probability: 0.9,
      expiresAt: new Date(this.now + 30 * DAY).toISOString(),
      ...rest,
    }
    this.rows.push(row)
    return row
  }
  retract(label: Label): void {
    this.label(label.subject.id, { neg: true, retracts: label.id })
  }
  commit(): void {
    for (const listener of this.#listeners) listener({ seq: this.rows.length })
  }
}

async function guarded(work: (guard: Guard, source: Source) => Promise<void>, source = new Source()): Promise<void> {
  const policy = async () => source.policy
  const guard = await Guard.open({ source, clock: () => source.now, policy, pollEvery: 1_000_000 })
  try {
    await work(guard, source)
  } finally {
    await guard.close()
  }
}
const ask = (guard: Guard, id: string, viewer?: string) =>
  guard.judge({
    surface: 'recommend_accounts',
    subjects: [{ type: 'account', id }],
    ...(viewer === undefined ? {} : { viewer: { id: viewer } }),
  })[0]!.action

test('an account is withheld once its label is written and free again once it is taken back', () =>
  guarded(async (guard, source) => {
    assert.equal(ask(guard, 'acct-1'), 'allow')
    const label = source.label('acct-1')
    await guard.refresh()
    assert.equal(ask(guard, 'acct-1'), 'drop')
    source.retract(label)
    await guard.refresh()
    assert.equal(ask(guard, 'acct-1'), 'allow')
    assert.equal(guard.status().labels, 0)
  }))

test('a commit wakes the guard by itself', () =>
  guarded(async (guard, source) => {
    source.label('acct-1')
    source.commit()
    await guard.refresh()
    assert.equal(ask(guard, 'acct-1'), 'drop')
  }))

test('after thirty days without new evidence a label ends by itself', () =>
  guarded(async (guard, source) => {
    source.label('acct-1')
    await guard.refresh()
    source.now += 30 * DAY - 1
    await guard.refresh()
    assert.equal(ask(guard, 'acct-1'), 'drop')
    source.now += 1
    await guard.refresh()
    assert.equal(ask(guard, 'acct-1'), 'allow')
  }))

test('who followed a labelled account is not offered its near neighbours, until the label is gone', async () => {
  const source = new Source()
  source.follows.push(['viewer', 'acct-1'], ['acct-1', 'innocent'])
  const label = source.label('acct-1')
  source.label('acct-2', { value: 'network-adjacent', probability: 0.08 })
  await guarded(async (guard) => {
    assert.equal(ask(guard, 'acct-2', 'viewer'), 'drop')
    assert.equal(ask(guard, 'acct-2', 'stranger'), 'allow')
    assert.equal(ask(guard, 'acct-2', 'innocent'), 'allow', 'what the network does to somebody is no contact of theirs')
    assert.equal(ask(guard, 'acct-3', 'viewer'), 'allow')
    source.retract(label)
    await guard.refresh()
    assert.equal(ask(guard, 'acct-2', 'viewer'), 'allow')
  }, source)
})

test('a neighbour that nobody labelled but that follows two members is kept from viewers in contact, not from others', async () => {
  const source = new Source()
  source.follows.push(['viewer', 'acct-1'], ['unfound', 'acct-1'], ['unfound', 'acct-2'], ['one-time', 'acct-2'])
  source.label('acct-1')
  source.label('acct-2')
  await guarded(async (guard) => {
    assert.equal(ask(guard, 'unfound', 'viewer'), 'drop')
    assert.equal(ask(guard, 'unfound', 'stranger'), 'allow')
    assert.equal(ask(guard, 'one-time', 'viewer'), 'allow', 'one follow may be chance')
  }, source)
})

test('a list full of members is contact by itself, whoever it is put before', async () => {
  const source = new Source()
  for (let i = 0; i < 5; i++) source.label(`acct-${i}`)
  source.label('near', { value: 'network-adjacent', probability: 0.05 })
  await guarded(async (guard) => {
    const list = (members: number) => [
      'near',
      ...Array.from({ length: 19 }, (_, i) => (i < members ? `acct-${i}` : `other-${i}`)),
    ]
    const verdictOfNear = (members: number) => {
      const subjects = list(members).map((id) => ({ type: 'account', id }))
      return guard.judge({ surface: 'recommend_accounts', viewer: { id: 'anybody' }, subjects })[0]!.action
    }
    assert.equal(verdictOfNear(5), 'drop')
    assert.equal(verdictOfNear(4), 'allow')
  }, source)
})

test('contact counts at once when this process stored it, views and told history included', () =>
  guarded(async (guard, source) => {
    source.label('acct-1')
    source.label('acct-2', { value: 'network-adjacent', probability: 0.08 })
    await guard.refresh()
    const event = { id: 'e', at: '', actor: { type: 'account', id: 'viewer' }, subject: { type: 'content', id: 'c' } }
    guard.observe([{ ...event, type: 'view.sampled', data: { author: 'acct-1' } }])
    assert.equal(ask(guard, 'acct-2', 'viewer'), 'drop')
    source.now += MINUTE
    source.follows.push(['somebody', 'else'])
    await guard.refresh()
    assert.equal(ask(guard, 'acct-2', 'viewer'), 'drop', 'a rebuild keeps it')
    const viewer = { id: 'newcomer', recent: ['acct-1'] }
    const subjects = [{ type: 'account', id: 'acct-2' }]
    assert.equal(guard.judge({ surface: 'recommend_accounts', viewer, subjects })[0]!.action, 'drop')
  }))

test('content by a labelled author is withheld, and so is labelled content itself', () =>
  guarded(async (guard, source) => {
    source.label('acct-1')
    source.label('post-9', { subject: { type: 'content', id: 'post-9' } })
    await guard.refresh()
    const subjects = [
      { type: 'content', id: 'post-1', author: 'acct-1' },
      { type: 'content', id: 'post-2', author: 'acct-2' },
      { type: 'content', id: 'post-9' },
      { type: 'content', text: 'paper lantern' },
    ]
    const verdicts = guard.judge({ surface: 'recommend_content', subjects })
    assert.deepEqual(
      verdicts.map(({ action }) => action),
      ['drop', 'allow', 'drop', 'allow'],
    )
  }))

test('switching the guard off, or moving the threshold, counts with the next refresh', () =>
  guarded(async (guard, source) => {
    source.label('acct-1', { probability: 0.6 })
    await guard.refresh()
    assert.equal(ask(guard, 'acct-1'), 'drop')
    for (const [changes, action] of [
      [{ threshold: 0.7 }, 'allow'],
      [{ threshold: 0.6 }, 'drop'],
      [{ on: false }, 'allow'],
    ] as const) {
      source.policy = policyWith(changes)
      await guard.refresh()
      assert.equal(ask(guard, 'acct-1'), action)
    }
  }))

test('when the ledger is out of reach for too long, recommendations stop and links stay open but marked', () =>
  guarded(async (guard, source) => {
    source.unreachable = true
    source.now += 29_000
    await assert.rejects(guard.refresh())
    assert.equal(ask(guard, 'acct-1'), 'allow')
    source.now += 2_000
    assert.ok(guard.status().stale)
    for (const surface of SURFACES) {
      const verdict = guard.judge({ surface, subjects: [{ type: 'account', id: 'acct-1' }] })[0]!
      const closed = guard.status().failModes[surface] === 'closed'
      assert.deepEqual([verdict.action, verdict.reason], closed ? ['drop', 'not-available'] : ['allow', 'unchecked'])
    }
    source.unreachable = false
    await guard.refresh()
    assert.equal(ask(guard, 'acct-1'), 'allow')
  }))

test('a moderator who looks at a network spreads nothing, neither into its own list nor by its own acts', () =>
  guarded(async (guard, source) => {
    source.label('acct-1')
    source.label('acct-2')
    source.label('acct-3', { value: 'network-adjacent', probability: 0.07 })
    source.label('moderator', { value: 'observer' })
    for (const viewer of ['moderator', 'somebody'])
      for (const account of ['acct-1', 'acct-2']) source.follows.push([viewer, account])
    await guard.refresh()
    assert.equal(ask(guard, 'acct-3', 'somebody'), 'drop')
    assert.equal(ask(guard, 'acct-3', 'moderator'), 'allow')
    assert.equal(ask(guard, 'moderator', 'somebody'), 'allow')
  }))

test('an explanation names the rule and the facts it saw', () =>
  guarded(async (guard, source) => {
    source.label('acct-1')
    await guard.refresh()
    const request = { surface: 'recommend_accounts', subjects: [{ type: 'account', id: 'acct-1' }] } as const
    const [inside] = explainRequest(guard.snapshot, request, source.now)
    assert.equal(inside!.explanation.rule, 'member-not-amplified')
    assert.equal(inside!.explanation.facts.subject.labels[0]!.caseId, 'network-1')
  }))

test('ids that are names of object internals are ids like any other', () =>
  guarded(async (guard, source) => {
    for (const id of ['__proto__', 'constructor', 'hasOwnProperty']) {
      assert.equal(ask(guard, id, id), 'allow')
      source.label(id)
      await guard.refresh()
      assert.equal(ask(guard, id), 'drop')
    }
  }))

const rows = fc.array(
  fc.record({
    subject: fc.integer({ min: 0, max: 4 }),
    retract: fc.boolean(),
    which: fc.nat(30),
    probability: fc.constantFrom(0.1, 0.4, 0.5, 0.9),
    value: fc.constantFrom('network-member', 'network-adjacent'),
    days: fc.integer({ min: 1, max: 40 }),
  }),
  { maxLength: 30 },
)

test('following change by change ends in the same standings as loading afresh, at any later time', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 50 }), (changes, later) => {
      const source = new Source()
      const table = new LabelTable(DEFAULT_POLICY)
      for (const change of changes) {
        const label = source.rows[change.which]
        if (change.retract && label && !label.neg) source.retract(label)
        else
          source.label(`a${change.subject}`, {
            value: change.value,
            probability: change.probability,
            expiresAt: new Date(START + change.days * DAY).toISOString(),
          })
        table.take(source.rows.at(-1)!, START)
      }
      const at = START + later * DAY
      const gone = new Set(source.rows.map((row) => row.retracts))
      const fresh = new LabelTable(DEFAULT_POLICY)
      for (const row of source.rows) if (!row.neg && !gone.has(row.id)) fresh.take(row, at)
      for (let i = 0; i < 5; i++)
        assert.equal(table.standing('account', `a${i}`, at), fresh.standing('account', `a${i}`, at))
      for (const _ of table.sweep(at));
      assert.equal(table.size, fresh.size)
    }),
  )
})
