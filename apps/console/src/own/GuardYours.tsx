import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { request } from '../api/client.ts'
import { apiKeys } from '../api/queries.ts'
import type { ApiKey } from '../api/types.ts'
import { basePath } from '../base.ts'
import { Problem } from '../parts/Problem.tsx'
import { day } from '../parts/words.ts'
import { CopyBox } from './CopyBox.tsx'

/** Step 3: a key, the call that guards a recommender, and how to measure the effect. */
export function GuardYours() {
  const client = useQueryClient()
  const [name, setName] = useState('recommender')
  const making = useMutation({
    mutationFn: () =>
      request<{ key: ApiKey; token: string }>('/v1/api-keys', {
        method: 'POST',
        body: { name, scopes: ['verdicts'] },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: apiKeys.queryKey }),
  })
  const secret = making.data?.token
  return (
    <section className="card pad stack wide" aria-labelledby="step-3">
      <h2 id="step-3">
        <span className="step-number">3</span> Guard your recommender
      </h2>
      <p className="soft">
        Before your platform shows recommended accounts, ask which of them to leave out. The answer comes from memory,
        in about a millisecond.
      </p>
      <form
        className="row wrap"
        style={{ alignItems: 'flex-end' }}
        onSubmit={(event) => {
          event.preventDefault()
          making.mutate()
        }}
      >
        <TextInput label="Name of the key" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Button type="submit" variant="default" loading={making.isPending} disabled={name.trim() === ''}>
          Create an API key
        </Button>
      </form>
      {making.error ? <Problem error={making.error} /> : null}
      {secret ? (
        <div className="stack tight">
          <h3>Your key, shown this once</h3>
          <CopyBox text={secret} what="the key" />
        </div>
      ) : null}
      <div className="stack tight">
        <h3>The call</h3>
        <CopyBox text={curl(secret ?? '$FIREBREAK_KEY')} what="the call" />
        <p className="soft small">
          Verdicts come in the order asked: <code>allow</code> shows it, <code>drop</code> leaves it out. No answer
          within your time limit: recommend less, not more.
        </p>
      </div>
      <Keys />
      <details>
        <summary>Measure it: before and after</summary>
        <p className="soft small">
          Describe your recommender once (its address, how it takes <code>{'{viewer}'}</code>,{' '}
          <code>{'{history}'}</code> and <code>{'{limit}'}</code>, and where its list of ids is) and run the probes; the
          curve appears under Guardrail.
        </p>
        <CopyBox text={'npx --no-install firebreak probe --definition probe.json'} what="the command" />
      </details>
      <p className="soft small">
        <b>Undo:</b> “Undo: recommend again” on the network takes its labels back within a second; revoking the key cuts
        the call off.
      </p>
    </section>
  )
}

function curl(key: string): string {
  return [
    `curl -s ${location.origin}${basePath(location.pathname)}/v1/verdicts \\`,
    `  -H "authorization: Bearer ${key}" -H 'content-type: application/json' \\`,
    `  -d '{"surface":"recommend_accounts","viewer":"acct-0001",`,
    `       "subjects":[{"type":"account","id":"acct-0412"},{"type":"account","id":"acct-7001"}]}'`,
  ].join('\n')
}

function Keys() {
  const { data = [], error } = useQuery(apiKeys)
  const client = useQueryClient()
  const revoking = useMutation({
    mutationFn: (id: string) => request(`/v1/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: apiKeys.queryKey }),
  })
  if (error) return <Problem error={error} />
  const inUse = data.filter((key) => !key.revokedAt)
  if (inUse.length === 0) return null
  return (
    <div className="stack tight">
      <h3>Keys</h3>
      {revoking.error ? <Problem error={revoking.error} /> : null}
      <ul className="keys">
        {inUse.map((key) => (
          <li key={key.id} className="row between">
            <span className="break">
              {key.name} <span className="soft small">since {day(key.createdAt)}</span>
            </span>
            <Button size="compact-xs" variant="default" onClick={() => revoking.mutate(key.id)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
