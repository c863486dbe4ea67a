/** Whether a key is a command of the console: not while typing, in a dialog, or with Ctrl, Alt or Meta. */
export function isPlainKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false
  const target = event.target as HTMLElement | null
  if (
    target?.closest?.(
      'input:not([type=checkbox]):not([type=range]), textarea, select, [contenteditable=true], [role=dialog]',
    )
  )
    return false
  return document.querySelector('[role=dialog]') === null
}

/** All keys, for the help and for nothing else: what `?` shows. */
export const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['?', 'show the keys'],
  ['Ctrl K', 'go to any account, network or screen'],
  ['g n', 'go to Network'],
  ['g g', 'go to Guardrail'],
  ['g o', 'go to Your own data'],
  ['j / k', 'next / previous account'],
  ['Enter', 'why is this account in?'],
  ['/', 'search the table'],
  ['1', 'mark the account as member'],
  ['2', 'mark as bystander'],
  ['3', 'mark as victim: protected, never listed'],
  ['4', 'mark as unsure'],
  ['z', 'undo the last step'],
  ['Esc', 'close, or let go of the account'],
]
