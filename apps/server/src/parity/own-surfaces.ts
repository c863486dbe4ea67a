import { type ParityCase, PLACES } from './cases.ts'
import type { ParityAnswer } from './compare.ts'

/** Questions together, so that they are lists and no probes. */
const AT_ONCE = 100

type Ask = (question: object) => Promise<{
  readonly verdicts: readonly { readonly action: string; readonly interstitial?: { readonly kind: string } }[]
}>

/** Asks `POST /v1/verdicts` about every case, place by place. */
export async function askOwnSurfaces(
  cases: readonly ParityCase[],
  ask: Ask,
  tell: (done: number) => void,
): Promise<ParityAnswer[]> {
  const answers: ParityAnswer[] = []
  for (const { name, surface, type } of PLACES) {
    const here = cases.filter(({ place }) => place === name)
    for (let from = 0; from < here.length; from += AT_ONCE) {
      const some = here.slice(from, from + AT_ONCE)
      const { verdicts } = await ask({ surface, subjects: some.map(({ text }) => ({ type, text })) })
      for (const [i, one] of some.entries()) answers.push({ ...one, verdict: wordOf(verdicts[i]!) })
      tell(answers.length)
    }
  }
  return answers
}

function wordOf({ action, interstitial }: { action: string; interstitial?: { kind: string } }): string {
  return interstitial ? `${action}: ${interstitial.kind}` : action
}
