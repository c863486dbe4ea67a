import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { me, probe, probes, useProbe } from '../api/queries.ts'
import type { ProbeRun, ProbeSummary } from '../api/types.ts'
import { Empty, Loading } from '../parts/Empty.tsx'
import { ShieldIcon } from '../parts/icons.tsx'
import { Problem } from '../parts/Problem.tsx'
import { recommendersOf } from './arms.ts'
import { BeforeAfter } from './BeforeAfter.tsx'
import { Curve } from './Curve.tsx'
import { GuardSwitch } from './GuardSwitch.tsx'

/** Whether the recommender leads into the network, before and after the guard, measured by probes. */
export function GuardrailPage({ recommender }: { readonly recommender: string | null }) {
  const runs = useQuery(probes)
  const who = useQuery(me)
  const navigate = useNavigate()
  const start = useProbe()
  const list = recommendersOf(runs.data ?? [], who.data?.instance.demo ?? false)
  const chosen = list.find(({ name }) => name === recommender) ?? list[0]
  const mine = (runs.data ?? []).filter((run) => run.recommender === chosen?.name)
  const shown = mine.find((run) => run.status === 'done') ?? mine[0]
  const running = mine.find((run) => run.status === 'running')
  return (
    <>
      <div className="row between wrap">
        <div>
          <h1>Does the recommender lead into the network?</h1>
          <p className="soft">
            Probe accounts touch the network once, then refresh their recommendations ten times; twins touch something
            harmless instead.
          </p>
        </div>
        <div className="row wrap">
          {list.length > 1 && chosen ? (
            <SegmentedControl
              aria-label="Recommender"
              value={chosen.name}
              onChange={(name) => void navigate({ to: '/guardrail', search: { recommender: name }, replace: true })}
              data={list.map(({ name, text }) => ({ value: name, label: text }))}
            />
          ) : null}
          {chosen ? (
            <Button loading={start.isPending || running !== undefined} onClick={() => start.mutate(chosen.name)}>
              Start probes
            </Button>
          ) : null}
        </div>
      </div>
      {start.error ? <Problem error={start.error} /> : null}
      {runs.error ? <Problem error={runs.error} retry={() => void runs.refetch()} /> : null}
      {running ? <Running run={running} /> : null}
      <div className="guard-grid">
        <div className="stack wide" style={{ minWidth: 0 }}>
          {runs.isPending ? <Loading what="the probes" /> : null}
          {shown ? <RunCards key={shown.id} summary={shown} /> : null}
          {runs.data && !shown ? <NoRuns demo={who.data?.instance.demo ?? false} /> : null}
        </div>
        <GuardSwitch />
      </div>
    </>
  )
}

function RunCards({ summary }: { readonly summary: ProbeSummary }) {
  const run = useQuery(probe(summary.id))
  if (run.error) return <Problem error={run.error} retry={() => void run.refetch()} />
  if (!run.data) return <Loading what="the curve" />
  if (run.data.status === 'failed') return <Problem error={new Error(failureText(run.data))} />
  if (run.data.arms.length === 0)
    return (
      <section className="card">
        <Empty icon={<ShieldIcon size={40} />} title="The probes are out">
          <p className="soft">The curve is drawn as soon as the first of them are back.</p>
        </Empty>
      </section>
    )
  return (
    <>
      <BeforeAfter run={run.data} />
      <Curve run={run.data} />
    </>
  )
}

function failureText({ error }: ProbeRun): string {
  return typeof error === 'object' ? (error.detail ?? 'The probes failed.') : (error ?? 'The probes failed.')
}

function Running({ run }: { readonly run: ProbeSummary }) {
  const { data } = useQuery(probe(run.id))
  const progress = data?.progress
  const share = progress && progress.total > 0 ? Math.round((progress.done / progress.total) * 100) : null
  return (
    <section className="card progress-banner" aria-label="Probes running">
      <div className="row between">
        <strong>Probes are running</strong>
        <span className="soft small num">
          {progress
            ? `${progress.done.toLocaleString('en-US')} of ${progress.total.toLocaleString('en-US')} sessions`
            : ''}
        </span>
      </div>
      <span
        className={`bar ${share === null ? 'waiting' : ''}`}
        role="progressbar"
        aria-label="Probes running"
        aria-valuemin={0}
        aria-valuemax={100}
        {...(share === null ? {} : { 'aria-valuenow': share })}
      >
        <i style={share === null ? {} : { width: `${share}%` }} />
      </span>
    </section>
  )
}

function NoRuns({ demo }: { readonly demo: boolean }) {
  return (
    <section className="card">
      <Empty icon={<ShieldIcon size={40} />} title="No probes yet">
        {demo ? (
          <p className="soft">Start probes to see where the recommender leads, with and without the guard.</p>
        ) : (
          <p className="soft">
            Probes ask <em>your</em> recommender, before and behind the guard. Under “Your own data” you find the key,
            the call that guards it, and the command that measures it.
          </p>
        )}
      </Empty>
    </section>
  )
}
