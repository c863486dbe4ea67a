import { escapeText } from '../escape.ts'
import { DRAWN_ROLES, isDrawn, ROLE_STYLES } from '../roles.ts'
import { shapeElement } from '../shapes.ts'
import { drawSvg } from '../svg.ts'
import type { DrawnRole } from '../types.ts'
import { grouped, hiddenNote, percent } from '../words.ts'
import { REPORT_SCRIPT } from './script.ts'
import { REPORT_STYLE } from './style.ts'
import type { ReportAccount, ReportInput, ReportSeed } from './types.ts'

/** SHA-256 of REPORT_SCRIPT, so that the page runs its own program and no other; a test compares it. */
export const REPORT_SCRIPT_HASH = 'Vz/1hFMOSP7D/UWG92s6NcgpSe8rdoS+8Nwq7cwUX3A='

type Listed = ReportAccount & { readonly role: DrawnRole }

/**
 * A mapped network as one HTML page that needs nothing else: picture, roles, seeds with their fit, the answer "network or not"
 * with its reason, and the ranked table with evidence, searchable. It asks no network, runs only its own script (CSP) and escapes
 * every outside text. Likely victims are never on it. Ids are shown as handed over: pseudonyms are the caller's to make.
 */
export function reportPage(input: ReportInput): string {
  const numbers = new Map(input.drawing.nodes.map((node, i) => [node.id, i]))
  const accounts = input.map.accounts.filter((account): account is Listed => isDrawn(account.role))
  const seeds = input.seeds ?? input.map.seeds
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${REPORT_SCRIPT_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${escapeText(input.title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<header>
<h1>${bidi(input.title)}</h1>
<p class="about">${aboutLine(input)}</p>
</header>
<main>
${verdictSection(input)}
${factsSection(input, accounts, seeds)}
<section class="card" id="picture" aria-label="Picture of the network">
${drawSvg(input.drawing, { title: input.title, legend: true })}
<p id="selected" role="status"></p>
</section>
<div class="columns">
${seedsSection(seeds, numbers)}
${rolesSection()}
</div>
${rankedSection(input, accounts, numbers)}
</main>
<footer>${footer(input)}</footer>
<script>${REPORT_SCRIPT}</script>
</body>
</html>
`
}

function aboutLine({ pseudonymous, madeAt }: ReportInput): string {
  const names = pseudonymous
    ? 'Accounts are shown under pseudonyms.'
    : '<strong>Accounts are shown under their own ids: keep this page as carefully as the data it came from.</strong>'
  return `${madeAt ? `Made ${escapeText(madeAt)}. ` : ''}${names}`
}

function verdictSection({ map }: ReportInput): string {
  const heading = map.isNetwork ? 'These seeds belong to one network' : 'This is not a network'
  return `<section class="card verdict ${map.isNetwork ? 'yes' : 'no'}">
<h2>${heading}</h2>
<p>${bidi(map.reason)} Probability that the seeds are connected as a network: <strong>${percent(map.networkProbability)}</strong>.</p>
</section>`
}

function factsSection({ map }: ReportInput, accounts: readonly Listed[], seeds: readonly ReportSeed[]): string {
  const facts: [string, string][] = [
    [grouped(seeds.length), seeds.length === 1 ? 'seed' : 'seeds'],
    [grouped(accounts.filter((account) => account.member).length), 'members found'],
    [percent(map.cut.threshold), 'probability at the cut'],
    [grouped(map.audienceCount), 'audience, not members'],
  ]
  return `<div class="facts">${facts.map(([figure, text]) => `<div><b>${figure}</b><span>${text}</span></div>`).join('')}</div>`
}

function seedsSection(seeds: readonly ReportSeed[], numbers: ReadonlyMap<string, number>): string {
  const rows = seeds.map((seed) => {
    const state = !seed.known
      ? '<span class="bad">not in the data</span>'
      : seed.fits
        ? '<span class="ok">fits</span>'
        : '<span class="bad">does not fit the others</span>'
    const number = numbers.get(seed.account)
    return `<tr class="seed-row"${numberAttribute(number)} data-name="${escapeText(seed.account)}"><td class="id">${nameCell(seed.account, number)}</td><td class="p">${seed.known ? bar(seed.fit) : ''}</td><td>${state}</td></tr>`
  })
  return `<section class="card"><h2>Seeds</h2><table><thead><tr><th>Account</th><th>Fit</th><th>Judgement</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`
}

function rolesSection(): string {
  const rows = DRAWN_ROLES.map(
    (role) => `<tr><td class="role">${roleCell(role)}</td><td class="why">${ROLE_STYLES[role].meaning}</td></tr>`,
  )
  return `<section class="card"><h2>Roles</h2><table class="legend-table"><thead><tr><th>Role</th><th>In this network, an account that</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`
}

function rankedSection(input: ReportInput, accounts: readonly Listed[], numbers: ReadonlyMap<string, number>): string {
  const lastMember = accounts.findLastIndex((account) => account.member)
  const rows = accounts.map((account, i) => rankedRow(account, i, i === lastMember, numbers.get(account.account)))
  const total = input.total ?? accounts.length
  const more =
    total > accounts.length
      ? `<p class="about">+${grouped(total - accounts.length)} more, ranked below these, are not listed.</p>`
      : ''
  const body =
    accounts.length > 0
      ? `<div class="scroll"><table><thead><tr><th class="num">Rank</th><th>Account</th><th>Probability</th><th>Role</th><th>Why it is here</th></tr></thead><tbody id="ranked">${rows.join('\n')}</tbody></table></div><p id="none" hidden>No row matches. Clear the search or lower the threshold.</p>${more}`
      : '<p>No account is ranked. With seeds that are not connected, that is the answer.</p><table hidden><tbody id="ranked"></tbody></table><p id="none" hidden></p>'
  return `<section class="card long"><h2>Ranked accounts</h2>${tools(accounts)}${body}</section>`
}

function rankedRow(account: Listed, i: number, isLastMember: boolean, number: number | undefined): string {
  const { role, probability } = account
  return `<tr data-role="${role}" data-p="${probability}"${numberAttribute(number)} data-name="${escapeText(account.account)}" data-say="${escapeText(account.sentence)}"${isLastMember ? ' class="edge-of-cut"' : ''}><td class="num">${i + 1}</td><td class="id">${nameCell(account.account, number)}</td><td class="p">${bar(probability)}</td><td class="role">${roleCell(role)}</td><td class="why">${bidi(account.sentence)}</td></tr>`
}

function tools(accounts: readonly Listed[]): string {
  const present = DRAWN_ROLES.filter((role) => accounts.some((account) => account.role === role))
  const boxes = present.map(
    (role) =>
      `<label><input type="checkbox" name="role" value="${role}" checked> ${ROLE_STYLES[role].name} (${grouped(accounts.filter((account) => account.role === role).length)})</label>`,
  )
  return `<div id="tools" hidden><label>Search <input id="search" type="search" placeholder="account or evidence ( / )"></label>${boxes.join('')}<label>At least <input id="threshold" type="range" min="0" max="100" value="0"><output id="least">0 %</output></label><span id="shown" role="status"></span></div>`
}

function footer(input: ReportInput): string {
  const note = hiddenNote(input.drawing)
  const guarded =
    'Accounts that may be victims are protected and never listed. Probability means: member of this network, given that the seeds are; it says nothing about what a person did.'
  return `<p>${note ? `${escapeText(note)} ` : ''}${guarded}</p>${input.watermark ? `<p>${bidi(input.watermark)}</p>` : ''}`
}

function nameCell(account: string, number: number | undefined): string {
  return number === undefined
    ? bidi(account)
    : `<button class="show" type="button" title="Show in the picture">${bidi(account)}</button>`
}

function roleCell(role: DrawnRole): string {
  const { shape, hollow, letter, name } = ROLE_STYLES[role]
  const mark = `<svg class="network" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><g class="node ${role}">${shapeElement(shape, 9, 9, 7, `class="${hollow ? 'hollow' : 'solid'}"`)}<text x="9" y="11.8" font-size="8">${letter}</text></g></svg>`
  return `${mark}${name}`
}

function bar(share: number): string {
  const width = Math.round(Math.max(0, Math.min(1, share)) * 64)
  return `<svg width="64" height="8" viewBox="0 0 64 8" aria-hidden="true"><rect class="bar-bg" width="64" height="8" rx="3"/><rect class="bar" width="${width}" height="8" rx="3"/></svg>${percent(share)}`
}

function numberAttribute(number: number | undefined): string {
  return number === undefined ? '' : ` data-node="${number}"`
}

function bidi(text: string): string {
  return `<bdi>${escapeText(text)}</bdi>`
}
