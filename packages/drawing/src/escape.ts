const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/**
 * Outside text for HTML and SVG, safe in text and in double-quoted attributes. Characters that XML forbids, and the ones
 * that turn the direction of the text around them, become U+FFFD: an id must not change how its neighbours read.
 */
export function escapeText(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is removed
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
      .replace(/[&<>"'`]/g, (character) => ENTITIES[character]!)
  )
}
