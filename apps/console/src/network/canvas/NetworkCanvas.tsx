import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Drawing } from '../../api/types.ts'
import type { View } from '../view.ts'
import { LOOKS, openPicture, type Picture } from './picture.ts'
import { StillPicture } from './StillPicture.tsx'

interface Props {
  readonly drawing: Drawing
  readonly view: View
  /** What the picture shows, in a sentence; the table below is its equal. */
  readonly description: string
  readonly onSelect: (account: string | null) => void
}

export function NetworkCanvas({ drawing, view, description, onSelect }: Props) {
  const scheme = useComputedColorScheme('light')
  const container = useRef<HTMLDivElement>(null)
  const picture = useRef<Picture | null>(null)
  const latest = useRef({ view, onSelect })
  latest.current = { view, onSelect }
  const [flat, setFlat] = useState(false)

  useEffect(() => {
    if (!container.current || flat) return
    try {
      picture.current = openPicture(container.current, drawing, LOOKS[scheme], (account) =>
        latest.current.onSelect(account),
      )
      picture.current.show(latest.current.view)
    } catch (error) {
      // Without WebGL: the same places, as a still picture.
      console.warn('Firebreak: no WebGL canvas, drawing a still picture instead.', error)
      setFlat(true)
    }
    return () => {
      picture.current?.close()
      picture.current = null
    }
  }, [drawing, scheme, flat])

  useEffect(() => picture.current?.show(view), [view])

  if (flat) return <StillPicture drawing={drawing} description={description} scheme={scheme} />
  return (
    <>
      <div className="canvas" ref={container} role="img" aria-label={description} data-testid="canvas" />
      <div className="zoom">
        <button type="button" aria-label="Zoom in" onClick={() => picture.current?.zoom('in')}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => picture.current?.zoom('out')}>
          −
        </button>
        <button type="button" aria-label="Show all" onClick={() => picture.current?.zoom('all')}>
          ⤢
        </button>
      </div>
    </>
  )
}
