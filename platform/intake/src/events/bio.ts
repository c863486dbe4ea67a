const NAME = '[a-z0-9][a-z0-9._-]{1,63}'
const ACCOUNT = '(?: ?(?:acc(?:oun)?t?s?|page|profile|handle))?'
const MARK = ' ?(?:(?:is|are|[:=>→-]{1,2}) ?)?'
const LIST = `(?:@${NAME}(?:[ ,/&+|]{1,3}(?:and )?)?)+`
/** "backup: @a, @b", "2nd acc @a", "if gone @a": an introduction, then names with an @. */
const INTRODUCED = new RegExp(
  `(?<![a-z0-9@])(?:(?:back[ -]?up|spare|reserve|second|2nd|other|alt|new|main)${ACCOUNT}|if (?:this (?:one )?is )?(?:gone|removed|deleted)|also (?:at|on))${MARK}(${LIST})`,
  'gu',
)
/** "backup: name", "spare → name": without an @ only where the words leave no doubt. */
const BARE = new RegExp(`(?<![a-z0-9@])(?:back[ -]?up|spare|reserve|2nd acc)${ACCOUNT} ?[:=>→-]{1,2} ?(${NAME})`, 'gu')
const AT_NAME = new RegExp(`@(${NAME})`, 'gu')

const READ = 5_000
const MOST = 10

/**
 * Names of other accounts that a profile text gives as its own further accounts ("backup: @name"). Neutral shapes
 * only; a plain mention ("with @friend") is not one. Lower case, without the @, in the order written, at most 10.
 * A claim like this is a lead, never a ground: anyone can write any name. Reads the first 5,000 characters, linear.
 */
export function backupHandles(text: string): string[] {
  const read = text.slice(0, READ).normalize('NFKC').toLowerCase()
  const found = new Set<string>()
  for (const claim of read.matchAll(INTRODUCED)) for (const name of claim[1]!.matchAll(AT_NAME)) add(found, name[1]!)
  for (const claim of read.matchAll(BARE)) add(found, claim[1]!)
  return [...found]
}

function add(found: Set<string>, written: string): void {
  const name = written.replace(/[._-]+$/, '')
  if (name.length >= 2 && found.size < MOST) found.add(name)
}
