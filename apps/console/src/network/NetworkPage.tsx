import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { ProblemError } from '../api/client.ts'
import { network } from '../api/queries.ts'
import type { NetworkDocument } from '../api/types.ts'
import { Empty, Loading } from '../parts/Empty.tsx'
import { NetworkIcon } from '../parts/icons.tsx'
import { Problem } from '../parts/Problem.tsx'
import { Look } from './Look.tsx'
import { NetworkList } from './NetworkList.tsx'
import { RankedTable } from './RankedTable.tsx'
import { SidePanel } from './SidePanel.tsx'
import { Verdict } from './Verdict.tsx'
import { isShown, rowsOf, type View } from './view.ts'

/** One mapped network: the answer, its picture, why, and the ranked accounts. */
export function NetworkPage({ id, view }: { readonly id: string; readonly view: View }) {
  const { data, error, refetch } = useQuery(network(id))
  return (
    <div className="network-page">
      <NetworkList current={id} />
      <div className="network-main">
        {error ? <Problem error={error} retry={() => void refetch()} /> : null}
        {!data && !error ? <Loading what="the network" /> : null}
        {data?.status === 'failed' ? <Problem error={failure(data)} /> : null}
        {data?.status === 'running' && !data.map ? (
          <section className="card" style={{ display: 'grid', minHeight: 420 }}>
            <Empty icon={<NetworkIcon size={40} />} title="Mapping …">
              <p className="soft">Following the seeds’ links, ranking who is close, and testing against chance.</p>
            </Empty>
          </section>
        ) : null}
        {data?.map ? <Mapped document={data} view={view} /> : null}
      </div>
    </div>
  )
}

function Mapped({ document, view }: { readonly document: NetworkDocument; readonly view: View }) {
  const navigate = useNavigate()
  const { id, map } = document
  const setView = useCallback(
    (next: View) => void navigate({ to: '/network/$id', params: { id }, search: next, replace: true }),
    [navigate, id],
  )
  const select = useCallback(
    (account: string | null) => {
      const { sel: _, ...rest } = view
      setView(account === null || account === view.sel ? rest : { ...rest, sel: account })
    },
    [setView, view],
  )
  const all = useMemo(() => rowsOf(map?.accounts ?? []), [map])
  const rows = useMemo(() => all.filter((row) => isShown(row, view)), [all, view])
  if (!map) return null
  return (
    <>
      <Verdict document={document} map={map} rows={all} />
      <div className="look-grid">
        <Look document={document} view={view} setView={setView} select={select} />
        <SidePanel document={document} map={map} rows={all} view={view} select={select} />
      </div>
      <RankedTable
        rows={rows}
        hidden={all.length - rows.length}
        total={Math.max(map.total ?? 0, all.length)}
        listed={all.length}
        isNetwork={map.isNetwork}
        protectedCount={map.protectedCount ?? 0}
        selected={view.sel ?? null}
        select={select}
      />
    </>
  )
}

function failure({ error }: NetworkDocument): ProblemError {
  if (typeof error === 'object')
    return new ProblemError(error.code ?? 'network/failed', 500, error.detail ?? 'Mapping failed.')
  return new ProblemError('network/failed', 500, error ?? 'Mapping failed.')
}
