import { describe, expect, it } from 'vitest'
import {
  describeScenarios,
  expectEachEventOnce,
  expectWholeAnswer,
  progressed,
  useStage,
} from './scenarios.js'
import { openMiniProgram, serveApi } from './mini-program-app.js'

const platform = { serve: serveApi, open: openMiniProgram }

describeScenarios('mp-weixin', platform)

describe('mp-weixin: an app', () => {
  const setStage = useStage(platform)

  it('in the background longer than the idle limit reads on, though its request fails after the show event', async () => {
    const stage = await setStage()
    const { api, app } = stage
    api.paceMs = 4
    await app.ask('后台')
    await app.waitFor(async () => (await app.shown()).length > 100)
    app.host.hide({ suspendAfterMs: 100 })
    await new Promise((resume) => setTimeout(resume, 46_000))
    app.host.show()
    await expectWholeAnswer(stage)
    expect(api.requests.filter(({ lastEventId }) => lastEventId !== undefined)).toHaveLength(1)
    await expectEachEventOnce(stage)
  }, 90_000)

  it('that comes back to an answer still being written goes on with it', async () => {
    const stage = await setStage()
    const { api, app } = stage
    api.paceMs = 6
    await app.ask('后台')
    await app.waitFor(async () => (await app.shown()).length > 100)
    app.host.hide({ suspendAfterMs: 50 })
    await progressed(stage, 100)
    app.host.show()
    await expectWholeAnswer(stage)
    await expectEachEventOnce(stage)
  })

  it('without network waits for it and reads on', async () => {
    const stage = await setStage()
    const { api, app } = stage
    api.paceMs = 6
    await app.ask('断网')
    await app.waitFor(async () => (await app.shown()).length > 100)
    app.host.setNetwork('none')
    await app.waitFor(async () => /回到前台后继续|Paused/.test(await app.text()))
    await progressed(stage, 100)
    app.host.setNetwork('wifi')
    await expectWholeAnswer(stage)
    await expectEachEventOnce(stage)
  })
})

describe('mp-weixin: a platform that delivers no chunk', () => {
  const setStage = useStage({
    serve: serveApi,
    open: (server) => openMiniProgram(server, { chunked: 'unsupported' }),
  })

  it('shows the whole answer from the body at the end', async () => {
    const stage = await setStage()
    stage.api.paceMs = 0
    await stage.app.ask('没有分块')
    await expectWholeAnswer(stage)
    await expectEachEventOnce(stage)
  })
})
