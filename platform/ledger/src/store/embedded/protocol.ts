/** What the main thread and the database worker say to each other. */
export interface WorkerSettings {
  /** Absolute data directory, or null for memory. */
  readonly dir: string | null
  /** Memory only: where a snapshot of an empty database is kept, to skip initdb. */
  readonly snapshotFile: string | null
}

export type Request =
  | {
      readonly id: number
      readonly op: 'query'
      readonly lease: number | null
      readonly text: string
      readonly params: readonly unknown[]
    }
  | { readonly id: number; readonly op: 'script'; readonly lease: number | null; readonly text: string }
  /** COPY from the given bytes. */
  | {
      readonly id: number
      readonly op: 'copy'
      readonly lease: number
      readonly text: string
      readonly bytes: Uint8Array<ArrayBuffer>
    }
  | { readonly id: number; readonly op: 'begin' }
  | { readonly id: number; readonly op: 'end'; readonly lease: number; readonly commit: boolean }
  | { readonly id: number; readonly op: 'close' }

export interface PlainError {
  readonly message: string
  readonly code?: string
  readonly constraint?: string
  readonly detail?: string
}

export type Reply =
  | {
      readonly id: number
      readonly ok: true
      readonly rows?: readonly unknown[]
      readonly affected?: number
      readonly lease?: number
    }
  | { readonly id: number; readonly ok: false; readonly error: PlainError }

/** The first message of the worker: open, or why not. */
export type Opened =
  | { readonly opened: true }
  | { readonly opened: false; readonly locked: boolean; readonly message: string }
