import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildDemo } from '../hosts/build.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { openH5, serveH5 } from './h5-app.js'
import { describeScenarios } from './scenarios.js'
import { askSlowly, expectEachEventOnce, expectWholeAnswer, progressed, useStage } from './stage.js'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const platform = {
  prepare: () => buildDemo('h5'),
  serve: serveH5,
  open: (server: Parameters<typeof openH5>[1]) => openH5(browser, server),
}

describeScenarios('H5', platform)

describe('H5: a page', () => {
  const setStage = useStage(platform)

  it('that is hidden goes on reading, without a new connection', async () => {
    const stage = await setStage()
    await askSlowly(stage, '隐藏')
    await stage.app.page.hide()
    await progressed(stage, 200)
    await stage.app.page.show()
    await expectWholeAnswer(stage)
    expect(stage.api.requests).toHaveLength(1)
    await expectEachEventOnce(stage)
  })

  it('that is frozen and resumed reads on from its cursor', async () => {
    const stage = await setStage()
    const { api, app } = stage
    await askSlowly(stage, '冻结')
    await app.page.freeze()
    await progressed({ ...stage, app: { ...app, text: async () => 'frozen' } }, 200)
    await app.page.resume()
    await app.page.show()
    await expectWholeAnswer(stage)
    expect(api.requests.filter(({ lastEventId }) => lastEventId !== undefined)).toHaveLength(1)
    await expectEachEventOnce(stage)
  })

  it('that goes offline and online again reads on from its cursor', async () => {
    const stage = await setStage()
    const { api, server, app } = stage
    await askSlowly(stage, '离线')
    await app.page.setOffline(true)
    server.destroySockets()
    await app.waitFor(async () => /网络已断开|No network/.test(await app.text()))
    await progressed(stage, 100)
    await app.page.setOffline(false)
    await expectWholeAnswer(stage)
    expect(api.requests.filter(({ lastEventId }) => lastEventId !== undefined)).toHaveLength(1)
    await expectEachEventOnce(stage)
  })

  it('that is reloaded in the middle of an answer reads it from its start, without a second one', async () => {
    const stage = await setStage()
    const { api, app } = stage
    await askSlowly(stage, '刷新')
    await app.page.reload()
    await expectWholeAnswer(stage)
    expect(api.starts).toBe(1)
  })
})
