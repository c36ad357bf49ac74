import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createTextFeed } from '../../components/streaming-text/text-feed.js'
import { UnitBlocks, type BlockUnit } from '../../components/streaming-text/unit-blocks.js'

const text = ['prose', 'code', 'tables', 'lists']
  .map((name) => readFileSync(new URL(`../fixtures/markdown/${name}.md`, import.meta.url), 'utf8'))
  .join('\n')

/** Streams a text in pieces; `see` is called with every unit after each. */
function stream(whole: string, size: number, see: (units: readonly BlockUnit[]) => void = () => undefined) {
  const feed = createTextFeed({})
  const blocks = new UnitBlocks()
  const units: BlockUnit[] = []
  const claim = () => {
    for (let found = blocks.claim(); found; found = blocks.claim()) units.push(found.unit)
  }
  for (let at = size; at < whole.length + size; at += size) {
    blocks.write(feed.take(whole.slice(0, at)))
    claim()
    see(units)
  }
  blocks.write(feed.end())
  claim()
  return units
}

const segmentsOf = (unit: BlockUnit) =>
  unit.blocks.flatMap(({ segments, rows }) => [
    ...segments,
    ...rows.flatMap(({ cells }) => cells.flatMap((cell) => cell.segments)),
  ])
const shown = (units: readonly BlockUnit[]) => units.flatMap(segmentsOf).map(({ t }) => t)

describe('blocks for platforms without view scripts', () => {
  it('are the same text however it is cut, and no piece of it changes', () => {
    let before: string[] = []
    const units = stream(text, 29, (now) => {
      const texts = shown(now)
      expect(texts.slice(0, before.length)).toEqual(before)
      before = texts
    })
    expect(units.length).toBeGreaterThan(3)
    expect(shown(units).join('')).toBe(shown(stream(text, text.length)).join(''))
  })

  it('keep the place of a long number beside what follows in its item', () => {
    const [unit] = stream('1949. a\n\n      b\n', 40)
    expect(unit?.blocks.map(({ rails }) => rails.map(({ c, t }) => `${t} ${c.includes('blank')}`))).toEqual([
      ['1949. false'],
      ['1949. true'],
    ])
  })
})
