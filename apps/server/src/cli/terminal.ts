import type { Writable } from 'node:stream'

/** What a command may touch of the outside: streams, arguments already parsed, the time. Tests pass their own. */
export interface Terminal {
  readonly out: Writable & { isTTY?: boolean; columns?: number }
  readonly err: Writable & { isTTY?: boolean; columns?: number }
}

const BAR = 24
const REDRAW_MS = 100

/** A progress line on standard error, redrawn in place; silent where nobody watches (pipes, CI). */
export class ProgressLine {
  private readonly terminal: Terminal
  private last = 0
  private shown = false

  constructor(terminal: Terminal) {
    this.terminal = terminal
  }

  update(text: string, done: number, total: number): void {
    if (!this.terminal.err.isTTY || Date.now() - this.last < REDRAW_MS) return
    this.last = Date.now()
    this.shown = true
    const share = total > 0 ? Math.min(1, done / total) : 0
    const bar = '█'.repeat(Math.round(share * BAR)).padEnd(BAR, '░')
    this.terminal.err.write(`\r\u001b[2K${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${text}`)
  }

  clear(): void {
    if (this.shown) this.terminal.err.write('\r\u001b[2K')
    this.shown = false
  }
}

/** A message for the person at the terminal; never mixed into results. */
export function note(terminal: Terminal, text: string): void {
  terminal.err.write(`${text}\n`)
}

export function count(value: number): string {
  return value.toLocaleString('en-US')
}
