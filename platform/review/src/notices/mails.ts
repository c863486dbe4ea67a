import { rowsOf } from '@firebreak/intake'
import type { Ledger } from '@firebreak/ledger'
import { publicOutcome } from './outcomes.ts'

/** A mail to a reporter. */
export interface OutcomeMail {
  readonly subject: string
  readonly text: string
}

type Outcome = ReturnType<typeof publicOutcome>

const WORDS: Readonly<
  Record<'en' | 'de', { subject: string; outcome: Readonly<Record<Outcome, string>>; redress: string }>
> = {
  en: {
    subject: 'What became of your notice',
    outcome: {
      'action-taken': 'We looked at what you reported and have taken action.',
      'no-violation': 'We looked at what you reported and found nothing illegal or against our rules.',
      'not-enough-information': 'What we have is not enough to decide. You can send another notice with more.',
      'out-of-scope': 'What you reported is not something that we can decide.',
    },
    redress:
      'A person decided. If you think this is wrong you can ask us within six months to look again, turn to a certified out-of-court dispute settlement body, or to a court.',
  },
  de: {
    subject: 'Was aus Ihrer Meldung wurde',
    outcome: {
      'action-taken': 'Wir haben Ihre Meldung geprüft und Maßnahmen ergriffen.',
      'no-violation':
        'Wir haben Ihre Meldung geprüft und nichts Rechtswidriges und keinen Verstoß gegen unsere Regeln gefunden.',
      'not-enough-information':
        'Was wir wissen, reicht nicht für eine Entscheidung. Sie können eine weitere Meldung mit mehr Angaben schicken.',
      'out-of-scope': 'Über das, was Sie gemeldet haben, können wir nicht entscheiden.',
    },
    redress:
      'Entschieden hat ein Mensch. Wenn Sie das für falsch halten, können Sie innerhalb von sechs Monaten eine erneute Prüfung verlangen oder sich an eine zertifizierte außergerichtliche Streitbeilegungsstelle oder ein Gericht wenden.',
  },
}

/** The answer to a reporter (DSA art. 16(5)), without anything about the reported person. */
export function outcomeMail(outcome: string, language: string | null, receivedAt: Date): OutcomeMail {
  const words = WORDS[language?.startsWith('de') ? 'de' : 'en']
  const day = receivedAt.toISOString().slice(0, 10)
  return {
    subject: `${words.subject} (${day})`,
    text: `${words.outcome[publicOutcome(outcome)]}\n\n${words.redress}\n`,
  }
}

interface Waiting {
  readonly report: string
  readonly sealed: string
  readonly language: string | null
  readonly outcome: string
  readonly received_at: Date
}

/**
 * Writes to every reporter who left an address and whose report is decided for good; the address is then forgotten. What the mail
 * server refuses is tried again next time. Returns how many were told.
 */
export async function mailOutcomes(
  ledger: Pick<Ledger, 'db'>,
  send: (sealedAddress: string, mail: OutcomeMail) => Promise<void>,
  now: number,
): Promise<number> {
  const rows = await rowsOf<Waiting>(
    ledger.db,
    `select c.report, c.sealed, r.language, d.outcome, r.received_at from report_contact c join report r on r.id = c.report
     join lateral (select outcome from decision where job = r.job and settled_at is not null and reversed_at is null
       order by decided_at desc limit 1) d on true order by coalesce(c.tried_at, c.received_at) limit 50`,
  )
  let told = 0
  for (const { report, sealed, language, outcome, received_at } of rows) {
    const sent = await send(sealed, outcomeMail(outcome, language, received_at)).then(
      () => true,
      () => false,
    )
    if (!sent) {
      // To the end of the line: a bad address must not hold up the others.
      await rowsOf(ledger.db, 'update report_contact set tried_at = $2::timestamptz where report = $1', [
        report,
        new Date(now).toISOString(),
      ])
      continue
    }
    await rowsOf(ledger.db, 'delete from report_contact where report = $1', [report])
    told++
  }
  return told
}
