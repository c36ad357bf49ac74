import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { describeKills } from './kills.js'
import { buildTalkApp, openTab, type TalkApp } from './talk-app.js'
import { startTalkServer, type TalkServer } from './talk-server.js'

let folder: string
let browser: Browser
beforeAll(async () => {
  folder = await buildTalkApp('h5')
  browser = await launchChromium()
})
afterAll(() => browser?.close())

// Each server has an origin of its own, whose storage is empty.
describeKills('H5', {
  serve: () => startTalkServer(folder),
  install: async (server) => () => openTab(browser, server),
})

describe('two tabs of one conversation', () => {
  let server: TalkServer | undefined
  const tabs: TalkApp[] = []
  afterEach(async () => {
    for (const tab of tabs.splice(0)) await tab.kill()
    await server?.close()
  })

  test('show the same: questions and answers of either, while they are written and after', async () => {
    const served = (server = await startTalkServer(folder))
    const open = async () => {
      const tab = await openTab(browser, served)
      tabs.push(tab)
      return tab
    }
    const [one, other] = [await open(), await open()]
    const same = (what: string, ...wanted: RegExp[]) =>
      other.waitFor(what, async () => {
        const lines = [await one.lines(), await other.lines()]
        return lines.every(
          (shown) =>
            shown.length === wanted.length && wanted.every((line, index) => line.test(shown[index] ?? '')),
        )
      })
    await one.type('slow one')
    await one.press('send')
    await same('the half answer is in both', /slow one/, /half of/)
    served.letGo()
    await same('the whole answer is in both', /slow one/, /answer to: submit-message slow one \(done\)/)
    await other.type('two')
    await other.press('send')
    await same(
      'the answer of the other is in both',
      /slow one/,
      /\(done\)/,
      /two/,
      /submit-message two \(done\)/,
    )
    expect([served.runs, served.posts]).toEqual([['submit-message slow one', 'submit-message two'], 2])
    await one.kill()
    tabs.splice(0, 1)
    const next = await open()
    expect(await next.lines()).toEqual(await other.lines())
  })

  test('go on where one of them is closed in the middle: the other reads the rest, and sends what waited, once', async () => {
    const served = (server = await startTalkServer(folder))
    const open = async () => {
      const tab = await openTab(browser, served)
      tabs.push(tab)
      return tab
    }
    const [one, other] = [await open(), await open()]
    const shows = (...wanted: RegExp[]) =>
      other.waitFor(`the other shows ${wanted.join(' ')}`, async () => {
        const lines = await other.lines()
        return lines.length === wanted.length && wanted.every((line, index) => line.test(lines[index] ?? ''))
      })
    await one.type('slow one')
    await one.press('send')
    await shows(/slow one/, /half of/)
    await one.type('two')
    await one.press('send')
    await other.waitFor('it waits', async () => (await other.queue()) === 'two')
    await one.kill()
    tabs.splice(0, 1)
    served.letGo()
    await shows(
      /slow one/,
      /answer to: submit-message slow one \(done\)/,
      /two/,
      /submit-message two \(done\)/,
    )
    expect(await other.queue()).toBe('')
    expect([served.runs, served.posts]).toEqual([['submit-message slow one', 'submit-message two'], 2])
  })
})
