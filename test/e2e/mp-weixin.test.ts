import { describe, expect, it } from 'vitest'
import { miniProgram } from './mini-program-app.js'
import { describePhoneScenarios } from './phone-scenarios.js'
import { describeScenarios } from './scenarios.js'
import { askSlowly, expectEachEventOnce, expectWholeAnswer, resumes, useStage } from './stage.js'

const platform = miniProgram({ platform: 'weixin' })

describeScenarios('mp-weixin', platform)
describePhoneScenarios('mp-weixin', platform)

describe('mp-weixin: an app', () => {
  const setStage = useStage(platform)

  it('in the background longer than the idle limit reads on, though its request fails after the show event', async () => {
    const stage = await setStage()
    const { app } = stage
    await askSlowly(stage, '后台')
    app.host.hide({ suspendAfterMs: 100 })
    await new Promise((resume) => setTimeout(resume, 46_000))
    app.host.show()
    await expectWholeAnswer(stage)
    expect(resumes(stage)).toBe(1)
    await expectEachEventOnce(stage)
  })
})

describe('mp-weixin: a platform that delivers no chunk', () => {
  const setStage = useStage(miniProgram({ platform: 'weixin', chunked: 'unsupported' }))

  it('shows the whole answer from the body at the end', async () => {
    const stage = await setStage()
    stage.api.paceMs = 0
    await stage.app.ask('没有分块')
    await expectWholeAnswer(stage)
    await expectEachEventOnce(stage)
  })
})
