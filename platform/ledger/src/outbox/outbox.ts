import { type Clock, isFirebreakError } from '@firebreak/kernel'
import type { EventQuery } from '../events/read.ts'
import type { Store } from '../store/store.ts'
import type { Commit, Outbox, RelayOptions, StoredEvent } from '../types.ts'
import { leaseCursor, moveLeased, releaseCursor } from './cursor.ts'

const LEASE_MS = 10_000
/** A notification can be lost with its connection: look anyway. */
const LOOK_MS = 2_000
const LONGEST_PAUSE_MS = 60_000

export interface OutboxParts {
  readonly store: Store
  readonly clock: Clock
  readonly holder: () => string
  readonly head: () => Promise<number>
  readonly read: (query: EventQuery) => Promise<StoredEvent[]>
  readonly onCommit: (listener: (commit: Commit) => void) => () => void
}

export function outboxOver(parts: OutboxParts): Outbox {
  return {
    async relay(name, deliver, options) {
      const holder = parts.holder()
      const alarm = new Alarm(options.signal)
      const stop = parts.onCommit(() => alarm.ring())
      try {
        let faults = 0
        while (!options.signal.aborted) {
          try {
            const moved = await step(parts, name, holder, deliver, options)
            faults = 0
            if (!moved) await alarm.wait(LOOK_MS)
          } catch (error) {
            if (options.onFault === undefined || options.signal.aborted || isClosed(error)) throw error
            options.onFault(error)
            await alarm.pause(Math.min(LONGEST_PAUSE_MS, LOOK_MS * 2 ** faults++))
          }
        }
      } finally {
        stop()
        await releaseCursor(parts.store, name, holder)
      }
    },
  }
}

function isClosed(error: unknown): boolean {
  return isFirebreakError(error) && error.code === 'ledger/closed'
}

/** Delivers one batch if there is one and the lease is ours. */
async function step(
  { store, clock, read, head }: OutboxParts,
  name: string,
  holder: string,
  deliver: (events: readonly StoredEvent[]) => Promise<void>,
  { batch = 500, types, signal }: RelayOptions,
): Promise<boolean> {
  const afterSeq = await leaseCursor(store, name, holder, clock(), LEASE_MS)
  if (afterSeq === null) return false
  const end = await head()
  const events = await read({ afterSeq, limit: batch, ...(types === undefined ? {} : { types }) })
  if (signal.aborted) return false
  const last = events.length < batch ? Math.max(end, events.at(-1)?.seq ?? 0) : events.at(-1)!.seq
  if (last <= afterSeq) return false
  if (events.length > 0) {
    // A slow receiver must not cost the lease, or a second relay would deliver beside this one.
    const renew = () => void leaseCursor(store, name, holder, clock(), LEASE_MS).catch(() => {})
    const renewal = setInterval(renew, LEASE_MS / 3)
    await deliver(events).finally(() => clearInterval(renewal))
  }
  return moveLeased(store, name, holder, last)
}

/** A wait that a commit or the end cuts short. */
class Alarm {
  readonly #signal: AbortSignal
  #rung = false
  #wake: (() => void) | undefined

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.ring(), { once: true })
  }

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  /** As `wait`, but only the end cuts it short: what failed is not better for another commit. */
  async pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    this.#signal.addEventListener('abort', () => resolve(), { once: true })
    if (this.#signal.aborted) resolve()
    await promise
    clearTimeout(timer)
  }

  async wait(ms: number): Promise<void> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, ms)
      this.#wake = resolve
      await promise
      clearTimeout(timer)
      this.#wake = undefined
    }
    this.#rung = false
  }
}
