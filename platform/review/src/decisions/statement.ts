import type { ReporterClass } from '@firebreak/intake'
import type { Action, DecisionInput } from './actions.ts'

/** What a statement is built from. */
export interface StatementFacts {
  readonly decision: DecisionInput
  /** `account`, `content` … */
  readonly subjectType: string
  readonly decidedAt: number
  readonly effectiveAt: number
  /** What led to the decision: kinds of reporter, never who. Empty = own initiative. */
  readonly noticedBy: readonly ReporterClass[]
  /** A machine found it. */
  readonly detectedAutomatically: boolean
}

/** A statement of reasons in plain language with everything DSA article 17(3) asks for, and nothing about who reported. */
export interface Statement {
  readonly language: Language
  readonly text: string
}

/** Languages that statements are written in. */
export const STATEMENT_LANGUAGES = ['en', 'de'] as const
/** One of `STATEMENT_LANGUAGES`. */
export type Language = (typeof STATEMENT_LANGUAGES)[number]

/** Months in which a decision can be appealed (DSA art. 20(1)). */
export const APPEAL_MONTHS = 6

/** Writes the statement. Pure: the same facts give the same words. */
export function statementOf(facts: StatementFacts, language: Language): Statement {
  const w = WORDS[language]
  const { decision } = facts
  const lines = [
    w.what(decision.actions.flatMap((action) => w.action(action, facts.subjectType)).join('; ')),
    w.when(facts.effectiveAt),
    w.facts(decision.facts.trim()),
    facts.noticedBy.length > 0 ? w.noticed(facts.noticedBy.includes('trusted-flagger')) : w.ownInitiative,
    w.machine(facts.detectedAutomatically),
    decision.ground === 'legal' ? w.legal(decision.policy) : w.terms(decision.policy),
    w.redress(APPEAL_MONTHS),
  ]
  return { language, text: lines.join('\n\n') }
}

/** The language of statements nearest to a tag; English when there is none. */
export function languageFor(tag: string | null): Language {
  const short = (tag ?? 'en').slice(0, 2).toLowerCase()
  return (STATEMENT_LANGUAGES as readonly string[]).includes(short) ? (short as Language) : 'en'
}

interface Words {
  what(actions: string): string
  when(at: number): string
  action(action: Action, subject: string): string[]
  facts(text: string): string
  noticed(trusted: boolean): string
  readonly ownInitiative: string
  machine(detected: boolean): string
  legal(law: string): string
  terms(rule: string): string
  redress(months: number): string
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10)

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    what: (actions) => `We have taken this decision: ${actions}.`,
    when: (at) => `It takes effect on ${day(at)}.`,
    action: (action, subject) => {
      const thing = subject === 'account' ? 'your account' : 'your content'
      switch (action.kind) {
        case 'notice':
          return ['you are given notice of our rules']
        case 'remove-content':
          return ['the content is removed']
        case 'restrict':
          return [
            `${action.target === 'account' ? 'your account' : thing} is shown less in ${action.surface.replaceAll('_', ' ')}${action.days ? ` for ${action.days} days` : ''}`,
          ]
        case 'age-restrict':
          return ['the content is shown to adults only']
        case 'suspend':
          return [`your account is suspended for ${action.days} days`]
        case 'disable':
          return ['your account is closed']
        default:
          return []
      }
    },
    facts: (text) => `These are the facts it rests on: ${text}`,
    noticed: (trusted) => `We looked at this after ${trusted ? 'a notice by a trusted flagger' : 'a report'}.`,
    ownInitiative: 'We looked at this on our own initiative.',
    machine: (detected) =>
      detected
        ? 'It was found by automated means; the decision was taken by a person.'
        : 'The decision was taken by a person, without automated means.',
    legal: (law) => `We consider it illegal under: ${law}.`,
    terms: (rule) => `It is against this rule of our terms: ${rule}.`,
    redress: (months) =>
      `You can appeal within ${months} months, free of charge; somebody else will decide. You can also turn to a certified out-of-court dispute settlement body, or to a court.`,
  },
  de: {
    what: (actions) => `Wir haben diese Entscheidung getroffen: ${actions}.`,
    when: (at) => `Sie gilt ab dem ${day(at)}.`,
    action: (action, subject) => {
      const thing = subject === 'account' ? 'Ihr Konto' : 'Ihr Inhalt'
      switch (action.kind) {
        case 'notice':
          return ['Sie erhalten einen Hinweis auf unsere Regeln']
        case 'remove-content':
          return ['der Inhalt wird entfernt']
        case 'restrict':
          return [
            `${action.target === 'account' ? 'Ihr Konto' : thing} wird in ${action.surface.replaceAll('_', ' ')} weniger gezeigt${action.days ? ` (${action.days} Tage)` : ''}`,
          ]
        case 'age-restrict':
          return ['der Inhalt wird nur Erwachsenen gezeigt']
        case 'suspend':
          return [`Ihr Konto ist für ${action.days} Tage gesperrt`]
        case 'disable':
          return ['Ihr Konto wird geschlossen']
        default:
          return []
      }
    },
    facts: (text) => `Darauf stützt sie sich: ${text}`,
    noticed: (trusted) =>
      `Anlass war ${trusted ? 'die Meldung eines vertrauenswürdigen Hinweisgebers' : 'eine Meldung'}.`,
    ownInitiative: 'Wir haben dies von uns aus geprüft.',
    machine: (detected) =>
      detected
        ? 'Gefunden wurde es automatisch; entschieden hat ein Mensch.'
        : 'Entschieden hat ein Mensch, ohne automatische Mittel.',
    legal: (law) => `Wir halten es für rechtswidrig nach: ${law}.`,
    terms: (rule) => `Es verstößt gegen diese Regel unserer Bedingungen: ${rule}.`,
    redress: (months) =>
      `Sie können innerhalb von ${months} Monaten kostenlos Beschwerde einlegen; es entscheidet jemand anderes. Sie können sich auch an eine zertifizierte außergerichtliche Streitbeilegungsstelle oder an ein Gericht wenden.`,
  },
}
