import type { VerifyResult } from '@firebreak/ledger'
import { runningServer } from './connection.ts'
import { openExistingStore } from './existing-store.ts'
import { count, note, type Terminal } from './terminal.ts'

export interface AuditOptions {
  readonly data: string
  readonly json?: boolean
}

/** `firebreak audit verify`: exit code 0 when the chain holds, 1 where it breaks. */
export async function verify(options: AuditOptions, terminal: Terminal): Promise<number> {
  const server = await runningServer(options.data)
  const result = server ? await server.json<VerifyResult>('/v1/audit/verify') : await verifyStore(options.data)
  if (options.json) terminal.out.write(`${JSON.stringify(result)}\n`)
  else if (result.ok)
    note(
      terminal,
      `the chain holds: ${count(result.entries)} entries, ${count(result.removed)} of them removed by erasure or retention`,
    )
  else note(terminal, `the chain BREAKS at entry ${result.brokenAt}: ${result.problem ?? 'digest differs'}`)
  return result.ok ? 0 : 1
}

async function verifyStore(data: string): Promise<VerifyResult> {
  const store = await openExistingStore(data)
  try {
    return await store.ledger.verify()
  } finally {
    await store.close()
  }
}
