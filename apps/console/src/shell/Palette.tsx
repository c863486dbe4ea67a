import { percent } from '@firebreak/drawing/roles'
import { TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useMemo, useState } from 'react'
import { networks } from '../api/queries.ts'
import type { NetworkDocument } from '../api/types.ts'
import { Dialog } from '../parts/Dialog.tsx'

interface Place {
  readonly key: string
  readonly text: string
  readonly note: string
  readonly go: () => void
}

/** Takes any account id and says where it stands in the networks that are open; also goes to networks and screens. */
export function Palette({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  return (
    <Dialog opened={opened} close={close} title="Go to …" size="lg">
      {opened ? <PaletteBody close={close} /> : null}
    </Dialog>
  )
}

function PaletteBody({ close }: { readonly close: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const listId = useId()
  const places = usePlaces(text.trim())
  const chosen = Math.min(at, places.length - 1)
  const go = (place: Place | undefined) => {
    if (!place) return
    close()
    place.go()
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setAt((chosen + (event.key === 'ArrowDown' ? 1 : places.length - 1)) % Math.max(1, places.length))
    }
    if (event.key === 'Enter') go(places[chosen])
  }
  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-label="Account id, network or screen"
        aria-expanded={places.length > 0}
        aria-controls={listId}
        aria-activedescendant={places.length > 0 ? `${listId}-${chosen}` : undefined}
        placeholder="Paste any account id, or type a network’s name"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" id={listId} role="listbox" aria-label="Places">
        {places.map((place, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text field above takes the arrows and Enter
          <div
            key={place.key}
            id={`${listId}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            onClick={() => go(place)}
          >
            <span className="break">{place.text}</span>
            <span className="soft small">{place.note}</span>
          </div>
        ))}
      </div>
      {places.length === 0 ? (
        <p className="soft" style={{ padding: '12px 4px' }}>
          Nothing by that name is ranked in an open network. Map it as a seed to find out what it is connected to.
        </p>
      ) : null}
    </>
  )
}

function usePlaces(text: string): Place[] {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { data: list = [] } = useQuery(networks)
  return useMemo(() => {
    const words = text.toLowerCase()
    const known = client.getQueriesData<NetworkDocument>({ queryKey: ['network'] }).flatMap(([, data]) => data ?? [])
    const accounts: Place[] = words === '' ? [] : known.flatMap((network) => accountsIn(network, words, navigate))
    const screens: Place[] = [
      { key: 's-network', text: 'Network', note: 'screen', go: () => void navigate({ to: '/network' }) },
      { key: 's-guardrail', text: 'Guardrail', note: 'screen', go: () => void navigate({ to: '/guardrail' }) },
      { key: 's-own', text: 'Your own data', note: 'screen', go: () => void navigate({ to: '/own-data' }) },
    ]
    const named: Place[] = list.map(({ id, name }) => ({
      key: `n-${id}`,
      text: name,
      note: 'network',
      go: () => void navigate({ to: '/network/$id', params: { id }, search: {} }),
    }))
    return [...accounts, ...[...named, ...screens].filter((place) => place.text.toLowerCase().includes(words))].slice(
      0,
      40,
    )
  }, [text, client, navigate, list])
}

function accountsIn(network: NetworkDocument, words: string, navigate: ReturnType<typeof useNavigate>): Place[] {
  const place = (account: string, note: string): Place => ({
    key: `${network.id} ${account}`,
    text: account,
    note: `${note} · ${network.name}`,
    go: () => void navigate({ to: '/network/$id', params: { id: network.id }, search: { sel: account } }),
  })
  const seeds = (network.map?.seeds ?? []).filter((seed) => seed.account.toLowerCase().includes(words))
  const ranked = (network.map?.accounts ?? [])
    .filter((row) => row.role !== 'likely-victim' && row.account.toLowerCase().includes(words))
    .slice(0, 20)
  return [
    ...seeds.map((seed) => place(seed.account, 'seed')),
    ...ranked.map((row) => place(row.account, `${row.role}, ${percent(row.probability)}`)),
  ]
}
