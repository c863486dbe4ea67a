import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { isPlainKey } from '../keys.ts'

/** Ctrl-K anywhere; `?` and the two-letter journeys (g, then n, g or o) outside of inputs and dialogs. */
export function useGlobalKeys(open: (dialog: 'keys' | 'palette') => void): void {
  const navigate = useNavigate()
  const journey = useRef(0)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        open('palette')
        return
      }
      if (!isPlainKey(event)) return
      if (event.key === '?') return open('keys')
      const going = Date.now() - journey.current < 1_500
      journey.current = 0
      if (going && event.key === 'n') return void navigate({ to: '/network' })
      if (going && event.key === 'g') return void navigate({ to: '/guardrail' })
      if (going && event.key === 'o') return void navigate({ to: '/own-data' })
      if (event.key === 'g') journey.current = Date.now()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, open])
}
