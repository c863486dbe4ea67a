import { parseUrl } from './canonical.ts'

/** An account, an invitation or a shared folder at a known service, spelled the same however its link was written. */
export interface ServiceRef {
  readonly service: string
  readonly kind: 'account' | 'invite' | 'folder'
  /** Accounts in lower case where the service ignores case; codes as written, because case tells them apart. */
  readonly name: string
}

/** `host` and path patterns of one service; `$1` of a pattern is the name. Paths are matched with their fragment. */
interface Service {
  readonly service: string
  readonly hosts: readonly string[]
  readonly invites?: readonly RegExp[]
  readonly folders?: readonly RegExp[]
  readonly accounts?: readonly RegExp[]
}

const NAME = '([\\w.-]{2,64})'
const CODE = '([\\w-]{4,128})'
const first = (pattern: string): RegExp => new RegExp(`^/${pattern}(?:[/?#]|$)`)
/** First path segments that are pages of the service itself. */
const PAGES =
  /^(?:about|app|blog|business|channel|channels|developers|download|events|explore|groups?|hashtag|help|home|i|images|intent|legal|login|messages|p|pages|photos?|policies|privacy|reels?|safety|search|settings|share|signup|stories|support|tags?|terms|trending|tv|watch|video|invite|joinchat|c|s|r|u|user|add|t)$/i

const SERVICES: readonly Service[] = [
  {
    service: 'telegram',
    hosts: ['t.me', 'telegram.me', 'telegram.dog'],
    invites: [first(`joinchat/${CODE}`), first('\\+([\\w-]{8,128})')],
    accounts: [first(`s/${NAME}`), first(NAME)],
  },
  {
    service: 'discord',
    hosts: ['discord.gg', 'discord.com', 'discordapp.com', 'dsc.gg'],
    invites: [first(`invite/([\\w-]{2,32})`)],
  },
  { service: 'whatsapp', hosts: ['chat.whatsapp.com'], invites: [first(`(?:invite/)?${CODE}`)] },
  { service: 'signal', hosts: ['signal.group'], invites: [/#([\w=+-]{16,512})/] },
  { service: 'matrix', hosts: ['matrix.to'], invites: [/#\/(#[^/?]{2,255})/], accounts: [/#\/(@[^/?]{2,255})/] },
  { service: 'guilded', hosts: ['guilded.gg'], invites: [first(`i/${CODE}`)] },
  { service: 'snapchat', hosts: ['snapchat.com'], accounts: [first(`(?:add|u)/${NAME}`), first(`@${NAME}`)] },
  {
    service: 'instagram',
    hosts: ['instagram.com', 'instagr.am', 'ig.me'],
    accounts: [first(`stories/${NAME}`), first(`m/${NAME}`), first(NAME)],
  },
  { service: 'threads', hosts: ['threads.net', 'threads.com'], accounts: [first(`@${NAME}`)] },
  { service: 'x', hosts: ['x.com', 'twitter.com', 'nitter.net'], accounts: [first(`@?(\\w{1,15})`)] },
  { service: 'tiktok', hosts: ['tiktok.com'], accounts: [first(`@${NAME}`)] },
  { service: 'youtube', hosts: ['youtube.com'], accounts: [first(`@${NAME}`), first(`(?:channel|c|user)/${NAME}`)] },
  {
    service: 'facebook',
    hosts: ['facebook.com', 'fb.com', 'fb.me'],
    invites: [first(`groups/${NAME}`)],
    accounts: [/^\/profile\.php\?(?:.*&)?id=(\d{3,20})/, first(NAME)],
  },
  { service: 'reddit', hosts: ['reddit.com'], accounts: [first(`u(?:ser)?/${NAME}`)] },
  { service: 'twitch', hosts: ['twitch.tv'], accounts: [first(NAME)] },
  { service: 'vk', hosts: ['vk.com', 'vk.ru'], accounts: [first(NAME)] },
  { service: 'linktree', hosts: ['linktr.ee'], accounts: [first(NAME)] },
  {
    service: 'mega',
    hosts: ['mega.nz', 'mega.io', 'mega.co.nz'],
    folders: [/^\/(?:folder|file)\/([\w-]{6,16})/, /^\/#F?!([\w-]{6,16})/],
  },
  { service: 'dropbox', hosts: ['dropbox.com'], folders: [/^\/(?:scl\/fo|sh|s)\/([\w-]{6,40})/] },
  {
    service: 'google-drive',
    hosts: ['drive.google.com'],
    folders: [/^\/drive\/(?:u\/\d\/)?folders\/([\w-]{10,80})/, /^\/file\/d\/([\w-]{10,80})/],
  },
]
const BY_HOST = new Map(SERVICES.flatMap((service) => service.hosts.map((host) => [host, service] as const)))

/**
 * The account, invitation or folder a link names, or null. Takes the link as written (`FoundLink.written`): codes differ by case
 * and some stand in the fragment.
 */
export function serviceRef(link: string): ServiceRef | null {
  const parts = parseUrl(link)
  if (!parts) return null
  const host = parts.host.replace(/^(?:www|m|mobile|old|new|web|vm|l|[a-z]{2}-[a-z]{2})\./, '')
  const known = BY_HOST.get(host)
  if (!known) return subdomainAccount(parts.host)
  const path = decodedPath(link)
  if (host === 'discord.gg' || host === 'dsc.gg')
    return named(known.service, 'invite', /^\/([\w-]{2,32})/.exec(path)?.[1])
  return (
    named(known.service, 'invite', firstMatch(known.invites, path)) ??
    named(known.service, 'folder', firstMatch(known.folders, path)) ??
    named(known.service, 'account', firstMatch(known.accounts, path))
  )
}

/** `telegram:invite:CODE`: one string for lists and edges. */
export function serviceKey({ service, kind, name }: ServiceRef): string {
  return `${service}:${kind}:${name}`
}

function subdomainAccount(host: string): ServiceRef | null {
  const found = /^([a-z0-9_-]{4,32})\.t\.me$/.exec(host)
  return found ? named('telegram', 'account', found[1]) : null
}

function named(service: string, kind: ServiceRef['kind'], name: string | undefined): ServiceRef | null {
  if (name === undefined || (kind === 'account' && PAGES.test(name))) return null
  return { service, kind, name: kind === 'account' && service !== 'youtube' ? name.toLowerCase() : name }
}

function firstMatch(patterns: readonly RegExp[] | undefined, path: string): string | undefined {
  for (const pattern of patterns ?? []) {
    const name = pattern.exec(path)?.[1]
    if (name !== undefined) return name
  }
  return undefined
}

function decodedPath(link: string): string {
  const rest = link.replace(/^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/)?[^/?#]*/i, '')
  try {
    return decodeURIComponent(rest.startsWith('/') ? rest : `/${rest}`)
  } catch {
    return rest
  }
}
