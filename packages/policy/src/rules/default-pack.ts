import type { RuleSource } from './rule.ts'

const base = { owner: 'firebreak', state: 'LIVE' } as const
const drop = { ...base, action: 'drop', reason: 'not-eligible' } as const

/**
 * The default policy pack. Of the rules that apply, the strictest action decides, the first among equals. Suspicion ends
 * amplification and lowers a rank; it closes no door. What a rule does not know it does not decide: that is counted.
 */
export const DEFAULT_PACK: readonly RuleSource[] = [
  {
    ...drop,
    id: 'member-not-amplified',
    statement: true,
    says: 'The account, or the author of the content, is labelled as a likely member of a mapped network.',
    when: `reach == 'amplifies' && subject.standing == 'member'`,
  },
  {
    ...base,
    id: 'member-ranked-lower',
    action: 'downrank',
    reason: 'limited-reach',
    statement: true,
    says: 'A likely member of a mapped network was asked for; it is shown lower, not hidden.',
    when: `reach == 'ranks' && subject.standing == 'member'`,
  },
  {
    ...drop,
    id: 'strict-adjacent-not-amplified',
    says: 'Strict mode: near neighbours of a mapped network are proposed to nobody.',
    when: `policy.strict && reach == 'amplifies' && near(subject)`,
  },
  {
    ...drop,
    id: 'suspects-apart',
    says: 'Viewer and account are both near a network; accounts under suspicion are not connected with each other.',
    when: `reach == 'amplifies' && near(viewer) && near(subject)`,
  },
  {
    ...drop,
    id: 'contagion-limit',
    says: 'The viewer had contact with a mapped network; its near neighbours, found or not, are not proposed next.',
    when: `reach == 'amplifies' && exposure != 'none'
        && (subject.standing == 'adjacent' || subject.actedOnMembers)`,
  },
  {
    ...drop,
    id: 'flooded-list',
    says: 'Most of this list is a mapped network and its near neighbours; the platform should fall back to its non-personal list.',
    when: `reach == 'amplifies' && exposure == 'flooded'`,
  },
  {
    ...drop,
    id: 'adult-to-minor',
    says: 'An adult and a minor who are not connected are not proposed to each other.',
    when: `reach == 'amplifies' && ageBand(viewer) == 'adult'
        && author.age == 'minor' && !surely(related(viewer, author))`,
  },
  {
    ...drop,
    id: 'minor-to-adult',
    says: 'A minor is not proposed accounts of adults it is not connected with.',
    when: `surface in ['recommend_accounts', 'follow_prompt'] && ageBand(viewer) == 'minor'
        && author.age == 'adult' && !surely(related(viewer, author))`,
  },
  {
    ...drop,
    id: 'adult-minor-message',
    reason: 'not-available',
    says: 'No unsolicited message between an adult and a minor who are not connected.',
    when: `surface == 'message' && !surely(related(viewer, author))
        && ((ageBand(viewer) == 'adult' && author.age == 'minor')
            || (ageBand(viewer) == 'minor' && author.age == 'adult'))`,
  },
  {
    ...drop,
    id: 'minor-connections-hidden',
    reason: 'not-available',
    says: 'Whom a minor is connected with is shown to nobody it is not connected with.',
    when: `subject.type == 'connections' && author.age == 'minor' && !surely(related(viewer, author))`,
  },
  {
    ...drop,
    id: 'strict-age-unknown',
    says: 'Strict mode: where one side is a minor and the age of the other is not known, they are treated as adult and minor.',
    when: `policy.strict && (reach == 'amplifies' || surface == 'message')
        && ((ageBand(viewer) == 'minor' && author.age == 'unknown')
            || (ageBand(viewer) == 'unknown' && author.age == 'minor'))
        && !surely(related(viewer, author))`,
  },
  {
    ...drop,
    id: 'outreach-closed',
    reason: 'not-available',
    says: 'An adult has approached many minors it is not connected with, and was blocked or reported, or approached still more: no further prompt or message towards a minor or an account of unknown age.',
    when: `surface in ['recommend_accounts', 'recommend_content', 'follow_prompt', 'message', 'comment']
        && ageBand(viewer) != 'minor' && author.age != 'adult'
        && (countIn(viewer, 'outreach.minors', '7d') >= policy.outreachMinors
            || countIn(viewer, 'outreach.minors', '30d') >= 2 * policy.outreachMinors)
        && (countIn(viewer, 'blocked-by', '30d') + countIn(viewer, 'reported-by', '30d') > 0
            || countIn(viewer, 'outreach.minors', '30d') >= 3 * policy.outreachMinors)`,
  },
  {
    ...drop,
    id: 'outreach-not-amplified',
    says: 'An account with the pattern of approaching many minors is not proposed to minors or to accounts of unknown age.',
    when: `reach == 'amplifies' && ageBand(viewer) != 'adult' && author.age == 'adult'
        && (countIn(author, 'outreach.minors', '7d') >= policy.outreachMinors
            || countIn(author, 'outreach.minors', '30d') >= 2 * policy.outreachMinors)
        && (countIn(author, 'blocked-by', '30d') + countIn(author, 'reported-by', '30d') > 0
            || countIn(author, 'outreach.minors', '30d') >= 3 * policy.outreachMinors)`,
  },
  {
    ...drop,
    id: 'known-media',
    reason: 'not-available',
    statement: true,
    says: 'A medium of the content equals an entry of a bank that the operator adopted.',
    when: `subject.type == 'content' && hasLabel(subject, 'known-media')`,
  },
  {
    ...drop,
    id: 'known-media-look',
    reason: 'not-available',
    says: 'A medium of the content is close to a bank entry, or not yet confirmed against it; a person looks first.',
    when: `reach == 'amplifies' && subject.type == 'content' && hasLabel(subject, 'known-media-look')`,
  },
  {
    ...drop,
    id: 'listed-text-not-proposed',
    reason: 'not-available',
    says: 'The stored text of the content holds a term or link of a list in force.',
    when: `reach == 'amplifies' && subject.type == 'content' && hasLabel(subject, 'listed-text')`,
  },
  {
    ...base,
    id: 'text-held',
    action: 'hold',
    reason: 'not-available',
    says: 'The text holds a term or link of a list in force, whose entry asks for a look by people first.',
    when: `text.action == 'hold'`,
  },
  {
    ...base,
    id: 'text-listed',
    action: 'drop',
    reason: 'not-available',
    says: 'The text holds a term or link of a list in force, whose entry closes it.',
    when: `text.action == 'drop'`,
  },
  {
    ...base,
    id: 'text-not-proposed',
    action: 'drop',
    reason: 'not-available',
    says: 'Nothing that a list in force names is completed, suggested or shown as a trend.',
    when: `reach == 'amplifies' && text.action != ''`,
  },
  {
    ...base,
    id: 'text-interstitial',
    action: 'interstitial',
    interstitial: 'listed',
    reason: 'not-available',
    says: 'The text holds a term or link of a list in force, whose entry asks for a screen in between.',
    when: `reach != 'amplifies' && text.action in ['stop', 'warn', 'resources', 'interstitial']`,
  },
  {
    ...base,
    id: 'text-caution',
    action: 'caution',
    reason: 'limited-reach',
    says: 'The text holds a term or link of a list in force, whose entry asks for a mark.',
    when: `reach != 'amplifies' && text.action == 'caution'`,
  },
  {
    ...base,
    id: 'text-ranked-lower',
    action: 'downrank',
    reason: 'limited-reach',
    says: 'The text holds a term or link of a list in force, whose entry lowers its rank.',
    when: `reach != 'amplifies' && text.action == 'downrank'`,
  },
]
