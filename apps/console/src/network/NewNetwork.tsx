import { Button, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type NewNetwork, useMapNetwork } from '../api/queries.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { DiceIcon, NetworkIcon } from '../parts/icons.tsx'
import { Problem } from '../parts/Problem.tsx'
import { idsIn, plural } from '../parts/words.ts'

export function NewNetworkDialog({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  return (
    <Dialog opened={opened} close={close} title="Map a network" size="lg">
      <NewNetworkForm done={close} />
    </Dialog>
  )
}

const LAST_DRAW = 2_147_483_647

/** Seeds in, network out; also the counter-test with random seeds. */
export function NewNetworkForm({ done }: { readonly done?: () => void }) {
  const [seeds, setSeeds] = useState('')
  const [benign, setBenign] = useState('')
  const [name, setName] = useState('')
  const [draw, setDraw] = useState('')
  const navigate = useNavigate()
  const mapping = useMapNetwork()
  const chosen = idsIn(seeds)
  const start = (query: NewNetwork) =>
    mapping.mutate(query, {
      onSuccess: ({ id }) => {
        done?.()
        void navigate({ to: '/network/$id', params: { id }, search: {} })
      },
    })
  return (
    <form
      className="stack wide"
      onSubmit={(event) => {
        event.preventDefault()
        const trusted = idsIn(benign)
        start({
          seeds: chosen,
          ...(trusted.length > 0 ? { benign: trusted } : {}),
          ...(name.trim() === '' ? {} : { name: name.trim() }),
        })
      }}
    >
      <Textarea
        data-autofocus
        label="Seeds"
        description="Account ids that belong together, one a line. Three to ten are best; one is enough."
        placeholder={'acct-0412\nacct-1187\nacct-2093'}
        minRows={4}
        rows={4}
        className="ids"
        value={seeds}
        onChange={(event) => setSeeds(event.currentTarget.value)}
      />
      <Textarea
        label="Trusted accounts (optional)"
        description="Well-known harmless accounts near the seeds: whatever is as close to them is discounted."
        rows={2}
        className="ids"
        value={benign}
        onChange={(event) => setBenign(event.currentTarget.value)}
      />
      <TextInput
        label="Name (optional)"
        placeholder="Paper lantern, November"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {mapping.error ? <Problem error={mapping.error} /> : null}
      <div className="row between wrap">
        <Button
          type="submit"
          disabled={chosen.length === 0}
          loading={mapping.isPending}
          leftSection={<NetworkIcon size={16} />}
        >
          {chosen.length === 0 ? 'Map the network' : `Map from ${plural(chosen.length, 'seed')}`}
        </Button>
        <div className="row">
          <TextInput
            aria-label="Number of the draw (optional): the same number draws the same accounts again"
            title="The same number draws the same accounts again"
            placeholder="draw"
            type="number"
            min={0}
            max={LAST_DRAW}
            w={92}
            value={draw}
            onChange={(event) => setDraw(event.currentTarget.value)}
          />
          <Button
            variant="default"
            leftSection={<DiceIcon />}
            disabled={mapping.isPending || !isDraw(draw)}
            onClick={() => start({ randomSeeds: 3, ...(draw === '' ? {} : { draw: Number(draw) }) })}
            title="The counter-test: accounts drawn at random should not be a network"
          >
            Try 3 random seeds
          </Button>
        </div>
      </div>
    </form>
  )
}

/** Nothing, or a whole number that the server draws by. */
function isDraw(text: string): boolean {
  return text === '' || (/^\d+$/.test(text) && Number(text) <= LAST_DRAW)
}
