/**
 * Public services that hide where a link leads. Kept short: those that take anybody's address. Operators add their own as
 * lexicon entries of kind `shortener`.
 */
const SHORTENERS: ReadonlySet<string> = new Set(
  `bit.ly bitly.com t.co tinyurl.com goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at shorturl.gg rb.gy tiny.cc t.ly
   lnkd.in amzn.to s.id dub.sh bl.ink short.io shorte.st adf.ly adfoc.us ouo.io exe.io linkvertise.com bc.vc soo.gd clck.ru vk.cc
   u.to x.gd urlz.fr kutt.it n9.cl shrtco.de 1url.com qr.ae tr.im mcaf.ee snip.ly surl.li t2m.io trib.al dlvr.it ift.tt fb.me
   wp.me db.tt g.co lc.chat rotf.lol tny.im cli.gs chilp.it da.gd git.io hyperurl.co lnk.to l.ead.me me2.do naver.me po.st qps.ru
   reurl.cc shorten.is smarturl.it spoo.me t1p.de urlr.me w.wiki zpr.io zws.im`.split(/\s+/),
)

/** Whether a canonical host belongs to a known link shortener; where it leads is not known without asking it. */
export function isShortener(host: string): boolean {
  return SHORTENERS.has(host) || (host.startsWith('www.') && SHORTENERS.has(host.slice(4)))
}
