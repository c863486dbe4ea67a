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
  | { readonly kind: 'remove-content'; readonly content: string; readonly type: string }
  /** One thing is not shown on some surfaces, or not to some people (`minors`). */
  | {
      readonly kind: 'restrict-content'
      readonly content: string
      readonly type: string
      readonly surfaces: readonly string[]
      readonly days: number
    }

export type Action = LimitVisibility | Sanction
export type ActionKind = Action['kind']

export const ACTION_KINDS: readonly ActionKind[] = [
  'limit-visibility',
  'notice',
  'restrict',
  'suspend',
  'disable',
  'remove-content',
  'restrict-content',
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
  if ('content' in a || 'content' in b)
    return a.kind === b.kind && 'content' in a && 'content' in b && a.content === b.content && a.type === b.type
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
      return `not shown in ${spaced(action.surfaces)} for ${action.days} days`
    case 'suspend':
      return `suspended for ${action.days} days`
    case 'disable':
      return 'disabled'
    case 'remove-content':
      return action.type === 'url' ? 'one link removed' : 'one post removed'
    case 'restrict-content':
      return action.surfaces.includes('minors')
        ? 'one post shown to adults only'
        : `one post not shown in ${spaced(action.surfaces)} for ${action.days} days`
  }
}

function spaced(surfaces: readonly string[]): string {
  return surfaces.map((surface) => surface.replaceAll('_', ' ')).join(', ')
}
