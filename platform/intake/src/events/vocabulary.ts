/** Kinds of raw identifier that are keyed at the edge and never stored. */
export const IDENTIFIER_KINDS = ['email', 'phone', 'ip', 'device', 'payment'] as const
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number]
