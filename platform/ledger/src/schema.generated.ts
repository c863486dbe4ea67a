// Placeholder until the first migration is generated from the catalogue.
// biome-ignore lint/suspicious/noEmptyInterface: filled by scripts
export interface Database {}
