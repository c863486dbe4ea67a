import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { me, networks, status } from '../api/queries.ts'
import { Empty, Loading } from '../parts/Empty.tsx'
import { NetworkIcon } from '../parts/icons.tsx'
import { Problem } from '../parts/Problem.tsx'
import { NewNetworkForm } from './NewNetwork.tsx'

/** The newest network that is one; with none yet, what is being done or what to do. */
export function FirstScreen() {
  const list = useQuery(networks)
  const state = useQuery(status)
  const demo = useQuery(me).data?.instance.demo ?? false
  if (list.error) return <Problem error={list.error} retry={() => void list.refetch()} />
  if (!list.data || !state.data) return demo ? <OnItsWay /> : <Loading what="the networks" />
  const best = list.data.find((network) => network.isNetwork) ?? list.data[0]
  if (best) return <Navigate to="/network/$id" params={{ id: best.id }} search={{}} replace />
  if (state.data.stages.some((stage) => !stage.finished)) return <OnItsWay />
  const nothing = state.data.counts.edges === 0
  return (
    <section className="card pad first-form">
      <div className="stack tight">
        <h1>{nothing ? 'No data yet' : 'Map your first network'}</h1>
        <p className="soft">
          {nothing
            ? 'Bring the links between accounts first: “Your own data” takes a follows.csv.'
            : 'Give a few accounts that you know belong together. Firebreak finds what is connected to them, says how sure it is, and tells you when there is no network.'}
        </p>
      </div>
      {nothing ? (
        <p>
          <a href="#/own-data">Go to your own data</a>
        </p>
      ) : (
        <NewNetworkForm />
      )}
    </section>
  )
}

function OnItsWay() {
  return (
    <section className="card" style={{ flex: 1, display: 'grid' }}>
      <Empty main icon={<NetworkIcon size={40} />} title="The first network is on its way">
        <p className="soft">
          A made-up platform is being filled, and three of its accounts are taken as seeds. The picture opens here by
          itself, usually within a minute.
        </p>
      </Empty>
    </section>
  )
}
