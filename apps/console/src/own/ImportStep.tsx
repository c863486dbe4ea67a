import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { ProblemError } from '../api/client.ts'
import { importReport, status } from '../api/queries.ts'
import type { ImportReport } from '../api/types.ts'
import { CheckIcon, UploadIcon } from '../parts/icons.tsx'
import { Problem } from '../parts/Problem.tsx'
import { plural } from '../parts/words.ts'
import { upload } from './upload.ts'

const RELATIONS: readonly (readonly [value: string, text: string])[] = [
  ['follow', 'follows'],
  ['like', 'likes'],
  ['comment', 'comments on'],
  ['mention', 'mentions'],
  ['contact', 'contacts'],
  ['backup', 'names as backup'],
  ['identifier', 'shares an identifier'],
  ['hashtag', 'uses a hashtag'],
  ['group', 'is in a group'],
]

/** Step 1: a file of links, dropped or chosen; what was wrong in it is shown line by line. */
export function ImportStep() {
  const [relation, setRelation] = useState('follow')
  const [sent, setSent] = useState(0)
  const cancel = useRef<AbortController | null>(null)
  const sending = useMutation({
    mutationFn: (file: File) => {
      cancel.current = new AbortController()
      setSent(0)
      return upload(file, relation, setSent, cancel.current.signal)
    },
  })
  const relationId = useId()
  return (
    <section className="card pad stack wide" aria-labelledby="step-1">
      <h2 id="step-1">
        <span className="step-number">1</span> Bring the links
      </h2>
      <div className="row wrap">
        <label htmlFor={relationId}>In this file, the first account</label>
        <select
          id={relationId}
          className="select"
          value={relation}
          onChange={(event) => setRelation(event.currentTarget.value)}
        >
          {RELATIONS.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        <span>the second.</span>
      </div>
      <DropZone busy={sending.isPending} take={(file) => sending.mutate(file)} />
      {sending.isPending ? (
        <div className="row">
          <span
            className="bar grow"
            role="progressbar"
            aria-label="Uploading"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(sent * 100)}
          >
            <i style={{ width: `${Math.round(sent * 100)}%` }} />
          </span>
          <span className="small num">{Math.round(sent * 100)} %</span>
          <Button size="xs" variant="default" onClick={() => cancel.current?.abort()}>
            Cancel
          </Button>
        </div>
      ) : null}
      {sending.error ? <Problem error={sending.error} /> : null}
      {sending.data ? <Report id={sending.data.id} /> : null}
      <details>
        <summary>What the file may look like</summary>
        <pre className="mono sample">{'source,target\nacct-0412,acct-1187\nacct-1187,acct-2093'}</pre>
        <p className="soft small">
          CSV or TSV, plain or .gz, with or without a header; further columns <code>relation</code>, <code>weight</code>{' '}
          and <code>at</code> are read. Doubles add weight; an account linked with itself is counted and left out.
        </p>
      </details>
    </section>
  )
}

function DropZone({ busy, take }: { readonly busy: boolean; readonly take: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same
    <div
      className={`drop ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const file = event.dataTransfer.files[0]
        if (file && !busy) take(file)
      }}
    >
      <UploadIcon />
      <p>
        <b>Drop follows.csv here</b>
      </p>
      <Button variant="default" size="sm" disabled={busy} onClick={() => input.current?.click()}>
        Choose a file …
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.tsv,.txt,.gz"
        aria-label="File of links"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          if (file) take(file)
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}

function Report({ id }: { readonly id: string }) {
  const { data, error } = useQuery(importReport(id))
  const client = useQueryClient()
  useEffect(() => {
    if (data?.finished) void client.invalidateQueries({ queryKey: status.queryKey })
  }, [data?.finished, client])
  if (error) return <Problem error={error} />
  if (!data) return null
  if (data.error) return <Problem error={importFailure(data.error)} />
  const bad = data.badTotal ?? data.bad.length
  return (
    <div className="stack tight" role="status">
      <p className="row">
        {data.finished ? <CheckIcon /> : null}
        <span className="num">
          <b>{plural(data.accepted, 'link')}</b> {data.finished ? 'imported' : 'so far'} from{' '}
          {plural(data.rows, 'line')}
          {data.duplicates ? `; ${plural(data.duplicates, 'line')} already there` : ''}
          {bad > 0 ? `; ${plural(bad, 'bad line')} left out` : ''}
        </span>
      </p>
      {data.unknownRelations?.map(({ name, rows }) => (
        <p key={name} className="notice">
          Firebreak does not know the relation “{name}” ({plural(rows, 'line')}); it is treated like a follow.
        </p>
      ))}
      {data.bad.length > 0 ? <BadLines bad={data.bad} total={bad} /> : null}
    </div>
  )
}

function BadLines({ bad, total }: { readonly bad: ImportReport['bad']; readonly total: number }) {
  return (
    <div className="notice">
      <table className="plain">
        <thead>
          <tr>
            <th className="right">Line</th>
            <th>What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {bad.slice(0, 20).map(({ line, reason }) => (
            <tr key={line}>
              <td className="right">{line}</td>
              <td className="break">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > Math.min(20, bad.length) ? (
        <p className="soft small">+{(total - Math.min(20, bad.length)).toLocaleString('en-US')} more bad lines</p>
      ) : null}
    </div>
  )
}

function importFailure(error: NonNullable<ImportReport['error']>): ProblemError {
  return typeof error === 'string'
    ? new ProblemError('import/failed', 400, error)
    : new ProblemError(error.code ?? 'import/failed', 400, error.detail ?? 'The import failed.')
}
