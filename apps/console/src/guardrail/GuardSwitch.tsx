import { Slider, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { guard, status, useGuard } from '../api/queries.ts'
import { Loading } from '../parts/Empty.tsx'
import { ShieldIcon } from '../parts/icons.tsx'
import { Problem } from '../parts/Problem.tsx'
import { useTelling } from '../parts/Toasts.tsx'
import { ago, plural } from '../parts/words.ts'

/** The switch, its threshold, and what the guard stands on just now. */
export function GuardSwitch() {
  const setting = useQuery(guard)
  const state = useQuery({ ...status, refetchInterval: 2_000 })
  const change = useGuard()
  const { tell } = useTelling()
  const [threshold, setThreshold] = useState(50)
  const saved = setting.data?.threshold
  useEffect(() => {
    if (saved !== undefined) setThreshold(Math.round(saved * 100))
  }, [saved])
  if (setting.error) return <Problem error={setting.error} retry={() => void setting.refetch()} />
  if (!setting.data || !state.data) return <Loading what="the guard" />
  const { on } = setting.data
  const { labels, snapshotAgeMs, policyVersion, failMode } = state.data.guard
  const put = (next: { on: boolean; threshold: number }) => {
    const before = setting.data
    change.mutate(next, {
      onSuccess: () =>
        tell(
          next.on === before.on
            ? `Threshold set to ${Math.round(next.threshold * 100)} %.`
            : `The guard is ${next.on ? 'on' : 'off'}.`,
          () => change.mutate({ on: before.on, threshold: before.threshold }),
        ),
    })
  }
  return (
    <section className="card pad guard-card" aria-label="Guard">
      <div className="row between">
        <h2 className="row" style={{ gap: 8 }}>
          <ShieldIcon /> Guard
        </h2>
        <span className={`badge ${on ? 'calm' : 'alert'}`}>{on ? 'on' : 'off'}</span>
      </div>
      <Switch
        size="md"
        checked={on}
        disabled={change.isPending}
        onChange={(event) => put({ on: event.currentTarget.checked, threshold: setting.data.threshold })}
        label={on ? 'Withholding labelled accounts' : 'Everything passes'}
        description="Answers every surface from memory"
      />
      <div className="stack tight">
        <span className="row between">
          <span>Withhold from</span>
          <b className="num">{threshold} % sure</b>
        </span>
        <Slider
          min={5}
          max={99}
          label={null}
          thumbLabel="Least probability at which an account is withheld, in per cent"
          value={threshold}
          onChange={setThreshold}
          onChangeEnd={(value) => put({ on, threshold: value / 100 })}
        />
        <p className="soft small">Lower withholds more, also of the harmless.</p>
      </div>
      {change.error ? <Problem error={change.error} /> : null}
      <dl className="facts">
        <dt>In force</dt>
        <dd className="num">{plural(labels, 'label')}</dd>
        <dt>Snapshot</dt>
        <dd>{ago(snapshotAgeMs)} old</dd>
        <dt>Policy</dt>
        <dd className="mono break">{policyVersion}</dd>
        <dt>If in doubt</dt>
        <dd>
          {failMode === 'closed' ? 'closed: recommends less' : failMode === 'open' ? 'open: lets pass' : failMode}
        </dd>
      </dl>
      {labels === 0 ? (
        <p className="soft small">
          No account is labelled yet. On the screen Network, “Stop recommending these” labels a network’s members.
        </p>
      ) : null}
    </section>
  )
}
