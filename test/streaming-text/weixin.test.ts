import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { plainText } from '../e2e/plain-text.js'
import { createMiniProgram, type MiniProgram } from '../hosts/mini-program/create-mini-program.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { corpus, piecesOf } from './corpus.js'

let folder: string
let app: MiniProgram
beforeAll(async () => {
  folder = await buildPlayApp('mp-weixin')
})
afterEach(() => app.close())

async function play(order: PlayOrder) {
  app = createMiniProgram(folder, { storage: { play: order } })
  await app.start()
}
const ended = () =>
  app.waitFor(() => texts('.st-run').length > 0 && texts('.streaming-text__stop').length === 0, {
    timeoutMs: 90_000,
    what: 'the end of the text',
  })
const texts = (selector: string) =>
  [...app.find('.play').querySelectorAll(selector)].map((element) => element.textContent ?? '')

describe('in a mini-program', () => {
  it('streamed text is the whole text, and every entry of the log is sent once', async () => {
    await play({ text: '', pieces: piecesOf(corpus, 60), everyMs: 8 })
    await ended()
    await app.waitFor(() => app.text().includes('回答已生成完毕'))
    const shown = texts('.st-run').join('')
    expect(shown.replace(/\s/g, '')).toBe(plainText(corpus).replace(/\s/g, ''))
    const keys = app.setDataCalls
      .filter(({ component }) => component.endsWith('log-unit'))
      .flatMap((call) => call.keys)
    const begun = keys.filter((key) => key === 's').length
    expect(begun).toBe(texts('.st-unit').length)
    // Beside the log, its cursor and its label, only what the framework sets once for a component with a tap.
    const others = keys.filter((key) => !/^(s|l|t|s\[\d+\])$/.test(key))
    expect(others.length).toBeLessThanOrEqual(4 * begun)
    expect(app.errors).toEqual([])
  })

  it('a copy button copies its block, and a tap on a link is handed to the app', async () => {
    await play({ text: '[site](https://example.com/a)\n\n```js\nlet a\n```\n\n```py\nb = 1\n```\n' })
    await ended()
    app.tap('.st-link')
    await app.waitFor(() => app.text('.play__noted') === 'link https://example.com/a')
    app.find('.st-row:last-child .st-pre__copy').dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))
    app.find('.st-row:last-child .st-pre__copy').dispatchEvent(new MouseEvent('mouseup', { bubbles: true }))
    await app.waitFor(() => app.text('.play__noted') === 'copy b = 1')
  })

  it('a code slot shows each code block, and text goes on after it', async () => {
    const text = 'before\n\n```js\nlet a\nlet b\n```\n\nafter\n'
    await play({ text: '', pieces: piecesOf(text, 5), everyMs: 60, codeSlot: true })
    await ended()
    await app.waitFor(() => texts('.play__code')[0]?.includes('done'), { what: 'the slot' })
    expect(texts('.play__code')).toEqual(['js|let a\nlet b|done'])
    expect(texts('.st-run')).toEqual(['before', 'after'])
    expect(texts('.play__actions')).toEqual(['actions'])
  })

  it('reasoning folds away when the answer begins, and opens at a tap', async () => {
    await play({
      text: '',
      pieces: ['<think>\nhm, well\n', '\nyes\n</think>\n', '\nIt is 42.\n'],
      everyMs: 4000,
    })
    await app.waitFor(() => app.text().includes('hm, well'))
    const closed = () => app.find('.st-section__body').className.includes('--closed')
    expect(closed()).toBe(false)
    await ended()
    await app.waitFor(closed)
    app.tap('.st-reasoning')
    await app.waitFor(() => !closed())
    expect(app.text('.st-reasoning')).toMatch(/已深度思考/)
  })

  it('a plain text stays as it is', async () => {
    await play({ text: '**not bold**\n\n- x', markdown: false })
    await ended()
    expect(texts('.st-run').join('')).toBe('**not bold**\n\n- x')
  })
})
