import type { Surface, TextFacts } from '@firebreak/policy'

/** What a text is judged under. `viewer` draws the variant of a warning and nothing else. */
export interface TextContext {
  readonly jurisdiction?: string | undefined
  readonly locale?: string | undefined
  readonly ageBand?: string | undefined
  readonly viewer?: string | undefined
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Lexicon and link lists as the guard asks them: synchronous, from memory, never throwing; null when nothing was found. */
export interface TextJudge {
  /** Names exactly the lists in force; part of the policy version that answers carry. */
  readonly version?: string | number
  judge(surface: Surface, kind: string, text: string, context: TextContext): TextFacts | null
}
