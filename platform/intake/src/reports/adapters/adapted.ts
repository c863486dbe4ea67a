import type { ReportInput } from '../types.ts'

/** What an adapter makes of a foreign payload: a report, nothing to do, or a sentence saying what it could not read. */
export type Adapted =
  | { readonly kind: 'report'; readonly report: ReportInput; readonly key?: string }
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string }

/** Foreign text as it can be stored: well-formed, without control characters, not longer than `most`. */
export function clean(text: string, most: number): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\t\n\r]/gu, '')
    .slice(0, most)
    .toWellFormed()
}

/** A foreign id as a subject's id, or null when it cannot be one. */
export function foreignId(value: unknown): string | null {
  const id = typeof value === 'number' ? String(value) : value
  return typeof id === 'string' && id.length > 0 && id.length <= 256 && /^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u.test(id)
    ? id
    : null
}
