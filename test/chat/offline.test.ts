import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ChannelError, messageText, useChannelStore } from '../../src/index.js'
import { FakeLifecycle } from '../helpers/fake-lifecycle.js'
import { createPhone } from './phone.js'

let lifecycle = new FakeLifecycle()
vi.mock('../../src/platform/platform-lifecycle.js', () => ({ platformLifecycle: () => lifecycle }))

let phone: ReturnType<typeof createPhone>
beforeEach(() => {
  vi.useFakeTimers()
  lifecycle = new FakeLifecycle()
  phone = createPhone()
})
afterEach(() => {
  phone.off()
  useChannelStore().clear()
  vi.useRealTimers()
})

test('a message that was sent without a network is kept over a restart and sent once, under the id it had', async () => {
  lifecycle.tell('offline')
  const first = phone.launch()
  void first.sendMessage('one', { body: { model: 'large' } })
  first.source.lose(new ChannelError('CONNECTION_LOST'))
  expect([first.source.dials, first.connection.value]).toEqual([['start'], 'paused'])
  const { channelId } = first.source.last.intent
  first.kill()

  lifecycle.tell('online')
  const next = phone.launch()
  await vi.advanceTimersByTimeAsync(10)
  expect(next.messages.value.map((message) => messageText(message))).toEqual(['one', ''])
  expect(next.source.dials).toEqual(['start'])
  expect(next.source.last.intent).toMatchObject({
    channelId,
    input: { model: 'large', messages: [{ role: 'user' }] },
  })
  next.kill()

  // It has left: whoever comes next reads.
  const last = phone.launch()
  await vi.advanceTimersByTimeAsync(10)
  expect(last.source.dials).toEqual(['read from the start'])
  expect(last.source.last.intent.channelId).toBe(channelId)
})

test('going to the background stores what is in view at once', async () => {
  const first = phone.launch()
  void first.sendMessage('one')
  first.source.open()
  first.source.event('a_0', JSON.stringify({ type: 'text-delta', id: 't', delta: 'half' }))
  await vi.advanceTimersByTimeAsync(0)
  lifecycle.tell('background')
  first.kill()
  lifecycle.tell('foreground')
  expect(phone.launch().messages.value.map((message) => messageText(message))).toEqual(['one', 'half'])
})
