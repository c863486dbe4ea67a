export { DISGUISES, type Disguise } from './disguises.ts'
export { type Post, postOf, tagsIn } from './post.ts'
export {
  suggestVariants,
  type VariantEvidence,
  type VariantQuery,
  type VariantSuggestion,
} from './suggest.ts'
