import { percent } from '@firebreak/drawing/roles'

/** A share as bar and figure. */
export function Probability({ value }: { readonly value: number }) {
  return (
    <span className="prob">
      <span className="bar" aria-hidden="true">
        <i style={{ width: `${Math.round(Math.max(0, Math.min(1, value)) * 100)}%` }} />
      </span>
      {percent(value)}
    </span>
  )
}

/** A big number over what it counts. */
export function Figure({
  value,
  text,
  title,
}: {
  readonly value: string
  readonly text: string
  readonly title?: string
}) {
  return (
    <div className="figure" title={title}>
      <b>{value}</b>
      <span>{text}</span>
    </div>
  )
}
