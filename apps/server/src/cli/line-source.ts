import { createReadStream } from 'node:fs'
import { FirebreakError } from '@firebreak/kernel'

/** One line of a file: its number from 1, and its text, or undefined where the bytes are not UTF-8. */
export interface Line {
  readonly number: number
  readonly text: string | undefined
}

/** Lines of a file, or of standard input for `-`, as they come; only LF (or CRLF) ends a line. */
export async function* linesOf(path: string): AsyncIterable<Line> {
  let number = 0
  let rest: Uint8Array[] = []
  const lineOf = (last: Uint8Array): Line => {
    const bytes = Buffer.concat([...rest, last])
    rest = []
    return { number: ++number, text: decoded(bytes) }
  }
  for await (const chunk of opened(path)) {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield lineOf(chunk.subarray(from, end))
      from = end + 1
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
  }
  if (rest.length > 0) yield lineOf(new Uint8Array(0))
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function decoded(bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes)
  } catch {
    return undefined
  }
}

async function* opened(path: string): AsyncIterable<Buffer> {
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) yield Buffer.from(chunk)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new FirebreakError('input/file-missing', [path], { cause: error })
    if (code === undefined) throw error
    throw new FirebreakError('input/file-unreadable', [path, message], { cause: error })
  }
}

/** Bad lines of one file: told one by one at first, then counted; too many of them end the run. */
export class BadLines {
  private readonly path: string
  private readonly tell: (text: string) => void
  private bad = 0
  private first = ''

  constructor(path: string, tell: (text: string) => void) {
    this.path = path
    this.tell = tell
  }

  reject(line: number, reason: string): void {
    if (this.bad++ === 0) this.first = `line ${line}, ${reason}`
    if (this.bad <= 5) this.tell(`${this.path}: line ${line} skipped: ${reason}`)
  }

  /** Throws `input/too-many-bad-lines` beyond 1 % of the lines, with `strict` at any. */
  finish(lines: number, strict: boolean): void {
    if (this.bad === 0) return
    if (strict || this.bad > lines * 0.01) {
      const limit = strict ? 'none, --strict' : '1 %'
      throw new FirebreakError('input/too-many-bad-lines', [this.path, this.bad, lines, limit, this.first])
    }
    if (this.bad > 5) this.tell(`${this.path}: ${this.bad} of ${lines} lines skipped`)
  }
}
