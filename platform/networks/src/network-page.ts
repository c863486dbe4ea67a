import { layoutNetwork, type NetworkLayout, reportPage } from '@firebreak/drawing'
import type { NetworkMap } from '@firebreak/graph'
import { drawingOf } from './drawing-of.ts'

export interface PageOptions {
  readonly title?: string
  /** Whether ids in the map are pseudonyms; said on the page. */
  readonly pseudonymous: boolean
  readonly watermark?: string
  /** When the map was made, as the page should say it. */
  readonly madeAt?: string
}

/** A map as one self-contained HTML page. Ids are shown as they stand in the map. */
export function networkPage(map: NetworkMap, options: PageOptions): string {
  const drawing: NetworkLayout = layoutNetwork(drawingOf(map))
  const { title = 'The network around these seeds', pseudonymous, watermark, madeAt } = options
  return reportPage({
    map,
    drawing,
    title,
    pseudonymous,
    ...(watermark === undefined ? {} : { watermark }),
    ...(madeAt === undefined ? {} : { madeAt }),
  })
}
