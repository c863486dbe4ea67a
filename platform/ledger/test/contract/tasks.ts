import assert from 'node:assert/strict'
import test from 'node:test'
import type { Task, TaskCounts } from '@firebreak/ledger'
import { BY, type Stage } from './stage.ts'

const AT_ONCE = { limit: 1, backoffSeconds: 0 }

export function taskTests(stage: Stage): void {
  const countsOf = async (name: string): Promise<TaskCounts | undefined> =>
    (await stage.ledger.tasks.counts()).find((counts) => counts.name === name)

  /** Waits for a state that comes by itself. */
  const until = async (holds: () => Promise<boolean>) => {
    for (let tries = 0; tries < 400 && !(await holds()); tries++) await new Promise((later) => setTimeout(later, 25))
    assert.ok(await holds())
  }

  test('a ledger whose tasks are not used has none of their tables', async () => {
    const { ledger } = stage
    assert.deepEqual(await ledger.tasks.counts(), [])
    assert.deepEqual(await ledger.tasks.dead(), [])
  })

  test('a task is run once with its data, and counted on its way', async () => {
    const { ledger } = stage
    const seen: Task[] = []
    await ledger.tasks.enqueue('greet', { id: 'r-1', nested: { list: [1, 'two'] } })
    assert.deepEqual(await countsOf('greet'), {
      name: 'greet',
      waiting: 1,
      active: 0,
      retrying: 0,
      completed: 0,
      deadLettered: 0,
    })
    const stop = await ledger.tasks.work('greet', async (task) => void seen.push(task))
    await until(async () => (await countsOf('greet'))?.completed === 1)
    await ledger.tasks.enqueue('greet', { id: 'r-2' })
    await until(async () => (await countsOf('greet'))?.completed === 2)
    await stop()
    assert.deepEqual(
      seen.map(({ data, attempt }) => [data, attempt]),
      [
        [{ id: 'r-1', nested: { list: [1, 'two'] } }, 1],
        [{ id: 'r-2' }, 1],
      ],
    )
    await ledger.tasks.enqueue('greet', { id: 'r-3' })
    assert.equal((await countsOf('greet'))?.waiting, 1, 'a stopped worker takes nothing more')
  })

  test('a task that fails is tried again, then kept as dead with its reason, and can be replayed', async () => {
    const { ledger } = stage
    let works = false
    const attempts: number[] = []
    await ledger.tasks.define('fragile', { retry: AT_ONCE })
    const id = await ledger.tasks.enqueue('fragile', { id: 'r-1' })
    const stop = await ledger.tasks.work('fragile', async ({ attempt }) => {
      attempts.push(attempt)
      if (!works) throw new Error('the other side is down')
    })
    await until(async () => (await countsOf('fragile'))?.deadLettered === 1)
    const [dead] = await ledger.tasks.dead({ name: 'fragile' })
    assert.deepEqual([dead?.name, dead?.data, dead?.error], ['fragile', { id: 'r-1' }, 'the other side is down'])
    assert.ok(id !== null && attempts.join() === '1,2')
    works = true
    assert.equal(await ledger.tasks.replay({ name: 'another' }), 0)
    assert.equal(await ledger.tasks.replay({ name: 'fragile' }), 1)
    await until(async () => (await countsOf('fragile'))?.completed === 1)
    assert.deepEqual([(await countsOf('fragile'))?.deadLettered, await ledger.tasks.dead()], [0, []])
    await stop()
  })

  test('of several with one key only one waits, and a task for later waits for its time', async () => {
    const { ledger } = stage
    const ids = []
    for (const n of [1, 2, 3]) ids.push(await ledger.tasks.enqueue('keyed', { n }, { singletonKey: 'subject-1' }))
    assert.deepEqual(
      ids.map((id) => id === null),
      [false, true, true],
    )
    await ledger.tasks.enqueue('keyed', { n: 4 }, { singletonKey: 'subject-2' })
    await ledger.tasks.enqueue('keyed', { n: 5 })
    await ledger.tasks.enqueue('keyed', { n: 6 }, { runAfter: '2199-01-01T00:00:00Z' })
    const seen: unknown[] = []
    const stop = await ledger.tasks.work('keyed', async ({ data }) => void seen.push(data.n), { concurrency: 2 })
    await until(async () => (await countsOf('keyed'))?.completed === 3)
    await stop()
    assert.deepEqual([seen.sort(), (await countsOf('keyed'))?.waiting], [[1, 4, 5], 1])
  })

  test('a schedule is kept and taken back, and nonsense is refused', async () => {
    const { ledger } = stage
    await ledger.tasks.schedule('nightly', '0 3 * * *', { kind: 'sweep' }, { timezone: 'Europe/Berlin' })
    await ledger.tasks.schedule('nightly', '5 3 * * *')
    await ledger.tasks.unschedule('nightly')
    await assert.rejects(ledger.tasks.schedule('nightly', 'every now and then'), { code: 'input/invalid' })
    await assert.rejects(ledger.tasks.define('odd', { retry: { limit: -1 } }), { code: 'input/invalid' })
  })

  test('a task and the report it belongs to are committed together, and begin at once', async () => {
    const { ledger } = stage
    await ledger.tasks.define('handle-report')
    const seen: unknown[] = []
    const stop = await ledger.tasks.work('handle-report', async ({ data }) => void seen.push(data.report))
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        ledger.transaction(BY, async (tx) => {
          await tx.record('report.received', { report: n })
          await tx.enqueue('handle-report', { report: n })
          if (n % 4 === 0) throw new Error('no')
        }),
      ),
    )
    await until(async () => seen.length === 15)
    await stop()
    const recorded = (await ledger.audit({ kind: 'report.received' })).map(({ data }) => data.report)
    assert.deepEqual(seen.toSorted(), recorded.toSorted())
  })
}
