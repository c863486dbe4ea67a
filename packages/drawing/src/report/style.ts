/** The page's looks: light and dark by the reader's setting, one column on paper. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--text:#101828;--quiet:#475467;--line:#dfe3ea;--accent:#1f62b0;--good:#0a7a5c;--warn:#9a4a08;--warnbg:#fff4e8;--goodbg:#e9f7f1;--pick:#e8f0fb}
@media (prefers-color-scheme:dark){:root{--page:#0b0f16;--card:#11161f;--text:#eef2f8;--quiet:#aab4c3;--line:#263040;--accent:#6bb4ff;--good:#4bd6a8;--warn:#ffb37d;--warnbg:#2a1c10;--goodbg:#0f2620;--pick:#182639}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:17px;margin:0 0 10px}
.about{color:var(--quiet);margin:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px 20px;margin:16px 0}
.verdict{border-left:6px solid var(--warn);background:var(--warnbg)}
.verdict.no{border-left-color:var(--good);background:var(--goodbg)}
.verdict h2{font-size:20px;margin:0 0 4px}
.verdict p{margin:0;max-width:80ch}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:16px 0}
.facts div{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:12px 16px}
.facts b{display:block;font-size:24px;line-height:1.2;font-variant-numeric:tabular-nums}
.facts span{color:var(--quiet);font-size:13px}
#picture{padding:0;overflow:hidden}
#picture svg.network{display:block;width:100%;height:auto}
#picture svg.network .node{cursor:pointer}
#picture svg.network .node.out{opacity:.12}
#picture svg.network.choosing .node:not(.lit),#picture svg.network.choosing .edges path:not(.lit),#picture svg.network.choosing .labels{opacity:.1}
#picture svg.network.choosing .legend .node{opacity:1}
#picture svg.network .edges path.lit{stroke:var(--ink);stroke-opacity:.8;stroke-width:1.4}
#picture svg.network .node.chosen .solid,#picture svg.network .node.chosen .hollow{stroke:var(--ink);stroke-width:2.5}
#selected{margin:0;padding:10px 20px 14px;color:var(--quiet);min-height:2.6em;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse;font-size:14px}
th{text-align:left;color:var(--quiet);font-weight:600;font-size:12.5px;border-bottom:1px solid var(--line);padding:6px 8px;background:var(--card)}
td{padding:7px 8px;border-bottom:1px solid var(--line);vertical-align:top}
td.num,th.num{text-align:right;font-variant-numeric:tabular-nums}
td.id{overflow-wrap:anywhere;min-width:120px;max-width:280px;font-weight:500}
td.why{color:var(--quiet);overflow-wrap:anywhere}
tr.chosen td{background:var(--pick)}
tr.edge-of-cut td{border-bottom:2px dashed var(--quiet)}
td.p{white-space:nowrap;min-width:130px;font-variant-numeric:tabular-nums}
td.p svg{vertical-align:middle;margin-right:8px}
.bar-bg{fill:var(--line)}.bar{fill:var(--accent)}
.role{white-space:nowrap}
.role svg{vertical-align:-4px;margin-right:6px}
button.show{all:unset;cursor:pointer;color:var(--accent);overflow-wrap:anywhere;text-align:left}
button.show:hover{text-decoration:underline}
button.show:focus-visible,input:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
#tools{display:flex;flex-wrap:wrap;gap:10px 22px;align-items:center;margin-bottom:12px}
#tools[hidden]{display:none}
#tools label{display:inline-flex;gap:6px;align-items:center}
#search{font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:8px;padding:7px 12px;width:260px;max-width:100%}
#shown{color:var(--quiet);margin-left:auto}
.legend-table td:first-child{width:130px}
.columns{display:grid;grid-template-columns:1.3fr 1fr;gap:16px}
.columns .card{margin:0}
.bad{color:var(--warn);font-weight:600}.ok{color:var(--good);font-weight:600}
.scroll{overflow-x:auto}
footer{color:var(--quiet);font-size:13px;padding-bottom:40px}
@media (max-width:760px){.columns{grid-template-columns:1fr}}
@media print{:root{--page:#fff;--card:#fff;--text:#000;--quiet:#333;--line:#ccc;--accent:#1f62b0;--good:#0a7a5c;--warn:#9a4a08;--warnbg:#fff;--goodbg:#fff}
body{font-size:11px}#tools,#selected{display:none!important}.card{break-inside:avoid}.card.long{break-inside:auto;border:0;padding:0}tr{break-inside:avoid}thead{display:table-header-group}main,header,footer{max-width:none;padding:0}}
`
