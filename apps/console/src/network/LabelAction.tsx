import { Button } from '@mantine/core'
import { useState } from 'react'
import { useLabels } from '../api/queries.ts'
import type { NetworkDocument } from '../api/types.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { ShieldIcon } from '../parts/icons.tsx'
import { Problem } from '../parts/Problem.tsx'
import { useTelling } from '../parts/Toasts.tsx'
import { day, plural } from '../parts/words.ts'
import type { Row } from './view.ts'

/** Outside the cut, the server labels accounts from this probability on. */
const NEAR_FROM = 0.01

/** Previewed, expiring, reversible: the one act of this screen. */
export function LabelAction({ document, rows }: { readonly document: NetworkDocument; readonly rows: readonly Row[] }) {
  const members = rows.filter((row) => row.member).length
  const near = rows.filter((row) => !row.member && row.probability >= NEAR_FROM).length
  const [asking, setAsking] = useState(false)
  const labels = useLabels(document.id)
  const { tell } = useTelling()
  const active = document.labels && document.labels.active > 0 ? document.labels : null
  const undo = () =>
    labels.mutate(false, {
      onSuccess: ({ count }) => tell(`${plural(count, 'label')} taken back: they can be recommended again.`),
    })
  const apply = () =>
    labels.mutate(true, {
      onSuccess: ({ count }) => {
        setAsking(false)
        tell(`${plural(count, 'label')} applied for 30 days.`, undo)
      },
    })
  return (
    <div className="verdict-action">
      {active ? (
        <>
          <span className="badge calm">
            <ShieldIcon size={14} /> Not recommended
          </span>
          <p className="small">
            {plural(active.active, 'label')} until {day(active.expiresAt)}
          </p>
          <Button variant="default" size="sm" loading={labels.isPending} onClick={undo}>
            Undo: recommend again
          </Button>
        </>
      ) : (
        <>
          <Button size="md" leftSection={<ShieldIcon />} loading={labels.isPending} onClick={() => setAsking(true)}>
            Stop recommending these
          </Button>
          <p className="soft small">{plural(members, 'member')} · 30 days · can be undone</p>
        </>
      )}
      {labels.error ? <Problem error={labels.error} /> : null}
      <Dialog opened={asking} close={() => setAsking(false)} title={`Stop recommending ${plural(members, 'member')}?`}>
        <div className="stack wide">
          <ul className="preview">
            <li>
              <strong>{plural(members, 'member')}</strong> and the seeds that fit get a label: while the guard is on, no
              surface suggests them. People who know them still find them.
            </li>
            {near > 0 ? (
              <li>
                <strong>At least {plural(near, 'less certain account')}</strong> get a weaker one: withheld only from
                viewers who were already in contact with the network. Likely victims get the weakest of these too, so
                that the network’s contacts are not led to them.
              </li>
            ) : null}
            <li>
              The labels <strong>expire in 30 days</strong> without new evidence, and one click takes all of them back.
            </li>
            <li>Nobody is suspended or told off: that needs a person who weighs the evidence.</li>
          </ul>
          <div className="row">
            <Button onClick={apply} loading={labels.isPending} data-autofocus>
              Stop recommending them
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>
              Cancel
            </Button>
          </div>
        </div>
      </Dialog>
    </div>
  )
}
