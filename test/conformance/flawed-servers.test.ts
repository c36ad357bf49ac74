import { afterEach, describe, expect, it } from 'vitest'
import { conformanceReport } from '../../src/conformance/conformance-report.js'
import { runConformance, type ConformanceResult } from '../../src/conformance/run-conformance.js'
import { serveFlawed, type Flaws } from './flawed-server.js'

let close: () => Promise<void>
afterEach(() => close())

async function hold(flaws: Flaws): Promise<ConformanceResult> {
  const server = await serveFlawed(flaws)
  close = server.close
  return runConformance({
    url: server.url,
    body: '{"prompt":"Hello"}',
    headers: { authorization: 'Ada' },
    otherHeaders: { authorization: 'Bob' },
    answerMs: 20_000,
  })
}

const missing = ({ results }: ConformanceResult) =>
  results.filter(({ verdict }) => verdict === 'missing').map(({ case: { name } }) => name)

it('a server in another shape that has no flaw reaches the highest level', async () => {
  const result = await hold({})
  expect(result.level, conformanceReport(result)).toBe('guarded')
})

describe('a server is told that', () => {
  it.each<[string, Flaws, string | undefined, string, string]>([
    ['it answers with a page', { html: true }, undefined, 'start-streams', 'text/html'],
    ['its end proves nothing', { noEnd: true }, undefined, 'end-is-in-the-stream', 'does not say'],
    [
      'its head names no channel',
      { noName: true },
      'plain',
      'head-names-the-channel',
      'x-channel-id is missing',
    ],
    ['its stop is not heard', { stopIsDeaf: true }, 'plain', 'stop-is-in-the-stream', 'not as stopped'],
    [
      'it stops when a client hangs up',
      { stopsOnHangUp: true },
      'stoppable',
      'disconnect-does-not-stop',
      'ended as stopped',
    ],
    ['it runs a start twice', { startsAgain: true }, 'stoppable', 'start-is-idempotent', 'was due'],
    ['it repeats an event', { replaysLast: true }, 'stoppable', 'read-after-a-cursor', 'was due'],
    ['it loses an event', { skipsOne: true }, 'stoppable', 'read-after-a-cursor', 'was due'],
    ['its ids are no cursors', { opaqueIds: true }, 'stoppable', 'ids-are-cursors', 'not <epoch>_<seq>'],
    [
      'it passes over a gap',
      { silentGap: true },
      'resumable',
      'other-stream-is-410',
      'answered 200, not 410',
    ],
    ['its gap has an id', { gapWithId: true }, 'resumable', 'gap-as-an-event', 'has the id g_0'],
    ['it takes any body', { takesAnyBody: true }, 'gaps', 'bad-body-is-400', 'answered 200, not 400'],
    ['users get at what is not theirs', { oneUser: true }, 'gaps', 'other-user-gets-404', 'not 404'],
  ])('%s', async (_what, flaws, level, name, words) => {
    const result = await hold(flaws)
    expect(result.level, conformanceReport(result)).toBe(level)
    expect(missing(result)).toContain(name)
    const { found = [] } = result.results.find(({ case: one }) => one.name === name) ?? {}
    expect(found.join(' ')).toContain(words)
    expect(conformanceReport(result)).toContain(`Level reached: ${level ?? 'none'}`)
  })

  it('nobody is there, without waiting for every case', async () => {
    const server = await serveFlawed({})
    close = () => Promise.resolve()
    await server.close()
    const result = await runConformance({ url: server.url, body: '{}' })
    expect(result.level).toBeUndefined()
    expect(result.results[0]?.found.join(' ')).toContain('ECONNREFUSED')
  })
})

it('an answer that does not end is given up, and the rest is not tried beyond the time', async () => {
  const server = await serveFlawed({ noEnd: true })
  close = server.close
  const result = await runConformance({ url: server.url, body: '{}', answerMs: 50, totalMs: 1 })
  expect(result.level).toBeUndefined()
  expect(result.results.every(({ verdict }) => verdict !== 'held')).toBe(true)
})
