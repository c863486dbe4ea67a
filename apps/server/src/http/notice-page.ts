import { NOTICE_CATEGORIES } from '@firebreak/intake'
import { escapeHtml, plainPage } from './plain-page.ts'

/** What somebody typed, and what is wrong with it by field. */
export interface NoticeForm {
  readonly values: Readonly<Record<string, string>>
  readonly problems: Readonly<Record<string, string>>
  /** Too many came from the same network within a minute. */
  readonly busy?: boolean
}

const LABELS: Readonly<Record<(typeof NOTICE_CATEGORIES)[number], string>> = {
  'child-safety': 'A child is being harmed or exploited',
  'child-contact': 'An adult approaches children in a worrying way',
  'imminent-danger': 'Somebody is in danger right now',
  'intimate-image': 'An intimate image of me, or of somebody I represent, shown without consent',
  'illegal-content': 'Other content that I consider illegal',
  violence: 'Violence or threats',
  'self-harm': 'Self-harm',
  harassment: 'Harassment',
  fraud: 'Fraud or a scam',
  impersonation: 'Somebody pretends to be somebody else',
  privacy: 'My private data',
  other: 'Something else',
}

/** The public form for notices (DSA art. 16): works without script, by keyboard and screen reader; errors stand at their fields. */
export function noticePage(
  base: string,
  { values, problems, busy = false }: NoticeForm = { values: {}, problems: {} },
): string {
  const field = fieldsOf(values, problems)
  const wrong = Object.keys(problems)
  return plainPage(
    wrong.length > 0 ? 'Please check your notice' : busy ? 'Please send it again' : 'Report something',
    `<h1>Report something</h1>
  ${
    busy
      ? '<div role="alert"><p>Nothing was sent yet: very many notices come from your network right now. What you wrote stands below. Please send it again in a minute.</p></div>'
      : ''
  }
  ${
    wrong.length > 0
      ? `<div role="alert"><p>Nothing was sent yet. Please check:</p><ul>${wrong
          .map(
            (name) =>
              `<li><a href="#${escapeHtml(name)}">${escapeHtml(NAMES[name] ?? 'The form')}</a> ${escapeHtml(problems[name]!)}</li>`,
          )
          .join('')}</ul></div>`
      : ''
  }
  <p>If somebody is in danger right now, call your emergency number first. You can report without an account.
  Who you are is never told to the person you report, and stands in no decision.</p>
  <form method="post" action="${base}/notice" novalidate>
    ${field('location', 'Where is it? The full web address', (attributes, value) => `<input type="url" inputmode="url" maxlength="2000" required ${attributes} value="${value}">`)}
    ${field(
      'category',
      'What is it about?',
      (attributes, value) =>
        `<select required ${attributes}><option value="">Choose …</option>${NOTICE_CATEGORIES.map((name) => `<option value="${name}"${name === value ? ' selected' : ''}>${LABELS[name]}</option>`).join('')}</select>`,
    )}
    ${field('reason', 'Why is it illegal, or against the rules? Please do not paste the material itself.', (attributes, value) => `<textarea rows="6" maxlength="10000" required ${attributes}>${value}</textarea>`)}
    <fieldset>
      <legend>Who you are</legend>
      <p id="who">For harm to children you may leave this empty. Without an e-mail address we cannot write to you; you still get a link to the outcome.</p>
      ${field('name', 'Name', (attributes, value) => `<input autocomplete="name" maxlength="200" ${attributes} value="${value}">`)}
      ${field('email', 'E-mail', (attributes, value) => `<input type="email" autocomplete="email" maxlength="254" ${attributes} value="${value}">`)}
    </fieldset>
    <fieldset>
      <legend>Only for an intimate image</legend>
      <p>We decide within 48 hours and look for copies.</p>
      ${field(
        'depicted',
        'Who is shown?',
        (attributes, value) =>
          `<select ${attributes}><option value="">–</option><option value="me"${value === 'me' ? ' selected' : ''}>I am</option><option value="represented"${value === 'represented' ? ' selected' : ''}>Somebody I may speak for</option></select>`,
      )}
      ${field('signature', 'Your full name as a signature', (attributes, value) => `<input autocomplete="name" maxlength="200" ${attributes} value="${value}">`)}
    </fieldset>
    ${field(
      'goodFaith',
      'I believe in good faith that what I say here is accurate and complete.',
      (attributes, value) =>
        `<input type="checkbox" value="yes" required ${attributes}${value === 'yes' ? ' checked' : ''}>`,
    )}
    <button>Send</button>
  </form>`,
  )
}

const NAMES: Readonly<Record<string, string>> = {
  location: 'The web address',
  category: 'What it is about',
  reason: 'The reason',
  name: 'The name',
  email: 'The e-mail address',
  depicted: 'Who is shown',
  signature: 'The signature',
  goodFaith: 'The statement of good faith',
}

function fieldsOf(values: NoticeForm['values'], problems: NoticeForm['problems']) {
  return (name: string, label: string, input: (attributes: string, value: string) => string): string => {
    const problem = problems[name]
    const attributes = `id="${name}" name="${name}"${problem === undefined ? '' : ` aria-invalid="true" aria-describedby="${name}-problem"`}`
    const told = problem === undefined ? '' : `<span id="${name}-problem">${escapeHtml(problem)}</span>`
    return `<label for="${name}">${label} ${input(attributes, escapeHtml(values[name] ?? ''))} ${told}</label>`
  }
}

/** Thanks, with the link to the outcome. */
export function noticeSentPage(base: string, receipt: string): string {
  return plainPage(
    'Your notice was received',
    `<h1>Your notice was received</h1>
  <p role="status">It is stored and will be looked at by a person.</p>
  <p>Keep this link; it shows what became of it: <a href="${base}/receipt?receipt=${encodeURIComponent(receipt)}">outcome of your notice</a></p>`,
  )
}

/** What became of a notice, for whoever holds its receipt. */
export function receiptPage(found: {
  state: string
  outcome: string | null
  reason: string | null
  receivedAt: string
}): string {
  const day = found.receivedAt.slice(0, 10)
  return plainPage(
    'Your notice',
    `<h1>Your notice of ${day}</h1>
  <p role="status">${escapeHtml(OUTCOMES[found.outcome ?? found.state] ?? found.state)}${found.reason === null ? '' : ` ${escapeHtml(found.reason)}`}</p>
  <p>If you think this is wrong you can ask us to look again within six months, or turn to an out-of-court body or a court.</p>`,
  )
}

const OUTCOMES: Readonly<Record<string, string>> = {
  'in-review': 'It waits for a person to look at it, or is being looked at.',
  rejected: 'It could not be looked at as it was.',
  decided: 'It was decided.',
  'action-taken': 'We looked at it and have taken action.',
  'no-violation': 'We looked at it and found nothing illegal or against the rules.',
  'not-enough-information':
    'We looked at it; what we have is not enough to decide. You can send another notice with more.',
  'out-of-scope': 'It is not something that we can decide here.',
}
