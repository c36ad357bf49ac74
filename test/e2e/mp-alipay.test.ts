import { describe, expect, it } from 'vitest'
import { miniProgram, serveSockets } from './mini-program-app.js'
import { describePhoneScenarios } from './phone-scenarios.js'
import { describeScenarios } from './scenarios.js'
import { askSlowly, expectEachEventOnce, expectWholeAnswer, useStage } from './stage.js'

const options = { platform: 'alipay' } as const
const platform = miniProgram(options, serveSockets)

describeScenarios('mp-alipay', platform)
describePhoneScenarios('mp-alipay', platform)

describe('mp-alipay: an app', () => {
  const setStage = useStage(platform)

  it('streams over a WebSocket of its own', async () => {
    const stage = await setStage()
    await askSlowly(stage, '支付宝')
    const { apiCalls, requests } = stage.app.host
    const opened = apiCalls.filter(({ name }) => name === 'connectSocket')
    expect(opened.map(({ argument }) => argument)).toMatchObject([{ multiple: true }])
    expect(requests.map(({ kind }) => kind)).toEqual(['socket'])
  })
})

describe('mp-alipay: a server without WebSocket', () => {
  const setStage = useStage(miniProgram(options))

  it('gives the first answer as one body, the next by long polls, and is asked once for each', async () => {
    const stage = await setStage()
    const { api } = stage
    api.paceMs = 0
    await stage.app.ask('整个')
    await expectWholeAnswer(stage)
    const polls = () => api.requests.filter(({ path }) => path.endsWith('/events')).length
    expect([api.starts, polls()]).toEqual([1, 0])

    // Long enough for the library to see that the body does not come in pieces.
    api.paceMs = 3
    await stage.app.ask('分段')
    await expectWholeAnswer(stage)
    expect(polls()).toBeGreaterThan(1)
    await expectEachEventOnce(stage, 2)
  })
})
