/** 0.0123 → "1.2 %", with as many digits as matter for a share that should be near none. */
export function share(value: number): string {
  if (value === 0) return '0 %'
  const percent = value * 100
  if (percent < 0.01) return '< 0.01 %'
  return `${percent >= 10 ? percent.toFixed(0) : percent >= 1 ? percent.toFixed(1) : percent.toFixed(2)} %`
}

export function interval({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${share(low)} – ${share(high)}`
}

export function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 1) return 'less than a second'
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

export function day(iso: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.valueOf())
    ? iso
    : date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

/** Ids out of a text area: one a line, or parted by commas or blanks; each once, in order. */
export function idsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((id) => id !== ''))]
}
