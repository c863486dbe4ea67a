export { type LayoutOptions, layoutNetwork } from './layout.ts'
export { type RelationStyle, relationStyle } from './relations.ts'
export { reportPage } from './report/page.ts'
export type { ReportAccount, ReportInput, ReportMap, ReportSeed } from './report/types.ts'
export { DRAWN_ROLES, isDrawn, ROLE_STYLES, type RoleStyle, type Shape } from './roles.ts'
export { drawSvg, type SvgOptions } from './svg.ts'
export type { Scheme } from './svg-style.ts'
export type {
  DrawingEdge,
  DrawingNode,
  DrawnRole,
  NetworkDrawing,
  NetworkLayout,
  NetworkRole,
  PlacedNode,
} from './types.ts'
export { describeLayout, grouped, hiddenNote, percent } from './words.ts'
