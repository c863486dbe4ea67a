import { createHmac, createSecretKey, hash } from 'node:crypto'

/** Keyed names of one data directory: nobody without the key can try likely reporters or receipts against the store. */
export interface ReportKeys {
  reporter(source: string, id: string): string
  request(caller: string, key: string): string
  receipt(reportId: string): string
  cluster(name: string): string
}

/** `key`: 32 bytes kept for this purpose alone. */
export function reportKeys(key: Uint8Array): ReportKeys {
  const secret = createSecretKey(key) // raw bytes would be checked and copied anew for each name: seven times the cost
  const keyed = (purpose: string, text: string) =>
    createHmac('sha256', secret).update(`${purpose}\0${text}`).digest('base64url').slice(0, 27)
  return {
    reporter: (source, id) => keyed('reporter', `${source}\0${id}`),
    request: (caller, text) => keyed('request', `${caller}\0${text}`),
    receipt: (reportId) => `${reportId}.${keyed('receipt', reportId)}`,
    cluster: (name) => keyed('cluster', name),
  }
}

/** What was sent, in short: the same key with other content is a mistake, not a repetition. */
export function digestOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, 27)
}
