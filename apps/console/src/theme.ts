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

export const theme = createTheme({
  primaryColor: 'ocean',
  primaryShade: { light: 7, dark: 6 },
  colors: { ocean },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  headings: { fontWeight: '650' },
})
