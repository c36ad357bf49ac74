import { describe, expect, it } from 'vitest'
import { miniProgram } from './mini-program-app.js'
import { describePhoneScenarios } from './phone-scenarios.js'
import { describeScenarios } from './scenarios.js'
import { useStage } from './stage.js'

const platform = miniProgram({ platform: 'toutiao' })

describeScenarios('mp-toutiao', platform, ['HTML instead of a stream', 'JSON instead of a stream'])
describePhoneScenarios('mp-toutiao', platform)

describe('mp-toutiao: an app', () => {
  const setStage = useStage(platform)

  it('streams with createEventSource', async () => {
    const { app } = await setStage()
    await app.ask('抖音')
    await app.waitFor(async () => (await app.shown()).length > 100)
    expect(app.host.apiCalls.map(({ name }) => name)).toContain('createEventSource')
  })
})
