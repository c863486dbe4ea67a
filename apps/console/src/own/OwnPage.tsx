import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { request } from '../api/client.ts'
import { me } from '../api/queries.ts'
import { basePath } from '../base.ts'
import { Problem } from '../parts/Problem.tsx'
import { GuardYours } from './GuardYours.tsx'
import { ImportStep } from './ImportStep.tsx'
import { MapStep } from './MapStep.tsx'

/** In the demo: the door to an empty store of one's own. There: bring links, map, guard. */
export function OwnPage() {
  const { data } = useQuery(me)
  if (!data) return null
  const inDemo = data.instance.demo && basePath(location.pathname) === ''
  return inDemo ? <Door own={data.instance.own} /> : <Steps />
}

function Door({ own }: { readonly own: string | null }) {
  const opening = useMutation({
    mutationFn: () => request<{ signIn: string }>('/v1/own-data', { method: 'POST', body: {} }),
    onSuccess: ({ signIn }) => location.assign(signIn),
  })
  return (
    <section className="card door">
      <h1>Try it with your own data</h1>
      <p className="lead">
        The same two screens, over a <code>follows.csv</code> that you bring, in a second, empty store. Nothing you
        import ever enters the demo, and nothing leaves this machine.
      </p>
      <ol className="door-steps">
        <li>
          <b>Bring the links</b>
          <span className="soft">
            A CSV of who follows whom: <code>source,target</code>, any ids. Pseudonyms are best.
          </span>
        </li>
        <li>
          <b>Name a few seeds</b>
          <span className="soft">Accounts that you know belong together.</span>
        </li>
        <li>
          <b>See the network, or that there is none</b>
          <span className="soft">With the reason, and the paths that lead to every account.</span>
        </li>
        <li>
          <b>Guard your recommender</b>
          <span className="soft">One key, one call; undo takes it all back.</span>
        </li>
      </ol>
      {opening.error ? <Problem error={opening.error} /> : null}
      <div className="row wrap">
        <Button size="md" loading={opening.isPending} onClick={() => opening.mutate()}>
          Open my own store
        </Button>
        {own ? (
          <span className="soft small">
            Opened before? <a href={`${own.replace(/\/?$/, '/')}`}>Go back to it</a>
          </span>
        ) : null}
      </div>
    </section>
  )
}

function Steps() {
  return (
    <>
      <div>
        <h1>Your own data</h1>
        <p className="soft">In a store of its own, on this machine. Three steps; each can be repeated.</p>
      </div>
      <div className="own-grid">
        <ImportStep />
        <MapStep />
        <GuardYours />
      </div>
    </>
  )
}
