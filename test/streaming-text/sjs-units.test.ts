import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { plainText } from '../e2e/plain-text.js'
import { createMiniProgram, type MiniProgram } from '../hosts/mini-program/create-mini-program.js'
import type { PlayOrder } from './app/play-order.js'
import { buildPlayApp } from './build-app.js'
import { corpus, piecesOf } from './corpus.js'

const TEXT = '.st-run'

// Their view scripts (SJS) fold the log as WeChat's do.
describe.each(['alipay', 'toutiao'] as const)('on %s', (platform) => {
  let folder: string
  let app: MiniProgram
  beforeAll(async () => {
    folder = await buildPlayApp(`mp-${platform}`)
  })
  afterEach(() => app.close())

  async function play(order: PlayOrder) {
    app = createMiniProgram(folder, { platform, storage: { play: order } })
    await app.start()
  }
  const texts = (selector: string) =>
    [...app.find('.play').querySelectorAll(selector)].map((element) => element.textContent ?? '')
  /** Entries of a unit's log that were set before: text is sent again. One unit follows the other. */
  function entriesSentAgain() {
    const again: string[] = []
    let sent = new Set<string>()
    for (const { component, keys } of app.setDataCalls) {
      if (!component.endsWith('log-unit')) continue
      if (keys.includes('s')) sent = new Set()
      for (const key of keys.filter((one) => one.startsWith('s['))) {
        if (sent.has(key)) again.push(key)
        sent.add(key)
      }
    }
    return again
  }
  const ended = () =>
    app.waitFor(() => texts(TEXT).length > 0 && texts('.streaming-text__stop').length === 0, {
      timeoutMs: 120_000,
      what: 'the end of the text',
    })

  it('streamed text is the whole text, and every piece of it is sent once', async () => {
    // Slower than the component flushes, so that every piece is a flush of its own.
    await play({ text: '', pieces: piecesOf(corpus, 60), everyMs: 55 })
    await ended()
    await app.waitFor(() => app.text().includes('回答已生成完毕'))
    expect(app.setDataStats().bytes / Buffer.byteLength(corpus)).toBeLessThan(1.6)
    expect(entriesSentAgain()).toEqual([])
    expect(texts(TEXT).join('').replace(/\s/g, '')).toBe(plainText(corpus).replace(/\s/g, ''))
    expect(app.errors).toEqual([])
  })

  it('a copy button copies its block, and a tap on a link is handed to the app', async () => {
    await play({ text: '[site](https://example.com/a)\n\n```js\nlet a\n```\n\n```py\nb = 1\n```\n' })
    await ended()
    // A unit shows its text before it takes taps.
    await app.waitFor(() => {
      app.tap('.st-link')
      return app.text('.play__noted') === 'link https://example.com/a'
    })
    app.tap('.st-row:last-child .st-pre__copy')
    await app.waitFor(() => app.text('.play__noted') === 'copy b = 1')
  })

  it('a code slot shows each code block, and text goes on after it', async () => {
    const text = 'before\n\n```js\nlet a\nlet b\n```\n\nafter\n'
    await play({ text: '', pieces: piecesOf(text, 5), everyMs: 60, codeSlot: true })
    await ended()
    await app.waitFor(() => texts('.play__code')[0]?.includes('done'), { what: 'the slot' })
    // On Douyin a component is ready a while after its place is.
    await app.waitFor(() => texts(TEXT).length > 1, { what: 'the text behind it' })
    expect(texts('.play__code')).toEqual(['js|let a\nlet b|done'])
    expect(texts(TEXT)).toEqual(['before', 'after'])
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

  it('a component in the other branch of a condition appears, though it is made before its page has data', async () => {
    await play({ text: '', pieces: ['before ', 'and after'], everyMs: 60, codeSlot: true })
    await ended()
    await app.waitFor(() => texts('.st-run').join('') === 'before and after')
    expect(texts('.play__actions')).toEqual(['actions'])
    expect(app.console.filter(({ type }) => type === 'error')).toEqual([])
  })

  it('a plain text stays as it is', async () => {
    await play({ text: '**not bold**\n\n- x', markdown: false })
    await ended()
    expect(texts('.st-run').join('')).toBe('**not bold**\n\n- x')
  })
})
