// A fake recorder manager stands in for a phone's microphone, which can't be here: it tells when the test says so.
import { afterAll, beforeEach, expect, test } from 'vitest'
import { recordByManager } from '../../components/chat-composer/record-by-manager'
import { eventually } from '../helpers/eventually.js'

type Listener = (result: unknown) => void
const calls: string[] = []
let tell: Record<'start' | 'stop' | 'error', Listener>
const manager = {
  onStart: (listener: Listener) => (tell = { ...tell, start: listener }),
  onStop: (listener: Listener) => (tell = { ...tell, stop: listener }),
  onError: (listener: Listener) => (tell = { ...tell, error: listener }),
  start: () => calls.push('start'),
  stop: () => calls.push('stop'),
}
const realm = globalThis as { uni?: unknown }
const former = realm.uni
realm.uni = { getRecorderManager: () => manager }
afterAll(() => void (realm.uni = former))
beforeEach(() => void calls.splice(0))

async function begun() {
  const before = calls.length
  const recording = recordByManager()
  await eventually('it is asked for', () => calls.length > before)
  tell.start({})
  return recording
}
const file = (path: string) => ({ tempFilePath: path, fileSize: 9 })

test('what was said is a file', async () => {
  const recording = await begun()
  const said = recording.stop()
  tell.stop(file('wxfile://a.mp3'))
  expect(await said).toEqual({ path: 'wxfile://a.mp3', name: 'voice.mp3', mediaType: 'audio/mpeg', size: 9 })
})

test('the end of one that was thought better of is not taken for that of the next', async () => {
  const first = await begun()
  first.cancel()
  const next = recordByManager()
  // The platform has one recorder, which is still busy.
  await Promise.resolve()
  expect(calls).toEqual(['start', 'stop'])
  tell.stop(file('wxfile://forgotten.mp3'))
  await eventually('the next begins', () => calls.length === 3)
  tell.start({})
  const said = (await next).stop()
  tell.stop(file('wxfile://kept.mp3'))
  expect((await said).path).toBe('wxfile://kept.mp3')
})

test('a reader who refuses is no recording, and may think better of it', async () => {
  const refused = recordByManager()
  tell.error({ errMsg: 'operateRecorder:fail auth deny' })
  await expect(refused).rejects.toMatchObject({ errMsg: 'operateRecorder:fail auth deny' })
  const recording = await begun()
  const said = recording.stop()
  tell.stop(file('wxfile://b.mp3'))
  expect((await said).path).toBe('wxfile://b.mp3')
})
