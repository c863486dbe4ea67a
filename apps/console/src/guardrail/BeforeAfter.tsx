import type { Interval, ProbeRun } from '../api/types.ts'
import { interval, share } from '../parts/words.ts'
import { curvesOf, emptied, reduction } from './arms.ts'

/** The one figure of this screen, said in words and numbers. */
export function BeforeAfter({ run }: { readonly run: ProbeRun }) {
  const { before, after } = curvesOf(run)
  const empty = emptied(curvesOf(run))
  // An empty list leads nowhere: a fall that comes from leaving lists empty is not called a better recommendation.
  const less = empty > 0.005 ? `${share(empty)} of the places are left empty` : reduction(before?.total, after?.total)
  return (
    <section className="card before-after" aria-label="Before and after the guard">
      <Side title="Without the guard" tone="alert" value={before?.total} />
      <div className="arrow">
        <svg
          aria-hidden="true"
          width="56"
          height="20"
          viewBox="0 0 56 20"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
        >
          <path d="M2 10h50M45 3l8 7-8 7" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      </div>
      <Side title="With the guard" tone="calm" value={after?.total} {...(less ? { note: less } : {})} />
      <div className="withheld">
        <h2>Harmless accounts withheld</h2>
        {run.benignWithheld ? (
          <>
            <b className="num">{share(run.benignWithheld.share)}</b>
            <p className="soft small num">95 % interval {interval(run.benignWithheld)}</p>
          </>
        ) : (
          <p className="soft">not measured in this run</p>
        )}
        {run.benignWithheldAfterContact ? (
          <p className="soft small num">
            {share(run.benignWithheldAfterContact.share)} for viewers in contact with the network
          </p>
        ) : null}
        <p className="soft small">the price of the guard, paid by people who did nothing</p>
      </div>
    </section>
  )
}

function Side({
  title,
  tone,
  value,
  note,
}: {
  readonly title: string
  readonly tone: 'alert' | 'calm'
  readonly value: Interval | undefined
  readonly note?: string
}) {
  return (
    <div className={`side-figure ${tone}`}>
      <h2>{title}</h2>
      {value ? (
        <>
          <b className="num">{share(value.share)}</b>
          <p className="soft small num">95 % interval {interval(value)}</p>
        </>
      ) : (
        <p className="soft">not measured</p>
      )}
      <p className="small">of recommended accounts are in the network{note ? `: ${note}` : ''}</p>
    </div>
  )
}
