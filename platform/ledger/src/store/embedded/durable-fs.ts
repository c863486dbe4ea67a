import { spawnSync } from 'node:child_process'
import { fdatasyncSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** WASI's number for "input/output error": PostgreSQL then stops instead of trusting the disk. */
const WASI_EIO = 29

interface FsNode {
  readonly id: number
}
interface FsStream {
  readonly node: FsNode
  readonly nfd: number
}
interface NodeFsOps {
  readonly stream_ops: {
    write: (stream: FsStream, ...rest: unknown[]) => number
    fsync?: (stream: FsStream) => number
  }
  readonly node_ops: { setattr: (node: FsNode, attr: { size?: number }) => void }
}

/**
 * PGlite's file system with a real fsync: the one it ships answers "done" and syncs nothing. Only files written since their last sync
 * are synced; recovery asks for two thousand syncs of untouched files otherwise. That is sound once everything older is on disk:
 * `sync -f` before opening, or, where that command is missing, after the first complete opening has synced every file itself.
 * Directory entries are not synced.
 */
export class DurableNodeFS extends NodeFS {
  readonly #dirty = new Set<number>()
  #skipClean: boolean
  syncs = 0

  constructor(dir: string) {
    super(dir)
    this.#skipClean = syncFileSystem(dir)
  }

  /** Everything older than this moment is on disk. */
  opened(): void {
    this.#skipClean = true
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const made = await super.init(...args)
    const hook = (module: unknown) => this.#hook((module as { NODEFS: NodeFsOps }).NODEFS)
    const preRun = made.emscriptenOpts.preRun
    const before = preRun === undefined ? [] : Array.isArray(preRun) ? preRun : [preRun]
    return { emscriptenOpts: { ...made.emscriptenOpts, preRun: [...before, hook] } }
  }

  #hook({ stream_ops, node_ops }: NodeFsOps): void {
    const { write } = stream_ops
    const { setattr } = node_ops
    stream_ops.write = (stream, ...rest) => {
      this.#dirty.add(stream.node.id)
      return write(stream, ...rest)
    }
    node_ops.setattr = (node, attr) => {
      if (attr.size !== undefined) this.#dirty.add(node.id)
      setattr(node, attr)
    }
    stream_ops.fsync = (stream) => {
      if (this.#skipClean && !this.#dirty.has(stream.node.id)) return 0
      try {
        fdatasyncSync(stream.nfd)
      } catch {
        return WASI_EIO
      }
      this.syncs++
      this.#dirty.delete(stream.node.id)
      return 0
    }
  }
}

function syncFileSystem(dir: string): boolean {
  return process.platform === 'linux' && spawnSync('sync', ['-f', dir], { stdio: 'ignore' }).status === 0
}
