import { describe, expect, it } from 'vitest'
import type { StaticServer } from '../hosts/static-server.js'
import { openMiniProgram, serveApi } from './mini-program-app.js'
import {
  describeScenarios,
  expectEachEventOnce,
  expectWholeAnswer,
  progressed,
  useStage,
} from './scenarios.js'

const platform = {
  serve: serveApi,
  open: (server: StaticServer) => openMiniProgram(server, { platform: 'toutiao' }),
}

describeScenarios('mp-toutiao', platform, ['HTML instead of a stream', 'JSON instead of a stream'])

describe('mp-toutiao: an app', () => {
  const setStage = useStage(platform)

  it('that was suspended in the background reads on, though its stream fails after the show event', async () => {
    const stage = await setStage()
    const { api, app } = stage
    api.paceMs = 6
    await app.ask('后台')
    await app.waitFor(async () => (await app.shown()).length > 100)
    app.host.hide({ suspendAfterMs: 50 })
    await progressed(stage, 100)
    app.host.show()
    await expectWholeAnswer(stage)
    expect(api.requests.filter(({ lastEventId }) => lastEventId !== undefined)).toHaveLength(1)
    await expectEachEventOnce(stage)
  })

  it('streams with createEventSource', async () => {
    const { app } = await setStage()
    await app.ask('抖音')
    await app.waitFor(async () => (await app.shown()).length > 100)
    expect(app.host.apiCalls.map(({ name }) => name)).toContain('createEventSource')
  })
})
