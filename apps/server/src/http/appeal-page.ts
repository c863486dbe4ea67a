import type { AppealView } from '@firebreak/enforcement'
import { escapeHtml, plainPage } from './plain-page.ts'

const STATES: Readonly<Record<AppealView['state'], string>> = {
  possible: 'You can appeal this decision here.',
  'too-late': 'The time for an appeal is over.',
  open: 'Your appeal has arrived. Somebody who had no part in the decision will look at it.',
  upheld: 'Your appeal was looked at. The decision stands.',
  overturned: 'Your appeal was looked at. The decision was wrong and has been taken back.',
}

/** What an affected person sees behind their link; no script. */
export function appealPage(base: string, token: string, view: AppealView): string {
  const list = (items: readonly string[]) => `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
  const links =
    view.linkKinds.length === 0
      ? ''
      : `<p>Kinds of link to other accounts that played a part:</p>${list(view.linkKinds)}<p>If such a link is wrong (a shared computer, a family), say so: it can be removed for good.</p>`
  const form =
    view.state !== 'possible'
      ? ''
      : `<form method="post" action="${base}/appeal">
    <input type="hidden" name="token" value="${escapeHtml(token)}">
    <label>What should we know? <textarea name="statement" rows="8" required maxlength="10000"></textarea></label>
    <label class="choice"><input type="checkbox" name="victim" value="yes"> Somebody made me do this, or hurt me. (Specially trained people will read it.)</label>
    <button>Send the appeal</button>
  </form>`
  return plainPage(
    'Appeal',
    `<h1>Appeal</h1>
  <p role="status">${STATES[view.state]}</p>
  ${view.reason === null ? '' : `<p>${escapeHtml(view.reason)}</p>`}
  <p>The decision:</p>${list(view.decisions)}
  <p>The rule: ${escapeHtml(view.policy)}</p>
  ${view.until === null ? '' : `<p>An appeal is possible until ${view.until.slice(0, 10)}.</p>`}
  ${links}${form}`,
  )
}

/** For a link that leads nowhere; it does not say what is wrong with it. */
export function noAppealPage(): string {
  return plainPage(
    'Appeal',
    `<h1>Appeal</h1>
  <p role="alert">This link leads to no decision. Copy the whole link from the message you were sent; if it still does not work, write to the platform.</p>`,
  )
}
