import { type Books, readBooks } from '@firebreak/intake'
import { runningServer } from './connection.ts'
import { openExistingStore } from './existing-store.ts'
import { count, note, type Terminal } from './terminal.ts'

export interface ReconcileOptions {
  readonly data: string
  readonly json?: boolean
}

/** `firebreak reconcile`: exit code 0 when the books of reports balance, 1 when not. */
export async function reconcile(options: ReconcileOptions, terminal: Terminal): Promise<number> {
  const server = await runningServer(options.data)
  const books = server ? await server.json<Books>('/v1/reports/books') : await fromStore(options.data)
  if (options.json) terminal.out.write(`${JSON.stringify(books)}\n`)
  else {
    terminal.out.write('source,day,received,open,merged,decided,rejected,dead,difference\n')
    for (const line of books.lines)
      terminal.out.write(
        `${[cell(line.source), line.day, line.received, line.open, line.merged, line.decided, line.rejected, line.dead, line.difference].join(',')}\n`,
      )
    const { received, open, merged, decided, rejected, dead } = books.totals
    note(
      terminal,
      `${count(received)} received = ${count(open)} open + ${count(merged)} merged + ${count(decided)} decided + ${count(rejected)} rejected + ${count(dead)} dead-lettered: ${books.balanced ? 'the books balance' : 'the books DO NOT BALANCE'}`,
    )
    for (const problem of books.problems) note(terminal, problem)
  }
  return books.balanced ? 0 : 1
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""').replaceAll(/[\r\n]+/g, ' ')}"` : text
}

async function fromStore(data: string): Promise<Books> {
  const store = await openExistingStore(data)
  try {
    return await readBooks(store.ledger)
  } finally {
    await store.close()
  }
}
