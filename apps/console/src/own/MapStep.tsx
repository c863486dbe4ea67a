import { useQuery } from '@tanstack/react-query'
import { status } from '../api/queries.ts'
import { NewNetworkForm } from '../network/NewNetwork.tsx'
import { plural } from '../parts/words.ts'

/** Step 2: seeds; opens the Network screen. */
export function MapStep() {
  const { data } = useQuery(status)
  const empty = data?.counts.edges === 0
  return (
    <section className="card pad stack wide" aria-labelledby="step-2">
      <h2 id="step-2">
        <span className="step-number">2</span> Map from seeds
      </h2>
      <p className="soft">
        {!data
          ? ' '
          : empty
            ? 'Nothing is imported yet: do step 1 first.'
            : `Over ${plural(data.counts.accounts, 'account')} and ${plural(data.counts.edges, 'link')}. “Stop recommending these” on the next screen labels the members, and undoes it.`}
      </p>
      <NewNetworkForm />
    </section>
  )
}
