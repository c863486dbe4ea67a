import { isIP } from 'node:net'
import { FirebreakError } from '@firebreak/kernel'

/** Whether an address is this machine alone. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
}

/** Throws `access/bind` for any other address while nobody with password and code could keep strangers out. */
export async function checkBind(address: string, hasSecuredAdmin: () => Promise<boolean>): Promise<void> {
  if (!isLoopback(address) && !(await hasSecuredAdmin())) throw new FirebreakError('access/bind', [address])
}
