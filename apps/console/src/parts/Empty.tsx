import { Loader } from '@mantine/core'
import type { ReactNode } from 'react'

/** Nothing here yet: what it would be, and the way to get it. */
export function Empty({
  icon,
  title,
  children,
}: {
  readonly icon?: ReactNode
  readonly title: string
  readonly children?: ReactNode
}) {
  return (
    <div className="empty">
      {icon ? <span className="soft">{icon}</span> : null}
      <h2>{title}</h2>
      {children}
    </div>
  )
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="empty" role="status">
      <Loader size="sm" />
      <p className="soft">Fetching {what} …</p>
    </div>
  )
}
