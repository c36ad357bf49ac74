import { readFileSync } from 'node:fs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMiniProgram, type MiniProgram } from '../hosts/mini-program/create-mini-program.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/markdown/${name}.md`, import.meta.url), 'utf8')
const piecesOf = (text: string, size: number) =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size))

let folder: string
let app: MiniProgram
beforeAll(async () => {
  folder = await buildPlayApp('mp-weixin')
})
afterEach(() => app.close())

/** Plays until `last` shows; answers with what reached the units of the log. */
async function play(order: PlayOrder, last = '回答已生成完毕') {
  app = createMiniProgram(folder, { storage: { play: order } })
  await app.start()
  await app.waitFor(() => app.text().includes(last), { timeoutMs: 90_000, what: 'the end' })
  expect(app.errors).toEqual([])
  return app.setDataCalls.filter(({ component }) => component.endsWith('log-unit'))
}
const formulas = () => [...app.find('.play').querySelectorAll('.st-formula')]

describe('formulas in a mini-program', () => {
  it('are rich-text of their parts, named by their source, and sent once', async () => {
    const text = fixture('formulas')
    const calls = await play({ text: '', pieces: piecesOf(text, 20), everyMs: 8, math: 'katex' })
    expect(formulas().map((one) => one.getAttribute('aria-label'))).toContain('\\sqrt{x^2+y^2}')
    expect(formulas()).toHaveLength(14)
    expect(formulas()[0]?.textContent).toBe('E=mc2')
    expect(app.text()).toContain('$5 and $6')
    const tags = formulas().flatMap((one) => [...one.querySelectorAll('*')].map(({ tagName }) => tagName))
    expect(new Set(tags)).toEqual(new Set(['SPAN']))
    const names = formulas().flatMap((one) =>
      [...one.querySelectorAll('*')].flatMap((part) => [...part.attributes].map(({ name }) => name)),
    )
    expect(new Set(names)).toEqual(new Set(['style']))
    // Whole units at their begin, then every entry by its own path, each once.
    const keys = calls.flatMap((call) => call.keys)
    expect(keys.filter((key) => key === 's')).toHaveLength(
      app.find('.play').querySelectorAll('.st-unit').length,
    )
  })

  it('cost a text without any nothing', async () => {
    const text = fixture('prose')
    const bytes = async (order: PlayOrder) => {
      const calls = await play(order, text.trim().slice(-8))
      app.close()
      return calls.reduce((sum, call) => sum + call.bytes, 0)
    }
    // All at once: how often a stream is flushed depends on the machine.
    const plain = await bytes({ text })
    expect(plain).toBeGreaterThan(text.length)
    expect(await bytes({ text, math: 'katex' })).toBe(plain)
  })

  it('cost their parts once: less than their own HTML', async () => {
    const text = fixture('formulas')
    const calls = await play({ text, math: 'katex' }, '结尾')
    const sent = calls.reduce((sum, call) => sum + call.bytes, 0)
    const html = formulas().reduce((sum, one) => sum + Buffer.byteLength(one.innerHTML), 0)
    expect(sent).toBeLessThan(html + 2 * Buffer.byteLength(text))
  })

  it('that are wrong stay their source, and a lazy typesetter is waited for', async () => {
    await play({ text: 'bad $\\frac{1}{$ good $x^2$ end', math: 'lazy' }, 'end')
    expect(formulas()).toHaveLength(1)
    expect(app.find('.st-math--failed').textContent).toBe('\\frac{1}{')
  })
})
