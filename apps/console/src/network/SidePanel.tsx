import { percent, relationStyle } from '@firebreak/drawing/roles'
import { Fragment } from 'react'
import { useMark } from '../api/queries.ts'
import type { EvidencePath, MappedNetwork, Mark, NetworkDocument, Seed } from '../api/types.ts'
import { Probability } from '../parts/Probability.tsx'
import { Problem } from '../parts/Problem.tsx'
import { RoleMark } from '../parts/RoleMark.tsx'
import { useTelling } from '../parts/Toasts.tsx'
import { useMarkKeys } from './useMarkKeys.ts'
import type { Row, View } from './view.ts'

interface Props {
  readonly document: NetworkDocument
  readonly map: MappedNetwork
  readonly rows: readonly Row[]
  readonly view: View
  readonly select: (account: string | null) => void
}

/** Beside the picture: why the chosen account is in; with none chosen, the seeds. */
export function SidePanel({ document, map, rows, view, select }: Props) {
  const row = rows.find(({ account }) => account === view.sel)
  const seed = map.seeds.find(({ account }) => account === view.sel)
  return (
    <section className="card side" aria-live="polite" aria-label="Why is this in?">
      {row && !seed ? <Evidence document={document} row={row} select={select} /> : null}
      {seed ? <SeedEvidence seed={seed} row={row} select={select} /> : null}
      {view.sel && !row && !seed ? (
        <div className="stack">
          <PanelHead account={view.sel} select={select} />
          <p className="soft">
            This account is not ranked in this network. Its filters may hide it, or it is protected.
          </p>
        </div>
      ) : null}
      {view.sel ? null : <Seeds seeds={map.seeds} select={select} />}
    </section>
  )
}

function PanelHead({ account, select }: { readonly account: string; readonly select: Props['select'] }) {
  return (
    <div className="row between top">
      <h2 className="break">
        <bdi>{account}</bdi>
      </h2>
      <button type="button" className="link small" onClick={() => select(null)}>
        Close (Esc)
      </button>
    </div>
  )
}

function Seeds({ seeds, select }: { readonly seeds: readonly Seed[]; readonly select: Props['select'] }) {
  return (
    <div className="stack">
      <div>
        <h2>Seeds</h2>
        <p className="soft small">How well each one fits the others</p>
      </div>
      <ul className="seeds">
        {seeds.map((seed) => (
          <li key={seed.account}>
            <button type="button" className="link break" onClick={() => select(seed.account)} disabled={!seed.known}>
              <bdi>{seed.account}</bdi>
            </button>
            {seed.known ? <Probability value={seed.fit} /> : null}
            <SeedState seed={seed} />
          </li>
        ))}
      </ul>
      <div className="hint">
        <h3>Why is this in?</h3>
        <p className="soft">
          Choose an account in the picture or the table (<kbd>j</kbd> <kbd>k</kbd>) to see the paths that lead to it.
        </p>
      </div>
    </div>
  )
}

function SeedState({ seed }: { readonly seed: Seed }) {
  if (!seed.known) return <span className="badge alert">not in the data</span>
  return seed.fits ? <span className="badge calm">fits</span> : <span className="badge alert">does not fit</span>
}

function SeedEvidence({
  seed,
  row,
  select,
}: {
  readonly seed: Seed
  readonly row: Row | undefined
  readonly select: Props['select']
}) {
  return (
    <div className="stack">
      <PanelHead account={seed.account} select={select} />
      <div className="row wrap">
        <span className="badge">Seed</span>
        {row ? <RoleMark role={row.role} /> : null}
        <SeedState seed={seed} />
      </div>
      <p>
        {seed.fits
          ? `You gave this account; the other seeds lead to it (fit ${percent(seed.fit)}).`
          : `You gave this account, but the other seeds do not lead to it (fit ${percent(seed.fit)}). Look at it again before you trust the map, or leave it out.`}
      </p>
    </div>
  )
}

function Evidence({
  document,
  row,
  select,
}: {
  readonly document: NetworkDocument
  readonly row: Row
  readonly select: Props['select']
}) {
  return (
    <div className="stack">
      <PanelHead account={row.account} select={select} />
      <div className="row wrap">
        <RoleMark role={row.role} />
        <span className={row.member ? 'badge alert' : 'badge'}>
          {row.member ? 'inside the cut' : 'outside the cut'}
        </span>
        <span className="soft small">rank {row.rank.toLocaleString('en-US')}</span>
      </div>
      <div className="row wrap">
        <Probability value={row.probability} />
        <span className="soft small">member, if the seeds are</span>
      </div>
      <div>
        <h3>Why is this in?</h3>
        <p className="break">{asSentence(row.sentence)}</p>
      </div>
      {row.evidence.length > 0 ? (
        <ol className="paths">
          {row.evidence.map((path) => (
            <Path
              key={`${path.seed} ${path.via} ${path.relations.join()}`}
              from={row.account}
              path={path}
              select={select}
            />
          ))}
        </ol>
      ) : null}
      <Marks document={document} row={row} select={select} />
    </div>
  )
}

/** The engine leaves the subject away; here it starts a sentence. */
function asSentence(text: string): string {
  if (text === '' || /^[A-Z]/.test(text)) return text
  return `This account ${text}${text.endsWith('.') ? '' : '.'}`
}

/** One way from the account to a seed, step by step. */
function Path({
  from,
  path,
  select,
}: {
  readonly from: string
  readonly path: EvidencePath
  readonly select: Props['select']
}) {
  const stops = path.via === null ? [from, path.seed] : [from, path.via, path.seed]
  return (
    <li>
      {stops.map((stop, i) => (
        <Fragment key={stop}>
          {i > 0 ? <Step relation={path.relations[i - 1] ?? path.relations.at(-1) ?? 'follow'} /> : null}
          {i === 0 ? (
            <bdi className="stop own">{stop}</bdi>
          ) : (
            <button type="button" className="stop" onClick={() => select(stop)}>
              <bdi>{stop}</bdi>
            </button>
          )}
        </Fragment>
      ))}
    </li>
  )
}

/** A relation between two stops: `<` the right one acted, `=` both did, `+` both are tied to one thing. */
function Step({ relation }: { readonly relation: string }) {
  const sign = /^[<=+]/.exec(relation)?.[0] ?? ''
  const { name } = relationStyle(relation.slice(sign.length))
  if (sign === '+') return <span className="step">– {name} –</span>
  return (
    <span className="step">
      {sign === '' ? '' : '← '}
      {name}
      {sign === '<' ? '' : ' →'}
    </span>
  )
}

const MARKS: readonly { readonly mark: Mark; readonly text: string }[] = [
  { mark: 'member', text: 'Member' },
  { mark: 'bystander', text: 'Bystander' },
  { mark: 'victim', text: 'Victim' },
  { mark: 'unsure', text: 'Unsure' },
]

function Marks({
  document,
  row,
  select,
}: {
  readonly document: NetworkDocument
  readonly row: Row
  readonly select: Props['select']
}) {
  const marking = useMark(document.id)
  const { tell } = useTelling()
  const before = document.marks?.[row.account] ?? 'unsure'
  const mark = (to: Mark) =>
    marking.mutate(
      { account: row.account, mark: to },
      {
        onSuccess: () => {
          const text =
            to === 'victim' ? 'Protected: no longer listed or drawn.' : `Marked as ${to}; everybody else is re-ranked.`
          tell(text, () => marking.mutate({ account: row.account, mark: before }))
          if (to === 'victim') select(null)
        },
      },
    )
  useMarkKeys(MARKS, mark)
  return (
    <div className="marks">
      <h3>Your judgement</h3>
      <div className="row wrap" style={{ gap: 6 }}>
        {MARKS.map(({ mark: name, text }, i) => (
          <button
            type="button"
            key={name}
            className="chip"
            aria-pressed={document.marks?.[row.account] === name}
            disabled={marking.isPending}
            onClick={() => mark(name)}
          >
            <kbd>{i + 1}</kbd> {text}
          </button>
        ))}
      </div>
      {marking.error ? <Problem error={marking.error} /> : null}
    </div>
  )
}
