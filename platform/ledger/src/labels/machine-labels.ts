/**
 * Label values that only Firebreak's own detectors write, because rules act on them without asking anybody: an exact match in an adopted
 * bank, a likeness, a triage score, a listed text, an account that came back. Nobody else may write them.
 */
export const MACHINE_LABELS: ReadonlySet<string> = new Set([
  'known-media',
  'known-media-look',
  'triage-look',
  'listed-text',
  'returner',
])
