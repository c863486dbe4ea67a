import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type BadLine, type Edge, importFile } from '@firebreak/intake'
import { FirebreakError, isFirebreakError } from '@firebreak/kernel'
import type { EventInput, Ledger, Principal } from '@firebreak/ledger'

/** How an import stands; kept while the process runs. */
export interface ImportState {
  readonly id: string
  readonly name: string
  readonly rows: number
  readonly accepted: number
  readonly duplicates: number
  readonly bad: readonly BadLine[]
  readonly badTotal: number
  /** Relations that Firebreak knows nothing about, by rows. */
  readonly unknownRelations?: readonly { readonly name: string; readonly rows: number }[]
  readonly progress?: { readonly done: number; readonly total: number }
  readonly finished: boolean
  readonly error?: { readonly code: string; readonly detail: string }
}

export interface ImportDeskOptions {
  readonly ledger: Ledger
  readonly edge: Edge
  /** Where an upload rests until it is read; emptied afterwards. */
  readonly dir: string
  readonly newId: () => string
  readonly stored: (events: readonly EventInput[]) => void
  readonly onFault: (error: unknown) => void
  /** Bytes of the largest upload (default 2 GiB). */
  readonly largest?: number
}

const LARGEST = 2 * 1024 ** 3
const KEPT_STATES = 100

/** Edge lists and events into the ledger: received to disk, read line by line, every line accounted for. */
export class ImportDesk {
  readonly #options: ImportDeskOptions
  readonly #states = new Map<string, ImportState>()
  readonly #running = new Set<Promise<void>>()

  constructor(options: ImportDeskOptions) {
    this.#options = options
  }

  /** Receives the whole upload, then answers; reading goes on in the background. Throws `http/too-large`. */
  async receive(body: Readable, given: { name: string; relation: string }, by: Principal): Promise<{ id: string }> {
    const { dir, newId, largest = LARGEST } = this.#options
    const id = newId()
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const path = join(dir, id)
    try {
      await pipeline(body, atMost(largest), createWriteStream(path, { mode: 0o600, flags: 'wx' }))
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
    this.#set({ id, name: given.name, rows: 0, accepted: 0, duplicates: 0, bad: [], badTotal: 0, finished: false })
    const work = this.#read(id, path, given, by).finally(() => this.#running.delete(work))
    this.#running.add(work)
    return { id }
  }

  /** Throws `http/not-found`. */
  state(id: string): ImportState {
    const state = this.#states.get(id)
    if (!state) throw new FirebreakError('http/not-found', ['import with that id'])
    return state
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  async #read(id: string, path: string, given: { name: string; relation: string }, by: Principal): Promise<void> {
    const { ledger, edge, stored, onFault } = this.#options
    try {
      const { rows, accepted, duplicates, bad, firstBad, unknownRelations } = await importFile({
        ...given,
        ledger,
        path,
        by,
        edge,
        onStored: stored,
        onProgress: (done, total) => this.#set({ ...this.state(id), progress: { done, total } }),
      })
      this.#set({
        ...{ id, name: given.name, rows, accepted, duplicates },
        ...{ bad: firstBad, badTotal: bad, unknownRelations, finished: true },
      })
    } catch (error) {
      const known = isFirebreakError(error) && error.status < 500
      if (!known) onFault(error)
      // The path of the upload's resting place is nobody's business.
      const detail = known
        ? error.message.replaceAll(path, given.name).replaceAll(id, given.name)
        : 'Reading failed; the log has more.'
      this.#set({ ...this.state(id), finished: true, error: { code: known ? error.code : 'internal/fault', detail } })
    } finally {
      await rm(path, { force: true }).catch(onFault)
    }
  }

  #set(state: ImportState): void {
    this.#states.set(state.id, state)
    if (this.#states.size > KEPT_STATES) this.#states.delete(this.#states.keys().next().value!)
  }
}

function atMost(bytes: number): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > bytes) done(new FirebreakError('http/too-large', [`${bytes} bytes`]))
      else done(null, chunk)
    },
  })
}
