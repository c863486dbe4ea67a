import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { share } from '../parts/words.ts'
import { tableLines } from './arms.ts'
import type { Line } from './Curve.tsx'

type Scheme = 'light' | 'dark'

const STROKES: Readonly<Record<Line['key'], Readonly<Record<Scheme, string>> & { readonly dash: number[] }>> = {
  before: { light: '#c2410c', dark: '#ff9055', dash: [] },
  after: { light: '#0a7a5c', dark: '#4bd6a8', dash: [] },
  'benign-before': { light: '#667085', dark: '#9aa6b6', dash: [7, 5] },
  'benign-after': { light: '#1f62b0', dark: '#6bb4ff', dash: [2, 4] },
}

/** Lines with bands. The table beside it says the same to those who do not see it. */
export function Chart({ lines }: { readonly lines: readonly Line[] }) {
  const scheme = useComputedColorScheme('light')
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const plot = new uPlot(options(lines, scheme, element.clientWidth), dataOf(lines), element)
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [lines, scheme])
  const said = lines.map(({ name, arm }) => `${name}: ${share(arm.total.share)}`).join('; ')
  return <div ref={box} className="chart" role="img" aria-label={`Share in the network over ten refreshes. ${said}.`} />
}

const HEIGHT = 330

function dataOf(lines: readonly Line[]): uPlot.AlignedData {
  const rows = tableLines(lines.map(({ arm }) => arm))
  const columns = lines.flatMap((_, i) => [
    rows.map(({ cells }) => part(cells[i]?.share)),
    rows.map(({ cells }) => part(cells[i]?.low)),
    rows.map(({ cells }) => part(cells[i]?.high)),
  ])
  return [rows.map(({ refresh }) => refresh), ...columns]
}

function part(value: number | undefined): number | null {
  return value === undefined ? null : value * 100
}

function options(lines: readonly Line[], scheme: Scheme, width: number): uPlot.Options {
  const text = scheme === 'light' ? '#475467' : '#aab4c3'
  const grid = { stroke: scheme === 'light' ? '#e6eaf0' : '#1e2735', width: 1 }
  const font = '12px system-ui, sans-serif'
  return {
    width,
    height: HEIGHT,
    padding: [14, 20, 0, 0],
    cursor: { y: false, points: { size: 7 } },
    legend: { show: false },
    scales: { x: { time: false }, y: { range: (_, __, high) => [0, Math.max(1, high * 1.08)] } },
    axes: [
      {
        stroke: text,
        grid: { show: false },
        ticks: { show: false },
        font,
        label: 'Refresh',
        labelFont: font,
        labelSize: 18,
        size: 30,
        incrs: [1, 2, 5],
      },
      {
        stroke: text,
        grid,
        ticks: { show: false },
        font,
        size: 52,
        values: (_, values) => values.map((value) => `${value} %`),
      },
    ],
    series: [{}, ...lines.flatMap(({ key }) => series(STROKES[key][scheme], STROKES[key].dash))],
    bands: lines.map(({ key }, i) => ({ series: [3 * i + 3, 3 * i + 2], fill: `${STROKES[key][scheme]}2e` })),
  }
}

/** The line itself and the two edges of its band, which are not drawn. */
function series(stroke: string, dash: number[]): uPlot.Series[] {
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } }
  return [{ stroke, width: 2.5, dash, points: { show: true, size: 5, fill: stroke } }, edge, edge]
}
