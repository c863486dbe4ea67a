/** What an account does in a network, as the graph package names it. */
export type NetworkRole = 'hub' | 'member' | 'bridge' | 'audience' | 'bystander' | 'likely-victim'

/** The roles a picture may show: likely victims are protected and never drawn or listed. */
export type DrawnRole = Exclude<NetworkRole, 'likely-victim'>

export interface DrawingNode {
  readonly id: string
  readonly role: NetworkRole
  readonly member: boolean
  readonly seed: boolean
  /** P(member | the seeds are members), 0 to 1. */
  readonly probability: number
  /** Links in the whole graph; when absent, the links in the picture are counted. */
  readonly degree?: number
}

export interface DrawingEdge {
  readonly source: string
  readonly target: string
  readonly relation: string
  readonly weight?: number
}

export interface NetworkDrawing {
  readonly nodes: readonly DrawingNode[]
  readonly edges: readonly DrawingEdge[]
}

/** A node with its place: x and y within -1 to 1 (y grows downwards), `size` a radius in pixels of a 960-pixel picture. */
export interface PlacedNode {
  readonly id: string
  readonly role: DrawnRole
  readonly member: boolean
  readonly seed: boolean
  readonly probability: number
  readonly x: number
  readonly y: number
  readonly size: number
}

export interface NetworkLayout {
  /** In rank order: seeds first, then by falling probability. */
  readonly nodes: readonly PlacedNode[]
  readonly edges: readonly DrawingEdge[]
  /** What was left out; a picture always says so. */
  readonly hidden: { readonly nodes: number; readonly edges: number; readonly protected: number }
}
