/**
 * Ordinary texts of our own writing, to estimate how often an entry would hit what nobody means: posts, questions, hashtags, handles,
 * places and technical talk in four languages, varied by the words below. Deterministic; about 300 kB.
 */
const FRAMES: readonly string[] = [
  'Does anyone know where I can buy a {thing} near the {place}?',
  'My {person} made a {thing} out of paper and it turned out {quality}.',
  'We took the {vehicle} to the {place} and it rained all {time}.',
  'Looking for a {quality} recipe with {food} and {food}, any ideas?',
  'The {animal} next door sleeps on our {thing} every {time}.',
  'New {hobby} video is up: how to fix a broken {thing} in ten minutes.',
  'Lost my {thing} at the {place} on {day}, please write if you found it.',
  'Happy birthday to my {quality} {person}! #{hobby} #{food} #{time}',
  'I am learning {hobby} and my {person} says it sounds {quality}.',
  'Tickets for the {place} are sold out until {day}.',
  'How do I remove {food} from a {thing}? It looks {quality} now.',
  'Our school play needs a {thing}, a {animal} costume and two lanterns.',
  'The {vehicle} was late, so I read a book about {hobby} at the {place}.',
  'Anyone up for {hobby} at the {place} this {time}? #{hobby}club #{place}life',
  'That {animal} photo is {quality}, which camera did you use?',
  'Prices for {food} went up again; the market by the {place} is still fine.',
  'Error 404 while loading the {thing} page, cache cleared, version 2.4.1, see issue 3217.',
  'Please review: parse the {thing} token, trim blanks, return null for an empty string.',
  'Order 8812-A: 3 x {thing}, 1 x {food}, shipping to the {place} by {day}.',
  'Weather at the {place}: {quality} in the morning, wind from the west, 12 degrees.',
  'Der {hobby}kurs am {day} fällt aus, weil die Leiterin krank ist.',
  'Hat jemand Lust, am Wochenende zum See zu fahren? Wir nehmen {food} mit.',
  'Unsere Katze liegt wieder auf der Heizung, sehr {quality} heute.',
  'Ich suche eine Wohnung in der Nähe vom Bahnhof, zwei Zimmer, Balkon.',
  'Le marché du {day} est ouvert jusqu’à midi, il y a des fraises et du fromage.',
  'Ma sœur apprend la guitare, les voisins sont patients.',
  'On cherche des bénévoles pour la fête de l’école, samedi matin.',
  'Quelqu’un a trouvé une écharpe rouge près de la gare ?',
  '¿Alguien sabe a qué hora abre la biblioteca el {day}?',
  'Mi perro aprendió a abrir la puerta de la cocina, ayuda.',
  'Vendo bicicleta azul, casi nueva, con luces y candado.',
  'La receta de mi abuela lleva arroz, tomate y mucha paciencia.',
  '#{hobby} #{place}vibes #weekendplans #{food}lover',
  '@{person}_{animal}42 thanks for the {thing}!',
  'small{thing}s.example is my little shop for {hobby} supplies',
]
const WORDS: Readonly<Record<string, readonly string[]>> = {
  thing:
    'lamp kettle lantern shelf mirror basket ladder candle blanket teapot drawer carpet window keyboard jacket umbrella bottle pencil notebook seashell frame vase'.split(
      ' ',
    ),
  place:
    'station harbour library museum garden bakery stadium river castle market theatre forest bridge gallery airport village beach'.split(
      ' ',
    ),
  person: 'sister brother neighbour teacher grandfather cousin friend aunt colleague boss doctor'.split(' '),
  quality: 'lovely strange bright quiet terrible wonderful cold dusty gentle funny sweet heavy cheap honest'.split(' '),
  vehicle: 'train bus ferry tram bicycle boat'.split(' '),
  time: 'morning evening weekend summer winter night week month'.split(' '),
  food: 'cheese pizza bread soup apple honey rice tomato chocolate coffee noodles pepper lemon'.split(' '),
  animal: 'cat dog rabbit parrot horse turtle hedgehog pigeon lamb'.split(' '),
  hobby: 'knitting chess sailing pottery gardening running painting singing climbing photography baking trading'.split(
    ' ',
  ),
  day: 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday Montag Samstag lundi dimanche lunes sábado'.split(' '),
}
const ROUNDS = 130

/** The corpus, one post a string. Built on first use, kept afterwards. */
export function benignPosts(): readonly string[] {
  posts ??= build()
  return posts
}
let posts: readonly string[] | undefined

/** Its size in UTF-8. */
export function benignBytes(): number {
  bytes ??= benignPosts().reduce((sum, post) => sum + Buffer.byteLength(post), 0)
  return bytes
}
let bytes: number | undefined

function build(): string[] {
  const all: string[] = []
  const used = new Map<string, number>()
  for (let round = 0; round < ROUNDS; round++)
    for (const frame of FRAMES)
      all.push(
        frame.replace(/\{(\w+)\}/g, (_, slot: string) => {
          const words = WORDS[slot]!
          // A step that no list's length divides, so that every word meets every other.
          const next = (used.get(slot) ?? 0) + 1
          used.set(slot, next)
          return words[(next * 7 + round) % words.length]!
        }),
      )
  return all
}

/** Everyday words: an entry that is one of them hits what everybody writes. The commonest of English, German, French and Spanish. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `the and that have for not with you this but his from they say her she will one all would there their what out about who get which when make can like
  time just him know take people into year your good some could them see other than then now look only come its over think also back after use two how our
  work first well way even new want because any these give day most man woman child children boy girl kid kids baby family friend friends mother father
  parent parents school teacher student home house room door street city town country world water food eat drink sleep play game games music song movie film
  photo photos picture pictures video videos book story news love heart happy sad funny cute beautiful pretty young old teen teens little big small long short
  high low right left hand eye face head hair body life live free open close start stop help please thank thanks sorry hello bye yes okay today tomorrow week
  month morning night summer winter spring sun moon star sky sea beach river mountain tree flower garden cat dog bird fish horse apple bread cheese cake pizza
  coffee tea milk sugar salt rice red blue green yellow black white pink gold silver money buy sell trade shop store price sale gift card phone computer online
  link page site web app chat group club team party dance sport football run walk car bus train plane boat travel hotel trip art draw paint paper pen lamp light
  shell lantern candle box bag shirt shoes dress hat ring watch doctor nurse health care safe safety sign name number word letter list map key code test send share
  follow like comment post tag search find trade menu model daily classic special private public secret
  der die das und ist nicht mit ein eine auf für von haben werden kann auch nach wie wenn aber noch nur schon hier heute morgen kind kinder mädchen junge schule
  mutter vater freund freunde haus stadt straße wasser essen trinken spielen spiel musik bild bilder film buch liebe schön klein groß jung alt neu gut
  le la les des est pas avec une pour dans qui sur que plus tout bien faire être avoir enfant enfants fille garçon école mère père ami amis maison ville eau manger
  jouer jeu musique image images vidéo livre amour joli petit grand jeune vieux nouveau bon
  el los las una por con para que más todo bien hacer ser tener niño niña niños escuela madre padre amigo amigos casa ciudad agua comer jugar juego música foto
  imagen vídeo libro amor bonito pequeño grande joven viejo nuevo bueno`
    .trim()
    .split(/\s+/),
)
