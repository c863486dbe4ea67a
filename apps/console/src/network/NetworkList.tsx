import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { networks, useMapNetwork } from '../api/queries.ts'
import type { NetworkSummary } from '../api/types.ts'
import { DiceIcon, NetworkIcon, NoNetworkIcon, PlusIcon, WarnIcon } from '../parts/icons.tsx'
import { Problem } from '../parts/Problem.tsx'
import { NewNetworkDialog } from './NewNetwork.tsx'

export function NetworkList({ current }: { readonly current: string }) {
  const { data = [], error } = useQuery(networks)
  const [adding, setAdding] = useState(false)
  const random = useMapNetwork()
  const navigate = useNavigate()
  const tryRandom = () =>
    random.mutate(
      { randomSeeds: 3 },
      { onSuccess: ({ id }) => void navigate({ to: '/network/$id', params: { id }, search: {} }) },
    )
  return (
    <aside className="card networks" aria-label="Mapped networks">
      <h2>Networks</h2>
      {error ? <Problem error={error} /> : null}
      <ul>
        {data.map((network) => (
          <NetworkEntry key={network.id} network={network} current={network.id === current} />
        ))}
      </ul>
      <div className="stack tight">
        <Button size="sm" leftSection={<PlusIcon />} onClick={() => setAdding(true)}>
          Map a network
        </Button>
        <Button size="sm" variant="default" leftSection={<DiceIcon />} loading={random.isPending} onClick={tryRandom}>
          Try 3 random seeds
        </Button>
        <p className="soft small">
          Random seeds should answer “not a network”: try to fool it. Each draw has a number; the same number draws the
          same accounts again.
        </p>
        {random.error ? <Problem error={random.error} /> : null}
      </div>
      <NewNetworkDialog opened={adding} close={() => setAdding(false)} />
    </aside>
  )
}

function NetworkEntry({ network, current }: { readonly network: NetworkSummary; readonly current: boolean }) {
  const { id, name, isNetwork, members, status } = network
  return (
    <li>
      <Link to="/network/$id" params={{ id }} search={{}} aria-current={current ? 'page' : undefined}>
        <span className={isNetwork ? 'alert-ink' : 'soft'}>{iconOf(network)}</span>
        <span className="grow">
          <span className="name">{name}</span>
          <span className="soft small">
            {status === 'running'
              ? 'being mapped …'
              : status === 'failed'
                ? 'failed'
                : isNetwork
                  ? members === undefined
                    ? 'a network'
                    : `${members.toLocaleString('en-US')} members`
                  : isNetwork === false
                    ? 'not a network'
                    : 'mapped'}
          </span>
        </span>
      </Link>
    </li>
  )
}

function iconOf({ status, isNetwork }: NetworkSummary) {
  if (status === 'failed') return <WarnIcon />
  return isNetwork === false ? <NoNetworkIcon /> : <NetworkIcon />
}
