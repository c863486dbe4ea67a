import { escapeHtml, plainPage } from './plain-page.ts'

/** The page for whoever is not signed in. */
export function signInPage(base: string, message?: string): string {
  return plainPage(
    'Sign in',
    `<h1>Sign in</h1>
  ${message ? `<p role="alert">${escapeHtml(message)}</p>` : ''}
  <p>On this machine: open the one-time link that <code>firebreak start</code> printed. Each start prints a new one.</p>
  <form method="post" action="${base}/sign-in">
    <label>Name <input name="name" autocomplete="username" required maxlength="200"></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required maxlength="1024"></label>
    <label>Code <input name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="6"></label>
    <button>Sign in</button>
  </form>`,
  )
}
