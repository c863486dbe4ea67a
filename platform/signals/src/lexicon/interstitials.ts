import { createHash } from 'node:crypto'
import { INTERSTITIAL_TEXTS, type InterstitialKind, type InterstitialText } from './interstitial-texts.ts'

/** A screen as it is shown: texts of one variant in one language. */
export interface Interstitial extends InterstitialText {
  readonly kind: InterstitialKind
  readonly variant: string
  readonly locale: string
  /** Whether a way on is offered. */
  readonly seeAnyway: boolean
  /** Where help is, as the operator set it for the language. */
  readonly helpAddress: string | null
}

/** How an operator wants screens: ways on, addresses of help, which variants are in the draw. */
export interface InterstitialSettings {
  /** Kinds that offer "see anyway"; `stop` never does. */
  readonly seeAnyway: readonly InterstitialKind[]
  /** By locale, `*` for all others. */
  readonly help: Readonly<Record<string, string>>
  /** Variants in the draw by kind; all when absent. */
  readonly variants: Readonly<Partial<Record<InterstitialKind, readonly string[]>>>
}

export const DEFAULT_INTERSTITIAL_SETTINGS: InterstitialSettings = { seeAnyway: [], help: {}, variants: {} }

/** The strictest screen that actions of entries ask for. */
const KIND_OF: readonly (readonly [string, InterstitialKind])[] = [
  ['stop', 'stop'],
  ['interstitial', 'warn'],
  ['warn', 'warn'],
  ['resources', 'resources'],
]

/** Draws and words the screens between a person and what they asked for. Never sees, stores or repeats the query. */
export class Interstitials {
  readonly settings: InterstitialSettings

  constructor(settings: InterstitialSettings = DEFAULT_INTERSTITIAL_SETTINGS) {
    this.settings = settings
  }

  /** The screen for the strictest of these actions, or null when none asks for one. */
  drawFor(actions: readonly string[], viewer: string | undefined): { kind: InterstitialKind; variant: string } | null {
    const kind = KIND_OF.find(([action]) => actions.includes(action))?.[1]
    return kind === undefined ? null : { kind, variant: this.draw(kind, viewer) }
  }

  /** A variant at random, the same for one viewer as long as the draw is. Viewers that are not named get the first. */
  draw(kind: InterstitialKind, viewer: string | undefined): string {
    const variants = this.variants(kind)
    if (viewer === undefined) return variants[0]!
    const number = createHash('sha256')
      .update(`interstitial\0${kind}\0${variants.join()}\0${viewer}`)
      .digest()
      .readUInt32BE(0)
    return variants[number % variants.length]!
  }

  variants(kind: InterstitialKind): readonly string[] {
    const known = Object.keys(INTERSTITIAL_TEXTS[kind])
    const drawn = this.settings.variants[kind]?.filter((variant) => known.includes(variant)) ?? []
    return drawn.length > 0 ? drawn : known
  }

  /** The words of a screen; the nearest language there is, English where none is. Null for a variant that is not known. */
  show(kind: InterstitialKind, variant: string, locale = 'en'): Interstitial | null {
    const texts = INTERSTITIAL_TEXTS[kind][variant]
    if (!texts) return null
    const language = locale.toLowerCase().split(/[-_]/)[0]!
    const shown = language in texts ? language : 'en'
    const help = this.settings.help
    return {
      kind,
      variant,
      locale: shown,
      ...texts[shown]!,
      seeAnyway: kind !== 'stop' && this.settings.seeAnyway.includes(kind),
      helpAddress: help[locale] ?? help[language] ?? help['*'] ?? null,
    }
  }
}
