import { useQuery } from '@tanstack/react-query'
import { status } from '../api/queries.ts'
import type { Stage } from '../api/types.ts'
import { CheckIcon } from '../parts/icons.tsx'

/** What is still being prepared, stage by stage; gone when all is done. */
export function ProgressBanner() {
  const { data } = useQuery(status)
  const stages = data?.stages ?? []
  if (stages.length === 0 || stages.every((stage) => stage.finished)) return null
  return (
    <section className="card progress-banner" aria-label="Being prepared">
      <div className="row between wrap">
        <h2>Getting ready: {stages.find((stage) => !stage.finished)?.text}</h2>
        <span className="soft small">
          {stages.filter((stage) => stage.finished).length} of {stages.length} steps done; the screens fill as they
          finish
        </span>
      </div>
      <ol className="stages">
        {stages.map((stage) => (
          <StageLine key={stage.stage} stage={stage} />
        ))}
      </ol>
    </section>
  )
}

function StageLine({ stage }: { readonly stage: Stage }) {
  const { text, done, total, finished } = stage
  const started = finished || done > 0
  const share = finished ? 100 : total > 0 ? Math.round((done / total) * 100) : 0
  return (
    <li className={started ? '' : 'waiting'}>
      <span className="row between">
        <span className="row" style={{ gap: 6 }}>
          {finished ? <CheckIcon /> : null}
          {text}
        </span>
        <span className="soft small num">
          {finished ? 'done' : total > 0 ? `${done.toLocaleString('en-US')} / ${total.toLocaleString('en-US')}` : ''}
        </span>
      </span>
      <span
        className={`bar ${finished ? 'calm' : total === 0 && started ? 'waiting' : ''}`}
        role="progressbar"
        aria-label={text}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share}
      >
        <i style={{ width: total === 0 && !finished ? undefined : `${share}%` }} />
      </span>
    </li>
  )
}
