import { Loader } from '@mantine/core'
import type { ReactNode } from 'react'

/** Nothing here yet: what it would be, and the way to get it. */
export function Empty({
  icon,
  title,
  main = false,
  children,
}: {
  readonly icon?: ReactNode
  readonly title: string
  /** Whether this is all that the screen says. */
  readonly main?: boolean
  readonly children?: ReactNode
}) {
  const Heading = main ? 'h1' : 'h2'
  return (
    <div className="empty">
      {icon ? <span className="soft">{icon}</span> : null}
      <Heading>{title}</Heading>
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
