import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { isPlainKey } from '../keys.ts'

interface Toast {
  readonly id: number
  readonly text: string
  readonly undo?: () => void
}

interface Telling {
  /** Says what was done; with `undo`, offers to take it back (button, or the key z) for 12 seconds. */
  readonly tell: (text: string, undo?: () => void) => void
}

const Context = createContext<Telling>({ tell: () => {} })

export const useTelling = (): Telling => useContext(Context)

export function Toasts({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const next = useRef(0)
  const drop = useCallback((id: number) => setToasts((old) => old.filter((toast) => toast.id !== id)), [])
  const tell = useCallback(
    (text: string, undo?: () => void) => {
      const id = next.current++
      setToasts([undo ? { id, text, undo } : { id, text }])
      setTimeout(() => drop(id), 12_000)
    },
    [drop],
  )
  const telling = useMemo(() => ({ tell }), [tell])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'z' || !isPlainKey(event)) return
      const last = toasts.findLast((toast) => toast.undo)
      if (!last) return
      last.undo?.()
      drop(last.id)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [toasts, drop])

  return (
    <Context value={telling}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, text, undo }) => (
          <div className="toast" key={id}>
            {text}
            {undo ? (
              <button
                type="button"
                onClick={() => {
                  undo()
                  drop(id)
                }}
              >
                Undo (z)
              </button>
            ) : null}
          </div>
        ))}
      </div>
    </Context>
  )
}
