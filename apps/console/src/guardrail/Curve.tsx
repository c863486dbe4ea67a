import { lazy, Suspense, useState } from 'react'
import type { Arm, ProbeRun } from '../api/types.ts'
import { Loading } from '../parts/Empty.tsx'
import { share } from '../parts/words.ts'
import { curvesOf, emptied, tableLines } from './arms.ts'

const Chart = lazy(() => import('./Chart.tsx').then((m) => ({ default: m.Chart })))

export interface Line {
  readonly key: 'before' | 'after' | 'benign-before' | 'benign-after'
  readonly name: string
  readonly arm: Arm
}

/** The contagion curve with its bands, and the same numbers as a table. */
export function Curve({ run }: { readonly run: ProbeRun }) {
  const [table, setTable] = useState(false)
  const { before, after, benignBefore, benignAfter } = curvesOf(run)
  const empty = emptied(curvesOf(run))
  const lines: Line[] = [
    ...(before ? [{ key: 'before', name: 'One contact, no guard', arm: before } as const] : []),
    ...(after ? [{ key: 'after', name: 'One contact, guarded', arm: after } as const] : []),
    ...(benignBefore ? [{ key: 'benign-before', name: 'Harmless contact, no guard', arm: benignBefore } as const] : []),
    ...(benignAfter ? [{ key: 'benign-after', name: 'Harmless contact, guarded', arm: benignAfter } as const] : []),
  ]
  return (
    <section className="card curve" aria-label="Contagion curve">
      <div className="row between wrap">
        <div>
          <h2>Contagion curve</h2>
          <p className="soft small">Share of the top 20 that is in the network, by refresh; bands are 95 % intervals</p>
        </div>
        <button type="button" className="chip" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? 'Show the chart' : 'Show as a table'}
        </button>
      </div>
      {table ? (
        <CurveTable lines={lines} />
      ) : (
        <>
          <Suspense fallback={<Loading what="the chart" />}>
            <Chart lines={lines} />
          </Suspense>
          {empty > 0.005 ? (
            <p className="small">
              With the guard {share(empty)} of the places in these lists stay empty: a list that leads almost only into
              the network is withheld whole. Show something not personal there instead.
            </p>
          ) : null}
          <ul className="curve-key">
            {lines.map(({ key, name, arm }) => (
              <li key={key}>
                <svg width="30" height="12" aria-hidden="true" className={`key-${key}`}>
                  <path d="M1 6h28" />
                </svg>
                <span>
                  {name}: <b className="num">{share(arm.total.share)}</b>{' '}
                  <span className="soft small num">of {slots(arm).toLocaleString('en-US')} slots</span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function CurveTable({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className="plain">
        <thead>
          <tr>
            <th>Refresh</th>
            {lines.map(({ key, name }) => (
              <th key={key} className="right">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tableLines(lines.map(({ arm }) => arm)).map(({ refresh, cells }) => (
            <tr key={refresh}>
              <td>{refresh}</td>
              {cells.map((point, i) => (
                <td key={lines[i]?.key} className="right">
                  {point ? (
                    <>
                      {share(point.share)}{' '}
                      <span className="soft small">
                        [{share(point.low)} – {share(point.high)}], {point.slots.toLocaleString('en-US')} slots
                      </span>
                    </>
                  ) : (
                    '–'
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function slots(arm: Arm): number {
  return arm.points.reduce((sum, point) => sum + point.slots, 0)
}
