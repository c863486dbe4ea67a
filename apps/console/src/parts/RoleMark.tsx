import { type DrawnRole, ROLE_STYLES } from '@firebreak/drawing/roles'
import { useComputedColorScheme } from '@mantine/core'

const OUTLINES = {
  circle: 'M9 2a7 7 0 1 0 .01 0z',
  hexagon: 'M16.7 9L12.85 15.67H5.15L1.3 9L5.15 2.33H12.85z',
  diamond: 'M9 .6L17.4 9L9 17.4L.6 9z',
  square: 'M2.8 2.8h12.4v12.4h-12.4z',
} as const

/** The shape, letter and name of a network role, as in the picture. */
export function RoleMark({ role, nameless = false }: { readonly role: DrawnRole; readonly nameless?: boolean }) {
  const scheme = useComputedColorScheme('light')
  const style = ROLE_STYLES[role]
  const colour = style[scheme]
  return (
    <span className="role-mark">
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <path
          d={OUTLINES[style.shape]}
          fill={style.hollow ? 'none' : colour}
          stroke={style.hollow ? colour : 'none'}
          strokeWidth="1.6"
        />
        <text
          x="9"
          y="12.2"
          fontSize="9"
          fontWeight="700"
          textAnchor="middle"
          fill={style.hollow ? colour : 'var(--card)'}
        >
          {style.letter}
        </text>
      </svg>
      {nameless ? <span className="hidden-text">{style.name}</span> : style.name}
    </span>
  )
}
