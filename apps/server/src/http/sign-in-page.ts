/** The page for whoever is not signed in; no script, so that it works under the strictest policy. */
export function signInPage(base: string, message?: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in – Firebreak</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 26rem; margin: 12vh auto; padding: 0 1rem }
  label { display: block; margin: 0.8rem 0 }
  input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: 0.5rem }
  button { font: inherit; padding: 0.5rem 1.2rem }
  [role="alert"] { border-left: 4px solid #c4320a; padding-left: 0.8rem }
</style>
<main>
  <h1>Sign in</h1>
  ${message ? `<p role="alert">${escapeHtml(message)}</p>` : ''}
  <p>On this machine: open the one-time link that <code>firebreak start</code> printed. Each start prints a new one.</p>
  <form method="post" action="${base}/sign-in">
    <label>Name <input name="name" autocomplete="username" required maxlength="200"></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required maxlength="1024"></label>
    <label>Code <input name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="6"></label>
    <button>Sign in</button>
  </form>
</main>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
