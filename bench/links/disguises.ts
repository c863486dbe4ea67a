/** Thirty-two ways to write one link, each from any name; the generator behind the disguise row of `npm run bench -- links`. */
const LOOKALIKE: Readonly<Record<string, string>> = { a: 'а', e: 'е', o: 'о', p: 'р', c: 'с', s: 'ѕ', i: 'і' }
const FULL = (text: string): string =>
  text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))
const ESCAPED = (text: string): string => text.replace(/./g, (char) => `%${char.charCodeAt(0).toString(16)}`)
const inside = (text: string, what: string): string => text.slice(0, 3) + what + text.slice(3)
const dots = (text: string, dot: string): string => text.replaceAll('.', dot)

const KINDS: Readonly<Record<string, (host: string) => string>> = {
  plain: (host) => `http://${host}/a`,
  https: (host) => `https://${host}`,
  capitals: (host) => `HTTP://${host.toUpperCase()}/A`,
  subdomain: (host) => `https://www.a.${host}/`,
  port: (host) => `http://${host}:8443/x`,
  user: (host) => `http://search.example@${host}/`,
  'user and word': (host) => `https://a:b@${host}/x`,
  'final dot': (host) => `http://${host}./`,
  'escaped host': (host) => `http://${ESCAPED(host)}/`,
  'escaped letter': (host) => `http://${ESCAPED(host[0]!)}${host.slice(1)}/`,
  fragment: (host) => `http://${host}/#a`,
  query: (host) => `http://${host}?a=b`,
  'no scheme': (host) => `${host}/join`,
  'two slashes': (host) => `//${host}/join`,
  hxxp: (host) => `hxxp://${host}/`,
  hxxps: (host) => `hxxps://${host}/`,
  '[.]': (host) => `http://${dots(host, '[.]')}/`,
  '(dot)': (host) => dots(host, '(dot)'),
  'hxxp and [.]': (host) => `hxxps://${dots(host, '[.]')}/x`,
  '[dot]': (host) => dots(host, ' [dot] '),
  'dot com': (host) => dots(host, ' dot '),
  'full width': (host) => `http://${FULL(host)}/`,
  'full width dot': (host) => `http://${dots(host, '．')}/`,
  'ideographic stop': (host) => `http://${dots(host, '。')}/`,
  'zero width': (host) => `http://${inside(host, '\u200b')}/`,
  'look-alike letters': (host) => `http://${host.replace(/[aeopcsi]/, (char) => LOOKALIKE[char]!)}/`,
  'redirect wrapper': (host) => `https://out.example.org/l?u=https%3A%2F%2F${host}%2Fx`,
  'redirect wrapper, bare host': (host) => `https://out.example.org/redirect?url=${host}`,
  archive: (host) => `https://web.archive.org/web/20260101000000/https://${host}/x`,
  'view-source': (host) => `view-source:https://${host}/`,
  backslashes: (host) => `http:\\\\${host}\\x`,
  'html entity': (host) => `http://${dots(host, '&#46;')}/`,
}

export const DISGUISES = Object.keys(KINDS)

export function disguised(kind: string, host: string): string {
  return KINDS[kind]!(host)
}
