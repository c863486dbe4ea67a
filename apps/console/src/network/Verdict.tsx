import { percent } from '@firebreak/drawing/roles'
import type { MappedNetwork, NetworkDocument } from '../api/types.ts'
import { NetworkIcon, NoNetworkIcon, WarnIcon } from '../parts/icons.tsx'
import { Figure } from '../parts/Probability.tsx'
import { plural, share } from '../parts/words.ts'
import { LabelAction } from './LabelAction.tsx'
import type { Row } from './view.ts'

interface Props {
  readonly document: NetworkDocument
  readonly map: MappedNetwork
  readonly rows: readonly Row[]
}

/** The answer in one look: network or not, why, how sure, how big, and what to do about it. */
export function Verdict({ document, map, rows }: Props) {
  const members = rows.filter((row) => row.member).length
  const misfits = map.isNetwork ? map.seeds.filter((seed) => seed.known && !seed.fits) : []
  const unknown = map.seeds.filter((seed) => !seed.known)
  const { truth } = document
  return (
    <section className={`card verdict ${map.isNetwork ? 'is-network' : 'no-network'}`} aria-label="Answer">
      <div className="verdict-icon">{map.isNetwork ? <NetworkIcon size={34} /> : <NoNetworkIcon size={34} />}</div>
      <div className="verdict-text">
        <p className="soft small break">{document.name}</p>
        <h1>
          {map.isNetwork
            ? `A network of ${plural(members, 'account')}, from ${plural(map.seeds.length, 'seed')}`
            : 'Not a network'}
        </h1>
        <p className="break">{map.reason}</p>
        {misfits.length > 0 ? (
          <p className="warn-line">
            <WarnIcon size={15} /> {misfits.map((seed) => seed.account).join(', ')}{' '}
            {misfits.length === 1 ? 'does not fit the other seeds.' : 'do not fit the other seeds.'}
          </p>
        ) : null}
        {unknown.length > 0 ? (
          <p className="warn-line">
            <WarnIcon size={15} /> Not in the data: {unknown.map((seed) => seed.account).join(', ')}.
          </p>
        ) : null}
        <div className="figures">
          <Figure value={percent(map.networkProbability)} text="sure that it is a network" />
          {map.isNetwork ? <Figure value={members.toLocaleString('en-US')} text="members found" /> : null}
          {map.isNetwork ? (
            <Figure
              value={map.audienceCount.toLocaleString('en-US')}
              text="audience: left alone"
              title="They follow the network and are not followed back: not members."
            />
          ) : null}
          {truth && map.isNetwork ? (
            <fieldset className="truth" title="Only the demo knows who was planted. The engine never sees it.">
              <legend>Checked against the planted truth</legend>
              <Figure value={share(truth.precision)} text="precision" />
              <Figure value={share(truth.recall)} text={`recall (${truth.found} of ${truth.positives})`} />
              <Figure value={String(truth.victimsInCut)} text="victims in the cut" />
            </fieldset>
          ) : null}
        </div>
      </div>
      {map.isNetwork || document.labels ? <LabelAction document={document} rows={rows} /> : null}
    </section>
  )
}
