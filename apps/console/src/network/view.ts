import { DRAWN_ROLES, type DrawnRole, isDrawn } from '@firebreak/drawing/roles'
import type { CanvasNode, RankedAccount } from '../api/types.ts'

/** What of a network is looked at, as the address keeps it: a permalink without words from the data, ids apart. */
export interface View {
  /** The chosen account. */
  readonly sel?: string
  /** Least probability shown, in per cent. */
  readonly min?: number
  /** Roles hidden, joined by dots. */
  readonly hide?: string
  /** Relations hidden, joined by dots. */
  readonly off?: string
}

export function readView(search: Record<string, unknown>): View {
  const { sel, min, hide, off } = search
  return {
    ...(typeof sel === 'string' || typeof sel === 'number' ? { sel: String(sel) } : {}),
    ...(typeof min === 'number' && min > 0 && min <= 100 ? { min } : {}),
    ...(typeof hide === 'string' && hide !== '' ? { hide } : {}),
    ...(typeof off === 'string' && off !== '' ? { off } : {}),
  }
}

export function hiddenRoles(view: View): ReadonlySet<DrawnRole> {
  const named = new Set(view.hide?.split('.'))
  return new Set(DRAWN_ROLES.filter((role) => named.has(role)))
}

export function hiddenRelations(view: View): ReadonlySet<string> {
  return new Set(view.off?.split('.').filter(Boolean))
}

/** The list with one name put in or taken out, as the address writes it. */
export function toggled(list: string | undefined, name: string): string | undefined {
  const names = new Set(list?.split('.').filter(Boolean))
  if (!names.delete(name)) names.add(name)
  return names.size > 0 ? [...names].join('.') : undefined
}

/** Whether an account is looked at. Seeds always are: without them the picture has no meaning. */
export function isShown(account: Pick<CanvasNode, 'role' | 'probability'> & { seed?: boolean }, view: View): boolean {
  if (!isDrawn(account.role)) return false
  if (account.seed) return true
  return account.probability * 100 >= (view.min ?? 0) && !hiddenRoles(view).has(account.role)
}

/** A row of the table: an account that may be listed, with its rank among all that are. */
export type Row = RankedAccount & { readonly role: DrawnRole; readonly rank: number }

export function rowsOf(accounts: readonly RankedAccount[]): Row[] {
  return accounts
    .filter((account): account is RankedAccount & { readonly role: DrawnRole } => isDrawn(account.role))
    .map((account, i) => ({ ...account, rank: i + 1 }))
}
