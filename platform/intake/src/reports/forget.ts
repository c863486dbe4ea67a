import type { Ledger } from '@firebreak/ledger'
import { rowsOf } from '../sql.ts'
import type { ReportKeys } from './keys.ts'

/** Forgets that an account ever reported something: standing, keyed marks on its reports, addresses. The reports themselves stay. */
export async function forgetReporter(
  ledger: Pick<Ledger, 'transaction'>,
  keys: ReportKeys,
  account: string,
): Promise<void> {
  await ledger.transaction({ kind: 'system', id: 'erasure' }, async (tx) => {
    const sources = await rowsOf<{ source: string }>(tx.db, 'select distinct source from report_tally')
    const own = sources.map(({ source }) => keys.reporter(source, account))
    await rowsOf(tx.db, 'delete from reporter where key = any($1::text[])', [own])
    await rowsOf(tx.db, 'delete from report_contact where reporter = any($1::text[])', [own])
    await rowsOf(tx.db, `update job_voice set cluster = md5(job || cluster) where cluster = any($1::text[])`, [
      own.map((key) => `reporter:${key}`),
    ])
    await rowsOf(tx.db, `update report set reporter = null, cluster = 'forgotten' where reporter = any($1::text[])`, [
      own,
    ])
  })
}
