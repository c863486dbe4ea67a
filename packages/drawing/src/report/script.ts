/**
 * The page's whole program: search, role and threshold filters, and lighting up a row's node. It reads the page's own
 * elements by number and never builds markup, so an id cannot become code.
 */
export const REPORT_SCRIPT = `(() => {
  const $ = (selector) => document.querySelector(selector)
  const rows = [...document.querySelectorAll('tbody#ranked tr')]
  const picture = $('svg.network')
  const nodes = new Map([...picture.querySelectorAll('.nodes [data-node]')].map((node) => [node.dataset.node, node]))
  const links = [...picture.querySelectorAll('.edges path')]
  const rowOf = new Map(rows.filter((row) => row.dataset.node).map((row) => [row.dataset.node, row]))
  for (const row of document.querySelectorAll('tr.seed-row')) if (row.dataset.node) rowOf.set(row.dataset.node, row)
  const search = $('#search'), threshold = $('#threshold'), shown = $('#shown'), note = $('#selected')
  const boxes = [...document.querySelectorAll('input[name=role]')]

  function filter() {
    const words = search.value.trim().toLowerCase()
    const least = Number(threshold.value) / 100
    const roles = new Set(boxes.filter((box) => box.checked).map((box) => box.value))
    $('#least').textContent = threshold.value + ' %'
    let count = 0
    for (const row of rows) {
      const keep = roles.has(row.dataset.role) && Number(row.dataset.p) >= least && row.textContent.toLowerCase().includes(words)
      row.hidden = !keep
      if (keep) count++
      const node = nodes.get(row.dataset.node)
      if (node) node.classList.toggle('out', !keep)
    }
    shown.textContent = count + ' of ' + rows.length + ' rows'
    $('#none').hidden = count > 0 || rows.length === 0
  }

  let chosen = null
  function choose(number) {
    chosen = chosen === number ? null : number
    for (const row of document.querySelectorAll('tr[data-node]')) row.classList.toggle('chosen', row.dataset.node === chosen)
    for (const node of nodes.values()) node.classList.remove('lit', 'chosen')
    for (const link of links) link.classList.toggle('lit', chosen !== null && (link.dataset.a === chosen || link.dataset.b === chosen))
    picture.classList.toggle('choosing', chosen !== null)
    if (chosen === null) { note.textContent = ''; return }
    for (const link of links) {
      if (link.dataset.a === chosen) nodes.get(link.dataset.b).classList.add('lit')
      if (link.dataset.b === chosen) nodes.get(link.dataset.a).classList.add('lit')
    }
    nodes.get(chosen).classList.add('lit', 'chosen')
    const row = rowOf.get(chosen)
    note.textContent = row ? [row.dataset.name, row.dataset.say].filter(Boolean).join(': ') : nodes.get(chosen).querySelector('title').textContent
  }

  picture.addEventListener('click', (event) => {
    const node = event.target.closest('.nodes [data-node]')
    if (!node) { if (chosen !== null) choose(chosen); return }
    choose(node.dataset.node)
    const row = rowOf.get(node.dataset.node)
    if (row && chosen !== null && !row.hidden) row.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  })
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button.show')
    if (!button) return
    choose(button.closest('tr').dataset.node)
    if (chosen !== null) $('#picture').scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && chosen !== null) choose(chosen)
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && document.activeElement !== search) { event.preventDefault(); search.focus() }
  })
  search.addEventListener('input', filter)
  threshold.addEventListener('input', filter)
  for (const box of boxes) box.addEventListener('change', filter)
  $('#tools').hidden = false
  filter()
})()`
