/** `stop`: there is no way on. `warn`: asks before going on. `resources`: offers help first. */
export const INTERSTITIAL_KINDS = ['stop', 'warn', 'resources'] as const
/** One of `INTERSTITIAL_KINDS`. */
export type InterstitialKind = (typeof INTERSTITIAL_KINDS)[number]

/** The words of a screen. They never repeat what was asked for. */
export interface InterstitialText {
  readonly title: string
  readonly body: string
  /** Label of the way to help. */
  readonly help: string
  readonly back: string
  readonly anyway: string
}

type Languages = Readonly<Record<string, InterstitialText>>

const en = { help: 'Find confidential help', back: 'Go back', anyway: 'See results anyway' }
const de = { help: 'Vertrauliche Hilfe finden', back: 'Zurück', anyway: 'Ergebnisse trotzdem sehen' }
const fr = { help: 'Trouver une aide confidentielle', back: 'Retour', anyway: 'Voir quand même les résultats' }
const es = { help: 'Buscar ayuda confidencial', back: 'Volver', anyway: 'Ver los resultados de todos modos' }
const pt = { help: 'Procurar ajuda confidencial', back: 'Voltar', anyway: 'Ver os resultados mesmo assim' }

/**
 * By kind, variant and language. Variants stand for different reasons to stop, so that a trial can tell which one helps:
 * `harm` names the harm to others, `law` the consequence, `support` the way out; `plain` gives no reason.
 */
export const INTERSTITIAL_TEXTS: Readonly<Record<InterstitialKind, Readonly<Record<string, Languages>>>> = {
  stop: {
    harm: {
      en: {
        title: 'This search is not available',
        body: 'Material like this comes from real harm to real people. Every view continues it.',
        ...en,
      },
      de: {
        title: 'Diese Suche ist nicht verfügbar',
        body: 'Solches Material entsteht durch echtes Leid echter Menschen. Jeder Aufruf setzt es fort.',
        ...de,
      },
      fr: {
        title: 'Cette recherche n’est pas disponible',
        body: 'Ces contenus naissent d’un tort réel fait à de vraies personnes. Chaque vue le prolonge.',
        ...fr,
      },
      es: {
        title: 'Esta búsqueda no está disponible',
        body: 'Este material nace de un daño real a personas reales. Cada visita lo prolonga.',
        ...es,
      },
      pt: {
        title: 'Esta pesquisa não está disponível',
        body: 'Este material nasce de um dano real a pessoas reais. Cada visualização prolonga-o.',
        ...pt,
      },
    },
    law: {
      en: {
        title: 'This search is not available',
        body: 'Looking for or sharing such material is a crime in most countries.',
        ...en,
      },
      de: {
        title: 'Diese Suche ist nicht verfügbar',
        body: 'Solches Material zu suchen oder zu teilen ist in den meisten Ländern strafbar.',
        ...de,
      },
      fr: {
        title: 'Cette recherche n’est pas disponible',
        body: 'Rechercher ou partager de tels contenus est un délit dans la plupart des pays.',
        ...fr,
      },
      es: {
        title: 'Esta búsqueda no está disponible',
        body: 'Buscar o compartir este material es delito en la mayoría de los países.',
        ...es,
      },
      pt: {
        title: 'Esta pesquisa não está disponível',
        body: 'Procurar ou partilhar este material é crime na maioria dos países.',
        ...pt,
      },
    },
    support: {
      en: {
        title: 'This search is not available',
        body: 'If you are worried about your own thoughts or somebody else’s, you can talk to someone in confidence.',
        ...en,
      },
      de: {
        title: 'Diese Suche ist nicht verfügbar',
        body: 'Wenn Ihnen eigene Gedanken oder die eines anderen Sorgen machen, können Sie vertraulich mit jemandem sprechen.',
        ...de,
      },
      fr: {
        title: 'Cette recherche n’est pas disponible',
        body: 'Si vos pensées ou celles d’une autre personne vous inquiètent, vous pouvez en parler en toute confidence.',
        ...fr,
      },
      es: {
        title: 'Esta búsqueda no está disponible',
        body: 'Si te preocupan tus pensamientos o los de otra persona, puedes hablar con alguien en confianza.',
        ...es,
      },
      pt: {
        title: 'Esta pesquisa não está disponível',
        body: 'Se os seus pensamentos ou os de outra pessoa o preocupam, pode falar com alguém em confiança.',
        ...pt,
      },
    },
  },
  warn: {
    harm: {
      en: {
        title: 'Before you go on',
        body: 'This may lead to material that hurts people. Consider going back.',
        ...en,
      },
      de: {
        title: 'Bevor Sie fortfahren',
        body: 'Das kann zu Material führen, das Menschen schadet. Überlegen Sie, ob Sie zurückgehen.',
        ...de,
      },
      fr: {
        title: 'Avant de continuer',
        body: 'Ceci peut mener à des contenus qui font du tort à des personnes. Pensez à revenir en arrière.',
        ...fr,
      },
      es: {
        title: 'Antes de continuar',
        body: 'Esto puede llevar a material que daña a personas. Considera volver atrás.',
        ...es,
      },
      pt: {
        title: 'Antes de continuar',
        body: 'Isto pode levar a material que prejudica pessoas. Pondere voltar atrás.',
        ...pt,
      },
    },
    plain: {
      en: { title: 'Before you go on', body: 'What you asked for is often used for unsafe material.', ...en },
      de: {
        title: 'Bevor Sie fortfahren',
        body: 'Wonach Sie gefragt haben, wird oft für unsicheres Material verwendet.',
        ...de,
      },
      fr: { title: 'Avant de continuer', body: 'Votre demande sert souvent à des contenus dangereux.', ...fr },
      es: { title: 'Antes de continuar', body: 'Lo que pediste se usa a menudo para material inseguro.', ...es },
      pt: { title: 'Antes de continuar', body: 'O que pediu é usado muitas vezes para material inseguro.', ...pt },
    },
  },
  resources: {
    support: {
      en: {
        title: 'Help is available',
        body: 'If this is about something that happened to you or someone you know, you are not alone.',
        ...en,
      },
      de: {
        title: 'Es gibt Hilfe',
        body: 'Wenn es um etwas geht, das Ihnen oder jemandem in Ihrer Nähe passiert ist: Sie sind nicht allein.',
        ...de,
      },
      fr: {
        title: 'De l’aide existe',
        body: 'S’il s’agit de quelque chose qui vous est arrivé, à vous ou à un proche, vous n’êtes pas seul.',
        ...fr,
      },
      es: {
        title: 'Hay ayuda',
        body: 'Si se trata de algo que te pasó a ti o a alguien cercano, no estás solo.',
        ...es,
      },
      pt: {
        title: 'Há ajuda',
        body: 'Se se trata de algo que lhe aconteceu a si ou a alguém próximo, não está só.',
        ...pt,
      },
    },
    plain: {
      en: {
        title: 'Help is available',
        body: 'People who know about this can answer your questions in confidence.',
        ...en,
      },
      de: {
        title: 'Es gibt Hilfe',
        body: 'Menschen, die sich damit auskennen, beantworten Ihre Fragen vertraulich.',
        ...de,
      },
      fr: {
        title: 'De l’aide existe',
        body: 'Des personnes qui connaissent le sujet répondent à vos questions en toute confidence.',
        ...fr,
      },
      es: {
        title: 'Hay ayuda',
        body: 'Personas que conocen el tema pueden responder a tus preguntas con confidencialidad.',
        ...es,
      },
      pt: { title: 'Há ajuda', body: 'Pessoas que conhecem o tema respondem às suas perguntas em confiança.', ...pt },
    },
  },
}
