import { useEffect, useRef, useState } from 'react'
import { isPlainKey } from '../keys.ts'

interface Options {
  readonly ids: readonly string[]
  readonly selected: string | null
  readonly select: (id: string | null) => void
  readonly focusSearch: () => void
}

/** j and k (or the arrows, in the table) walk, Enter chooses, Escape lets go, / searches. */
export function useRowKeys(options: Options): [string | null, (id: string | null) => void] {
  const [active, setActive] = useState<string | null>(options.selected)
  const latest = useRef({ ...options, active })
  latest.current = { ...options, active }
  useEffect(() => setActive(options.selected), [options.selected])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isPlainKey(event)) return
      const { ids, selected, select, active, focusSearch } = latest.current
      const target = event.target as HTMLElement
      const inGrid = target.closest('[role=grid]') !== null
      const step = stepOf(event.key, inGrid)
      if (step !== 0) {
        event.preventDefault()
        const at = active === null ? -1 : ids.indexOf(active)
        const next = ids[Math.max(0, Math.min(ids.length - 1, at + step))]
        if (next === undefined) return
        setActive(next)
        if (selected !== null && selected !== next) select(next)
      } else if (event.key === 'Enter' && active !== null && !target.closest('button, a, summary')) {
        if (active !== selected) select(active)
      } else if (event.key === 'Escape' && selected !== null) {
        select(null)
      } else if (event.key === '/') {
        event.preventDefault()
        focusSearch()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return [active, setActive]
}

function stepOf(key: string, inGrid: boolean): -1 | 0 | 1 {
  if (key === 'j' || (inGrid && key === 'ArrowDown')) return 1
  if (key === 'k' || (inGrid && key === 'ArrowUp')) return -1
  return 0
}
