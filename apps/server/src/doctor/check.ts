/** What one look found: fine, something to know, or something that must be mended before this installation can be relied on. */
export interface Check {
  readonly name: string
  readonly state: 'ok' | 'note' | 'fail'
  readonly detail: string
}

export const ok = (name: string, detail: string): Check => ({ name, state: 'ok', detail })
export const noted = (name: string, detail: string): Check => ({ name, state: 'note', detail })
export const failed = (name: string, detail: string): Check => ({ name, state: 'fail', detail })
