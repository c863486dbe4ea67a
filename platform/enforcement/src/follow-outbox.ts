import { SECOND } from '@firebreak/kernel'
import type { EventType, Ledger, StoredEvent } from '@firebreak/ledger'

const AGAIN_AFTER = 2 * SECOND

export interface Following {
  readonly name: string
  readonly types: readonly EventType[]
  readonly deliver: (events: readonly StoredEvent[]) => Promise<void>
  readonly signal: AbortSignal
  readonly onFault: (error: unknown) => void
}

/** Follows the ledger for ever: a fault is told and the same events come again a little later. Resolves when the signal aborts. */
export async function followOutbox(ledger: Pick<Ledger, 'outbox'>, following: Following): Promise<void> {
  const { name, types, deliver, signal, onFault } = following
  while (!signal.aborted) {
    try {
      await ledger.outbox.relay(name, deliver, { signal, types: [...types] })
    } catch (error) {
      if (signal.aborted) return
      onFault(error)
      await pause(signal)
    }
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, AGAIN_AFTER)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
