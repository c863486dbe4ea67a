import type { ReactNode } from 'react'

/** Line drawings of 20 by 20; always beside words or with a label, so hidden from screen readers. */
function Icon({ children, size = 18 }: { readonly children: ReactNode; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

interface Size {
  readonly size?: number
}

export const SunIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="3.4" />
    <path d="M10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.4 1.4M14.3 14.3l1.4 1.4M15.7 4.3l-1.4 1.4M5.7 14.3l-1.4 1.4" />
  </Icon>
)
export const MoonIcon = () => (
  <Icon>
    <path d="M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.500z" />
  </Icon>
)
export const SearchIcon = () => (
  <Icon size={16}>
    <circle cx="9" cy="9" r="5" />
    <path d="M13 13l4 4" />
  </Icon>
)
export const PlusIcon = () => (
  <Icon size={16}>
    <path d="M10 4v12M4 10h12" />
  </Icon>
)
export const NetworkIcon = ({ size = 18 }: Size) => (
  <Icon size={size}>
    <circle cx="10" cy="10" r="2.6" />
    <circle cx="4" cy="5" r="1.8" />
    <circle cx="16" cy="5" r="1.8" />
    <circle cx="10" cy="17" r="1.6" />
    <path d="M5.4 6.200L8 8.400M14.6 6.200L12 8.400M10 12.600v2.8" />
  </Icon>
)
export const NoNetworkIcon = ({ size = 18 }: Size) => (
  <Icon size={size}>
    <circle cx="4.5" cy="5.5" r="1.9" />
    <circle cx="15.5" cy="6" r="1.9" />
    <circle cx="10" cy="15" r="1.9" />
  </Icon>
)
export const ShieldIcon = ({ size = 18 }: Size) => (
  <Icon size={size}>
    <path d="M10 2.500l6 2.200v4.800c0 3.7-2.5 6.6-6 8-3.5-1.4-6-4.3-6-8V4.700z" />
    <path d="M7.2 10l2 2 3.6-4" />
  </Icon>
)
export const UploadIcon = ({ size = 28 }: Size) => (
  <Icon size={size}>
    <path d="M10 13V4M6.5 7.500L10 4l3.5 3.500M4 13v3h12v-3" />
  </Icon>
)
export const CheckIcon = () => (
  <Icon size={15}>
    <path d="M4 10.500l4 4 8-9" />
  </Icon>
)
export const WarnIcon = ({ size = 18 }: Size) => (
  <Icon size={size}>
    <path d="M10 3l8 14H2z" />
    <path d="M10 8v4M10 14.500v.1" />
  </Icon>
)
export const DiceIcon = () => (
  <Icon size={16}>
    <rect x="3" y="3" width="14" height="14" rx="3" />
    <path d="M7 7v.1M13 13v.1M10 10v.1" strokeWidth="2.4" />
  </Icon>
)
