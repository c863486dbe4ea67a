/** A page without script, for people who are not signed in; it works under the strictest policy. */
export function plainPage(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – Firebreak</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 34rem; margin: 8vh auto; padding: 0 1rem }
  label { display: block; margin: 0.8rem 0 }
  input:not([type="checkbox"]), textarea, select { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: 0.5rem }
  button { font: inherit; padding: 0.5rem 1.2rem }
  [role="alert"], [role="status"] { border-left: 4px solid #c4320a; padding-left: 0.8rem }
  [role="status"] { border-color: #175cd3 }
</style>
<main>
  ${main}
</main>
</html>
`
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
