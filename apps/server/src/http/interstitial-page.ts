import type { Interstitial } from '@firebreak/signals'
import { escapeHtml, plainPage } from './plain-page.ts'

/**
 * A screen as a page without script, to look at and to copy: heading, reason, ways out, and the way on only where it is offered.
 * It never repeats what was asked for.
 */
export function interstitialPage(shown: Interstitial): string {
  const { title, body, help, back, anyway, seeAnyway, helpAddress, locale } = shown
  return plainPage(
    title,
    `<div lang="${escapeHtml(locale)}" role="alertdialog" aria-labelledby="title" aria-describedby="reason">
  <h1 id="title">${escapeHtml(title)}</h1>
  <p id="reason">${escapeHtml(body)}</p>
  <ul>
    ${helpAddress === null ? '' : `<li><a href="${escapeHtml(helpAddress)}" rel="noopener noreferrer">${escapeHtml(help)}</a></li>`}
    <li><a href="/">${escapeHtml(back)}</a></li>
    ${seeAnyway ? `<li><a href="#anyway">${escapeHtml(anyway)}</a></li>` : ''}
  </ul>
</div>`,
  )
}
