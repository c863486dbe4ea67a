import { DRAWN_ROLES, describeLayout, isDrawn, type PlacedNode, relationStyle } from '@firebreak/drawing/roles'
import { Slider } from '@mantine/core'
import { lazy, Suspense, useMemo } from 'react'
import type { Drawing, NetworkDocument } from '../api/types.ts'
import { Empty, Loading } from '../parts/Empty.tsx'
import { NoNetworkIcon } from '../parts/icons.tsx'
import { RoleMark } from '../parts/RoleMark.tsx'
import { hiddenRelations, hiddenRoles, isShown, toggled, type View } from './view.ts'

const NetworkCanvas = lazy(() => import('./canvas/NetworkCanvas.tsx').then((m) => ({ default: m.NetworkCanvas })))

interface Props {
  readonly document: NetworkDocument
  readonly view: View
  readonly setView: (view: View) => void
  readonly select: (account: string | null) => void
}

/** The picture with its filters, which are its legend too. */
export function Look({ document, view, setView, select }: Props) {
  const { drawing } = document
  const drawn = useMemo(() => drawing?.nodes.filter((node) => isDrawn(node.role)) ?? [], [drawing])
  const shown = useMemo(() => drawn.filter((node) => isShown(node, view)).length, [drawn, view])
  const description = useMemo(() => (drawing ? describe(drawing) : ''), [drawing])
  if (!drawing || drawing.edges.length === 0)
    return (
      <section className="card look" aria-label="Picture">
        <Empty icon={<NoNetworkIcon size={40} />} title="Nothing holds these seeds together">
          <p className="soft">
            No link leads from one to another, so there is no picture to draw. The nearest accounts are in the table
            below, none of them inside a cut.
          </p>
        </Empty>
      </section>
    )
  return (
    <section className="card look" aria-label="Picture of the network">
      <div className="look-tools">
        <RoleFilter drawing={drawing} view={view} setView={setView} />
        <ProbabilityFilter view={view} setView={setView} />
      </div>
      <div className="canvas-frame">
        <Suspense fallback={<Loading what="the picture" />}>
          <NetworkCanvas drawing={drawing} view={view} description={description} onSelect={select} />
        </Suspense>
        <span className="soft small num drawn-note">
          {shown.toLocaleString('en-US')} of {drawn.length.toLocaleString('en-US')} drawn
          {drawing.hidden && drawing.hidden.nodes > 0
            ? ` · +${drawing.hidden.nodes.toLocaleString('en-US')} more, ranked`
            : ''}
          {drawing.hidden && drawing.hidden.edges > 0
            ? ` · +${drawing.hidden.edges.toLocaleString('en-US')} weaker links`
            : ''}
        </span>
      </div>
      <div className="look-foot">
        <RelationFilter drawing={drawing} view={view} setView={setView} />
      </div>
    </section>
  )
}

type FilterProps = { readonly drawing: Drawing; readonly view: View; readonly setView: (view: View) => void }

function RoleFilter({ drawing, view, setView }: FilterProps) {
  const off = hiddenRoles(view)
  const counts = useMemo(() => Map.groupBy(drawing.nodes, (node) => node.role), [drawing])
  return (
    <fieldset className="chips">
      <legend className="hidden-text">Roles shown</legend>
      {DRAWN_ROLES.filter((role) => counts.has(role)).map((role) => (
        <button
          type="button"
          key={role}
          className="chip"
          aria-pressed={!off.has(role)}
          onClick={() => setView(withList(view, 'hide', role))}
        >
          <RoleMark role={role} /> <span className="num">{counts.get(role)?.length.toLocaleString('en-US')}</span>
        </button>
      ))}
      <span className="chip-note">
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
          <circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" strokeWidth="2" />
        </svg>
        Seed
      </span>
    </fieldset>
  )
}

function ProbabilityFilter({ view, setView }: Omit<FilterProps, 'drawing'>) {
  const { min: _, ...rest } = view
  return (
    <div className="threshold">
      <span className="small" id="threshold-label">
        At least <b className="num">{view.min ?? 0} %</b> sure
      </span>
      <Slider
        size="sm"
        w={96}
        min={0}
        max={99}
        label={null}
        thumbLabel="Least probability shown, in per cent"
        value={view.min ?? 0}
        onChange={(value) => setView(value === 0 ? rest : { ...rest, min: value })}
      />
    </div>
  )
}

function RelationFilter({ drawing, view, setView }: FilterProps) {
  const off = hiddenRelations(view)
  const counts = useMemo(() => [...Map.groupBy(drawing.edges, (edge) => edge.relation)], [drawing])
  return (
    <fieldset className="chips">
      <legend className="hidden-text">Links shown</legend>
      {counts.map(([relation, edges]) => {
        const { name, dash } = relationStyle(relation)
        return (
          <button
            type="button"
            key={relation}
            className="chip"
            aria-pressed={!off.has(relation)}
            onClick={() => setView(withList(view, 'off', relation))}
          >
            <svg width="20" height="8" aria-hidden="true" className={`line ${dash ? `line-${relation}` : ''}`}>
              <path d="M0 4h20" strokeWidth="2" />
            </svg>
            {name} <span className="num">{edges.length.toLocaleString('en-US')}</span>
          </button>
        )
      })}
    </fieldset>
  )
}

function withList(view: View, key: 'hide' | 'off', name: string): View {
  const { [key]: old, ...rest } = view
  const list = toggled(old, name)
  return list === undefined ? rest : { ...rest, [key]: list }
}

function describe(drawing: Drawing): string {
  const nodes = drawing.nodes.filter((node) => isDrawn(node.role)).map((node) => ({ size: 0, ...node }) as PlacedNode)
  const hidden = drawing.hidden ?? { nodes: 0, edges: 0, protected: 0 }
  return `${describeLayout({ nodes, edges: drawing.edges, hidden })} The table below holds the same accounts.`
}
