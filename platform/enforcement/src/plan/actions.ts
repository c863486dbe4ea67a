import { DAY } from '@firebreak/kernel'

/** Limits who is led to an account, for some days. The only action that association may cause. */
export interface LimitVisibility {
  readonly kind: 'limit-visibility'
  readonly days: number
}

/** What touches a person or what they made: needs evidence of their own conduct. */
export type Sanction =
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'restrict'; readonly surfaces: readonly string[]; readonly days: number }
  | { readonly kind: 'suspend'; readonly days: number }
  | { readonly kind: 'disable' }
  | { readonly kind: 'remove-content'; readonly content: string }

export type Action = LimitVisibility | Sanction
export type ActionKind = Action['kind']

export const ACTION_KINDS: readonly ActionKind[] = [
  'limit-visibility',
  'notice',
  'restrict',
  'suspend',
  'disable',
  'remove-content',
]

export function isSanction(action: Action): action is Sanction {
  return action.kind !== 'limit-visibility'
}

/** When an action ends by itself (milliseconds since 1970), or null when it stands until reversed. */
export function endsAt(action: Action, from: number): number | null {
  return 'days' in action ? from + action.days * DAY : null
}

/** Two actions that cannot stand beside each other on one account: the later one replaces the earlier. */
export function sameSlot(a: Action, b: Action): boolean {
  if (a.kind === 'remove-content' || b.kind === 'remove-content')
    return a.kind === b.kind && (a as { content: string }).content === (b as { content: string }).content
  const standing = (action: Action) => (action.kind === 'suspend' || action.kind === 'disable' ? 'access' : action.kind)
  return standing(a) === standing(b)
}

/** The action in words a person understands. */
export function actionInWords(action: Action): string {
  switch (action.kind) {
    case 'limit-visibility':
      return `not recommended for ${action.days} days`
    case 'notice':
      return 'a notice'
    case 'restrict':
      return `may not use ${action.surfaces.join(', ')} for ${action.days} days`
    case 'suspend':
      return `suspended for ${action.days} days`
    case 'disable':
      return 'disabled'
    case 'remove-content':
      return 'one post removed'
  }
}
