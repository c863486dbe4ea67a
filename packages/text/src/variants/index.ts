export { type Post, tagsIn } from './post.ts'
export {
  suggestVariants,
  type VariantEvidence,
  type VariantQuery,
  type VariantSuggestion,
} from './suggest.ts'
