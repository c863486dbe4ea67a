import { createTheme, type MantineColorsTuple } from '@mantine/core'

const ocean: MantineColorsTuple = [
  '#eaf3fd',
  '#d3e5f9',
  '#a5c9f2',
  '#74abea',
  '#4b91e2',
  '#3380d9',
  '#2670c4',
  '#1f62b0',
  '#174f91',
  '#0d3c73',
]

/** Mantine's own darks are brownish beside the blue-black of the canvas. */
const dark: MantineColorsTuple = [
  '#eef2f8',
  '#c9d1dd',
  '#aab4c3',
  '#8793a5',
  '#3a4659',
  '#2b3646',
  '#161d29',
  '#121822',
  '#0e131b',
  '#0b0f16',
]

export const theme = createTheme({
  primaryColor: 'ocean',
  primaryShade: { light: 7, dark: 6 },
  colors: { ocean, dark },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  headings: { fontWeight: '650' },
})
