import { describe, it, expect } from 'vitest'
import type { PhoneApp } from './chat-app.js'
import {
  askSlowly,
  expectEachEventOnce,
  expectWholeAnswer,
  progressed,
  resumed,
  resumes,
  useStage,
  type Platform,
} from './stage.js'

/** What must hold wherever the system suspends apps and takes their network away. */
export function describePhoneScenarios(name: string, platform: Platform<PhoneApp>): void {
  const setStage = useStage(platform)

  describe(`${name}: an answer`, () => {
    it('goes on from its cursor when the app comes back from the background, where its connections were cut', async () => {
      const stage = await setStage()
      await askSlowly(stage, '后台')
      await stage.app.phone.hide({ suspendAfterMs: 50 })
      await progressed(stage, 100)
      await stage.app.phone.show()
      await resumed(stage)
      await expectWholeAnswer(stage)
      // What is cut is reported after the show event: it must not be taken for a loss of the new connection.
      expect(resumes(stage)).toBe(1)
      await expectEachEventOnce(stage)
    })

    it('waits for the network when it is lost, and reads on', async () => {
      const stage = await setStage()
      const { app } = stage
      await askSlowly(stage, '断网')
      await app.phone.setNetwork('none')
      await app.waitFor(async () => /网络已断开|No network/.test(await app.text()))
      expect(resumes(stage)).toBe(0)
      await progressed(stage, 100)
      await app.phone.setNetwork('wifi')
      await resumed(stage)
      await expectWholeAnswer(stage)
      await expectEachEventOnce(stage)
    })
  })
}
