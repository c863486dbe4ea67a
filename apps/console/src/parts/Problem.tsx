import { Button } from '@mantine/core'
import { ProblemError } from '../api/client.ts'
import { WarnIcon } from './icons.tsx'

/** What to do about a code; the rest is explained by the server's own sentence. */
const ADVICE: Readonly<Record<string, string>> = {
  'console/offline': 'Look at the window where Firebreak was started; start it again there if it has stopped.',
  'access/denied': 'Ask an administrator for the role that this needs.',
  'input/no-seeds': 'Check that the ids are written as in the data: same case, same prefix, one id a line.',
  'http/busy': 'Wait a few seconds, then try again.',
  'ledger/locked': 'Stop the other Firebreak that uses this data directory, or use its address.',
}

/** A refusal with its code and the way on. */
export function Problem({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const code = error instanceof ProblemError ? error.code : 'console/fault'
  const text = error instanceof Error ? error.message : String(error)
  return (
    <div className="notice stack tight" role="alert">
      <div className="row">
        <WarnIcon />
        <strong>That did not work</strong>
        <code className="mono soft">{code}</code>
      </div>
      <p className="break">{text}</p>
      {ADVICE[code] ? <p className="soft">{ADVICE[code]}</p> : null}
      {retry ? (
        <div>
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        </div>
      ) : null}
    </div>
  )
}
