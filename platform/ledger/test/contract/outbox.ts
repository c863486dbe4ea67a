import assert from 'node:assert/strict'
import test from 'node:test'
import { BY, follow, type Stage } from './stage.ts'

/** Waits until something holds, or says after half a minute that it never did. */
async function until(holds: () => boolean): Promise<void> {
  for (let look = 0; !holds(); look++) {
    assert.ok(look < 6_000, 'what was waited for never came')
    await new Promise((later) => setTimeout(later, 5))
  }
}

export function outboxTests(stage: Stage): void {
  const send = (ids: readonly string[]) =>
    stage.ledger.append(
      ids.map((id) => follow(id, `from-${id}`, `to-${id}`)),
      BY,
    )

  test('a cursor begins at 0 and is where it was set', async () => {
    const cursor = stage.ledger.cursor('reader')
    assert.equal(await cursor.get(), 0)
    await cursor.set(42)
    await cursor.set(43)
    assert.equal(await stage.ledger.cursor('reader').get(), 43)
    assert.equal(await stage.ledger.cursor('other reader').get(), 0)
  })

  test('a relay delivers every event in commit order, those written meanwhile too, and goes on where it stopped', async () => {
    const from = await stage.ledger.head()
    await stage.ledger.cursor('mail').set(from)
    const delivered: number[] = []
    const stop = new AbortController()
    await send(['m1', 'm2', 'm3'])
    const relay = stage.ledger.outbox.relay(
      'mail',
      async (events) => void delivered.push(...events.map(({ seq }) => seq)),
      { signal: stop.signal, batch: 2 },
    )
    await until(() => delivered.length === 3)
    await Promise.all([send(['m4', 'm5']), send(['m6'])])
    await until(() => delivered.length === 6)
    stop.abort()
    await relay
    assert.deepEqual(
      delivered,
      [1, 2, 3, 4, 5, 6].map((i) => from + i),
    )
    assert.equal(await stage.ledger.cursor('mail').get(), from + 6)
  })

  test('a delivery that fails is tried again by the next relay: at least once, never skipped', async () => {
    await stage.ledger.cursor('flaky').set(await stage.ledger.head())
    await send(['f1'])
    const failing = async () => {
      throw new Error('the receiver is down')
    }
    const signal = new AbortController().signal
    await assert.rejects(stage.ledger.outbox.relay('flaky', failing, { signal }), /receiver is down/)
    const delivered: string[] = []
    const stop = new AbortController()
    const relay = stage.ledger.outbox.relay(
      'flaky',
      async (events) => void delivered.push(...events.map(({ id }) => id)),
      { signal: stop.signal },
    )
    await until(() => delivered.length > 0)
    stop.abort()
    await relay
    assert.deepEqual(delivered, ['f1'])
  })

  test('a relay that tells its faults goes on after one, with the same events', async () => {
    await stage.ledger.cursor('patient').set(await stage.ledger.head())
    await send(['p1', 'p2'])
    const faults: unknown[] = []
    const delivered: string[][] = []
    const stop = new AbortController()
    const relay = stage.ledger.outbox.relay(
      'patient',
      async (events) => {
        if (faults.length === 0) throw new Error('not yet')
        delivered.push(events.map(({ id }) => id))
      },
      { signal: stop.signal, onFault: (error) => faults.push(error) },
    )
    await until(() => delivered.length > 0)
    stop.abort()
    await relay
    assert.deepEqual([faults.length, delivered], [1, [['p1', 'p2']]])
  })

  test('of two relays one works; when it ends the other takes over, and nothing is lost between them', async () => {
    await stage.ledger.cursor('shared').set(await stage.ledger.head())
    const got: string[][] = [[], []]
    const stops = [new AbortController(), new AbortController()]
    const relays = stops.map(({ signal }, i) =>
      stage.ledger.outbox.relay('shared', async (events) => void got[i]!.push(...events.map(({ id }) => id)), {
        signal,
      }),
    )
    await send(['s1', 's2'])
    await until(() => got.flat().length >= 2)
    const first = got[0]!.length > 0 ? 0 : 1
    assert.deepEqual(got[1 - first], [])
    stops[first]!.abort()
    await relays[first]
    await send(['s3'])
    await until(() => got[1 - first]!.includes('s3'))
    stops[1 - first]!.abort()
    await relays[1 - first]
    assert.deepEqual([...new Set(got.flat())].sort(), ['s1', 's2', 's3'])
  })

  test('commits are announced, to this process and to every other that has the store open', async () => {
    const heard = { here: 0, there: 0 }
    const stopHere = stage.ledger.onCommit(({ seq }) => {
      heard.here = seq
    })
    const other = await stage.again?.()
    other?.onCommit(({ seq }) => {
      heard.there = seq
    })
    await send(['announced'])
    const head = await stage.ledger.head()
    await until(() => heard.here === head && (other === undefined || heard.there === head))
    stopHere()
    await send(['not heard'])
    assert.equal(heard.here, head)
    await other?.close()
  })

  test('a post that another process told of gives later likes their author', async () => {
    const other = await stage.again?.()
    if (other === undefined) return // only one process may open this store: nobody else can tell it anything
    const on = { at: '2026-05-01T00:00:00Z', subject: { type: 'content', id: 'told-elsewhere' } }
    const by = (id: string) => ({ type: 'account', id })
    await other.append([{ ...on, id: 'te-1', type: 'view.sampled', actor: by('viewer') }], BY)
    await stage.ledger.append([{ ...on, id: 'te-2', type: 'post.created', actor: by('author') }], BY)
    await other.append([{ ...on, id: 'te-3', type: 'like', actor: by('fan') }], BY)
    await other.close()
    const fan = (await stage.ledger.neighbours(['fan'])).get('fan')
    assert.deepEqual(
      fan?.neighbours.map(({ relation, other }) => `${relation} ${other}`),
      ['like author'],
    )
  })

  test('a listener that throws harms neither the write nor the other listeners', async () => {
    const failures: unknown[] = []
    const caught = (error: unknown) => void failures.push(error)
    const known = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', caught)
    let heard = 0
    const stops = [
      stage.ledger.onCommit(() => {
        throw new Error('a fault of the listener')
      }),
      stage.ledger.onCommit(() => heard++),
    ]
    const before = await stage.ledger.head()
    await Promise.all([stage.ledger.record('one', {}, BY), stage.ledger.record('two', {}, BY)])
    for (const stop of stops) stop()
    await until(() => failures.length > 0)
    process.off('uncaughtException', caught)
    for (const listener of known) process.on('uncaughtException', listener)
    assert.equal(heard, 1)
    assert.equal(await stage.ledger.head(), before + 2)
  })
}
