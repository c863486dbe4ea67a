/** The looks alone, without the layout and its libraries: for a page's first load. */
export { type PlacedLabel, placeLabels, shorten } from './labels.ts'
export { type RelationStyle, relationStyle } from './relations.ts'
export { DRAWN_ROLES, isDrawn, ROLE_STYLES, type RoleStyle, type Shape } from './roles.ts'
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
