import { describe, expect, it } from 'vitest'
import type { ChatApp } from './chat-app.js'
import {
  askSlowly,
  expectEachEventOnce,
  expectWholeAnswer,
  progressed,
  useStage,
  type Platform,
} from './stage.js'

/** Refusals of the kind are seen as lost connections: the platform tells neither type nor body of an answer. */
type Unseen = 'HTML instead of a stream' | 'JSON instead of a stream'

/** What must hold on every platform, with the real server. */
export function describeScenarios<App extends ChatApp>(
  name: string,
  platform: Platform<App>,
  unseen: readonly Unseen[] = [],
): void {
  const setStage = useStage(platform)

  describe(`${name}: an answer`, () => {
    it('of 20 KB with Chinese and emoji arrives to the character', async () => {
      const stage = await setStage()
      await stage.app.ask('你好')
      await expectWholeAnswer(stage)
      await expectEachEventOnce(stage)
    })

    it('arrives to the character when the server writes one byte at a time', async () => {
      const stage = await setStage()
      stage.api.dribble = true
      stage.api.paceMs = 0
      await stage.app.ask('一个字节一个字节地写')
      await expectWholeAnswer(stage)
      await expectEachEventOnce(stage)
    })

    it('survives 20 destroyed connections with one start', async () => {
      const stage = await setStage()
      const { api, server, app } = stage
      api.paceMs = 8
      // A share of the answer for each connection, so that none can be missed because the answer ended.
      const share = Math.floor(api.pieces / 22)
      api.heldAt = share
      await app.ask('断断续续')
      for (let cut = 0; cut < 20; cut++) {
        const before = (await app.shown()).length
        const isReading = async () => api.requests.length > cut && (await app.shown()).length > before + 20
        await app.waitFor(isReading, { what: `text after cut ${cut}` })
        expect(server.destroySockets()).toBeGreaterThan(0)
        api.heldAt += share
      }
      await expectWholeAnswer(stage)
      expect(api.requests.filter(({ method }) => method === 'GET').length).toBeGreaterThanOrEqual(20)
      await expectEachEventOnce(stage)
    })

    it('goes on when its page was left and is entered again', async () => {
      const stage = await setStage()
      const { app } = stage
      await askSlowly(stage, '离开再回来')
      await app.waitFor(async () => (await app.shown()).length > 200)
      await app.leaveChat()
      await progressed(stage, 100)
      await app.enterChat()
      await app.waitFor(async () => (await app.shown()).length > 200, { what: 'the text so far' })
      await expectWholeAnswer(stage)
      await expectEachEventOnce(stage)
    })
  })

  describe(`${name}: stop`, () => {
    it('keeps the text, aborts the producer, and reconnects nothing, from either page', async () => {
      const stage = await setStage()
      const { api, app } = stage
      api.paceMs = 10
      await app.ask('停下来')
      await app.waitFor(async () => (await app.shown()).length > 100)
      await app.stop()
      await app.waitFor(async () => /已停止生成|Stopped/.test(await app.text()))
      const kept = await app.stored()
      expect(kept?.status).toBe('stopped')
      expect(kept?.answer.length).toBeGreaterThan(100)
      expect(api.text.startsWith(kept?.answer ?? '?')).toBe(true)

      await app.waitFor(async () => api.stopTookMs !== undefined, { what: 'the abort' })
      expect(api.stopTookMs).toBeLessThan(200)

      await app.ask('停下来')
      await app.waitFor(async () => (await app.stored())?.status === 'streaming')
      await app.leaveChat()
      await app.stopFromChannels()
      await app.waitFor(async () => api.stops === 2, { what: 'the stop' })
      await app.enterChat()
      await app.waitFor(async () => (await app.stored())?.status === 'stopped')
      // One more answer, start to end: time enough for whatever those before might still have tried.
      api.paceMs = 1
      await app.ask('再来一次')
      await expectWholeAnswer(stage)
      expect(api.stops).toBe(2)
      expect(api.requests.filter(({ method }) => method === 'GET')).toEqual([])
      expect(api.starts).toBe(3)
    })
  })

  describe(`${name}: another answer`, () => {
    it('is written to the question whose answer was stopped, and both are kept as versions', async () => {
      const stage = await setStage()
      const { api, app } = stage
      await askSlowly(stage, '换一个')
      await app.stop()
      await app.waitFor(async () => (await app.stored())?.status === 'stopped')
      await app.regenerate()
      await app.waitFor(async () => api.starts === 2, { what: 'the second start' })
      await expectWholeAnswer(stage)
      await app.waitFor(async () => (await app.text()).includes('2 / 2'), { what: 'the second version' })
      expect((await app.stored())?.prompt).toBe('换一个')
      expect(api.starts).toBe(2)
    })
  })

  describe(`${name}: a failure`, () => {
    it('of the memory of the server ends with an error, keeps the text, and retry runs it anew', async () => {
      const stage = await setStage()
      const { api, server, app } = stage
      api.paceMs = 10
      await app.ask('重启')
      await app.waitFor(async () => (await app.shown()).length > 100)
      api.forgetEverything()
      server.destroySockets()
      await app.waitFor(async () => (await app.stored())?.status === 'error')
      expect((await app.stored())?.answer.length).toBeGreaterThan(100)
      expect(await app.text()).toMatch(/会话已过期|expired/)
      expect(api.starts).toBe(1)

      api.paceMs = 1
      await app.retry()
      await app.waitFor(async () => api.starts === 2)
      await expectWholeAnswer(stage)
    })

    it('to keep enough history is told, never a silent hole', async () => {
      const stage = await setStage({ maxEvents: 50 })
      const { api, server, app } = stage
      api.paceMs = 2
      await app.ask('历史太短')
      await app.waitFor(async () => (await app.shown()).length > 50)
      // Nobody is let in until the cursor has fallen out of the log.
      api.isAway = true
      server.destroySockets()
      api.paceMs = 0
      await progressed(stage, 150)
      api.isAway = false
      await app.waitFor(async () => (await app.stored())?.status === 'error', { what: 'the error' })
      const kept = (await app.stored())?.answer ?? ''
      expect(api.text.startsWith(kept)).toBe(true)
      expect(await app.text()).toMatch(/会话已过期|expired/)
    })

    const refusals: [string, number, string, string, RegExp][] = [
      [
        '401',
        401,
        'application/json',
        '{"error":{"code":"UNAUTHORIZED","message":"who?"}}',
        /请先登录|sign in/,
      ],
      ['429', 429, 'application/json', '{}', /请求太频繁|Too many/],
      ['500', 500, 'text/plain', 'boom', /出错|wrong/],
      ['HTML instead of a stream', 200, 'text/html', '<!doctype html><h1>Login</h1>', /出错|wrong/],
      ['JSON instead of a stream', 200, 'application/json', '{"ok":true}', /出错|wrong/],
    ]
    const told = refusals.filter(([kind]) => !unseen.includes(kind as Unseen))
    it.each(told)(
      'of the kind "%s" is shown with a retry that works',
      async (_, status, type, body, words) => {
        const stage = await setStage()
        const { api, app } = stage
        api.paceMs = 0
        api.refusal = (response) => response.writeHead(status, { 'content-type': type }).end(body)
        await app.ask('拒绝')
        await app.waitFor(async () => words.test(await app.text()), { what: String(words) })
        expect(api.starts).toBe(1)
        api.refusal = undefined
        await app.retry()
        await app.waitFor(async () => api.starts === 2)
        await expectWholeAnswer(stage)
      },
    )
  })
}
