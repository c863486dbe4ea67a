/** The 200 harmless terms of the benchmark: invented names, phrases, short ordinary words, 13 scripts, pictographs, digits. */
import { type Random, randomInt } from '@firebreak/kernel'

const PHRASES =
  'paper lantern|seashell trade|copper kettle|velvet curtain|garden gnome|winter picnic|marble stairs|silver teapot|wooden spoon club|orange umbrella|quiet harbour|pebble market|cotton balloon|glass marmot|purple wheelbarrow|sleepy lighthouse|lemon biscuit|rusty anchor|painted egg swap|hollow pumpkin|amber button|feather duster|maple syrup ring|violet notebook|walnut drawer|crystal doorknob|burlap sack race|tin whistle|plaid blanket|clay pigeon choir|bamboo ladder|mossy bridge|toffee apple|woollen sock|pickle barrel|brass compass|ginger cookie|ivory domino|knitted scarf|porcelain frog'
const SHORT =
  'tap|pen|ham|rose|lamp|corn|grape|bell|cork|dial|plum|mint|oak|jar|kite|fern|vest|wool|yarn|clam|moss|pond|reed|sage|tide|vine|barn|crab|dove|gem'
const SCRIPTS =
  'фонарь|скрепка|ракушка|чайник|φανάρι|κοχύλι|θάλασσα|فانوس|صدفة|مظلة|פנס|צדף|עפיפון|लालटेन|सीपी|লণ্ঠন|ঝিনুক|விளக்கு|โคมไฟ|เปลือกหอย|ფარანი|ნიჟარა|լապտեր|խեցի|纸灯笼|贝壳交换|ちょうちん|カイガラ|종이등|조개껍데기'
const EMOJI = '🍒🚀|🧁🎈|👩‍🚀🪁|🌵🎩|🐚🐚🔑|🕯️🎏|🧵🪡|🥨🛶|👍🏽🥁|🪁🍋'
const DIGITS = 'route66|agent47|lamp3000|7seas|orbit9|zone51|studio54|cloud9x|t800kit|4square'

const ONSETS = 'b br c ch cl d dr f fl g gl gr h j k kl l m n p pl pr qu r s sh sk st t tr v w z zw'.split(' ')
const VOWELS = 'a e i o u oo ai ea'.split(' ')
const CODAS = ['', '', 'b', 'ck', 'd', 'g', 'l', 'll', 'm', 'n', 'nd', 'p', 'r', 'ss', 't', 'x', 'zz']

export function inventedWord(random: Random, syllables: number): string {
  const pick = (from: readonly string[]) => from[randomInt(random, from.length)]!
  return Array.from({ length: syllables }, () => pick(ONSETS) + pick(VOWELS) + pick(CODAS)).join('')
}

/** Distinct invented words, as many as asked for. */
export function inventedWords(random: Random, count: number): string[] {
  const words = new Set<string>()
  while (words.size < count) {
    const word = inventedWord(random, 2 + randomInt(random, 2))
    if (word.length >= 5) words.add(word)
  }
  return [...words]
}

export interface BenchTerm {
  readonly term: string
  readonly group: 'invented' | 'phrase' | 'short' | 'script' | 'emoji' | 'digits'
}

export function benchTerms(random: Random): BenchTerm[] {
  const group = (list: string, name: BenchTerm['group']) => list.split('|').map((term) => ({ term, group: name }))
  return [
    ...inventedWords(random, 80).map((term) => ({ term, group: 'invented' as const })),
    ...group(PHRASES, 'phrase'),
    ...group(SHORT, 'short'),
    ...group(SCRIPTS, 'script'),
    ...group(EMOJI, 'emoji'),
    ...group(DIGITS, 'digits'),
  ]
}
