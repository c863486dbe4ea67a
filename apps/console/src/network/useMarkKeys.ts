import { useEffect, useRef } from 'react'
import type { Mark } from '../api/types.ts'
import { isPlainKey } from '../keys.ts'

/** 1 to 4 mark the chosen account. */
export function useMarkKeys(marks: readonly { readonly mark: Mark }[], act: (mark: Mark) => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const chosen = /^[1-9]$/.test(event.key) ? marks[Number(event.key) - 1] : undefined
      if (chosen && isPlainKey(event)) latest.current(chosen.mark)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [marks])
}
