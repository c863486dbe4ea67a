import type { Principal, Role } from '@firebreak/ledger'
import type { Permission } from './permissions.ts'

/** Who is asking, settled before a request's body is read. */
export interface Caller {
  readonly principal: Principal
  readonly name: string
  readonly roles: readonly Role[]
  readonly permissions: ReadonlySet<Permission>
  /** Signed in by cookie, so that changes must be shown to come from the console itself. */
  readonly byCookie: boolean
}
