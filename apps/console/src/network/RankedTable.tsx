// biome-ignore-all lint/a11y/useSemanticElements: rows are placed one by one, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself takes the focus and names its active row
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { Probability } from '../parts/Probability.tsx'
import { RoleMark } from '../parts/RoleMark.tsx'
import { useRowKeys } from './useRowKeys.ts'
import type { Row } from './view.ts'

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic, alphanumeric: sortFn_alphanumeric },
})
const helper = createColumnHelper<typeof features, Row>()
const columns = helper.columns([
  helper.accessor('rank', { header: 'Rank', sortFn: 'basic' }),
  helper.accessor('account', {
    header: 'Account',
    sortFn: 'alphanumeric',
    cell: ({ getValue }) => <bdi>{getValue()}</bdi>,
  }),
  helper.accessor('probability', {
    header: 'Probability',
    sortFn: 'basic',
    sortDescFirst: true,
    cell: ({ getValue }) => <Probability value={getValue()} />,
  }),
  helper.accessor('role', {
    header: 'Role',
    sortFn: 'alphanumeric',
    cell: ({ getValue }) => <RoleMark role={getValue()} />,
  }),
  helper.accessor('sentence', { header: 'Why it is here', enableSorting: false }),
])

interface Props {
  readonly rows: readonly Row[]
  /** Rows that the filters above hide. */
  readonly hidden: number
  readonly listed: number
  readonly total: number
  readonly isNetwork: boolean
  /** Likely victims: counted, never listed. */
  readonly protectedCount: number
  readonly selected: string | null
  readonly select: (account: string | null) => void
}

/** The picture's equal: every listed account, sortable, searchable, walked with j and k. */
export function RankedTable({ rows, hidden, listed, total, isNetwork, protectedCount, selected, select }: Props) {
  const [search, setSearch] = useState('')
  const words = useDeferredValue(search.trim().toLowerCase())
  const data = useMemo(
    () =>
      words === '' ? [...rows] : rows.filter((row) => `${row.account} ${row.sentence}`.toLowerCase().includes(words)),
    [rows, words],
  )
  const table = useTable({ features, columns, data, getRowId: (row) => row.account })
  const sorted = table.getRowModel().rows
  const frame = useRef<HTMLDivElement>(null)
  const searchBox = useRef<HTMLInputElement>(null)
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 38,
    overscan: 12,
    getItemKey: (i) => sorted[i]?.id ?? i,
  })
  const ids = useMemo(() => sorted.map((row) => row.id), [sorted])
  const [active, setActive] = useRowKeys({ ids, selected, select, focusSearch: () => searchBox.current?.focus() })
  const at = active === null ? -1 : ids.indexOf(active)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])

  return (
    <section className="card ranked" aria-label="Ranked accounts">
      <div className="row between wrap ranked-head">
        <div>
          <h2>Ranked accounts</h2>
          <p className="soft small num">
            {sorted.length.toLocaleString('en-US')} shown
            {hidden > 0 ? `, ${hidden.toLocaleString('en-US')} hidden by the filters` : ''}
            {total > listed ? ` · +${(total - listed).toLocaleString('en-US')} more, ranked` : ''}
            {isNetwork ? '' : ' · nobody is inside the cut'}
            {protectedCount > 0 ? ` · ${protectedCount.toLocaleString('en-US')} protected, never listed` : ''}
          </p>
        </div>
        <input
          ref={searchBox}
          type="search"
          className="search-box"
          aria-label="Search accounts and evidence"
          placeholder="Search accounts and evidence ( / )"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      <div
        className="grid"
        ref={frame}
        role="grid"
        aria-label="Ranked accounts"
        aria-rowcount={sorted.length + 1}
        aria-activedescendant={at >= 0 ? `row-${at}` : undefined}
        tabIndex={0}
      >
        <div role="rowgroup" className="grid-head">
          {table.getHeaderGroups().map((group) => (
            <div role="row" key={group.id} className="grid-row" aria-rowindex={1}>
              {group.headers.map((header) => (
                <HeaderCell
                  key={header.id}
                  title={String(header.column.columnDef.header)}
                  sorted={header.column.getIsSorted()}
                  toggle={header.column.getCanSort() ? header.column.getToggleSortingHandler() : undefined}
                />
              ))}
            </div>
          ))}
        </div>
        <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = sorted[item.index]
            if (!row) return null
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: j, k and Enter act on the grid itself
              <div
                role="row"
                tabIndex={-1}
                id={`row-${item.index}`}
                key={item.key}
                aria-rowindex={item.index + 2}
                aria-selected={row.id === selected}
                className={`grid-row ${row.id === active ? 'active' : ''} ${row.original.member ? '' : 'outside'}`}
                style={{ transform: `translateY(${item.start}px)`, height: item.size }}
                onClick={() => {
                  setActive(row.id)
                  select(row.id)
                }}
              >
                {row.getAllCells().map((cell) => (
                  <span role="gridcell" key={cell.id} className={`cell cell-${cell.column.id}`}>
                    <table.FlexRender cell={cell} />
                  </span>
                ))}
              </div>
            )
          })}
        </div>
      </div>
      {sorted.length === 0 ? (
        <p className="soft pad">
          {words === ''
            ? 'No account to list with these filters.'
            : 'Nothing matches. Clear the search, or show more roles above.'}
        </p>
      ) : null}
    </section>
  )
}

function HeaderCell({
  title,
  sorted,
  toggle,
}: {
  readonly title: string
  readonly sorted: false | 'asc' | 'desc'
  readonly toggle: ((event: unknown) => void) | undefined
}) {
  const direction = sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'
  return (
    <span role="columnheader" className="cell" aria-sort={toggle ? direction : undefined}>
      {toggle ? (
        <button type="button" className="plain" onClick={toggle}>
          {title} <span aria-hidden="true">{sorted === 'asc' ? '↑' : sorted === 'desc' ? '↓' : ''}</span>
        </button>
      ) : (
        title
      )}
    </span>
  )
}
