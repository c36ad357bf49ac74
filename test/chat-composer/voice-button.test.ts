// @vitest-environment happy-dom
// A fake microphone: this DOM has none. What a browser's own does is seen in test/e2e/chat-page.test.ts.
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { chatWords } from '../../components/chat-look/chat-words'
import VoiceButton from '../../components/chat-composer/voice-button.vue'
import { deferred } from '../helpers/deferred.js'

afterEach(() => vi.unstubAllGlobals())

class Recorder extends EventTarget {
  state = 'inactive'
  readonly mimeType = 'audio/webm'
  start = () => void (this.state = 'recording')
  stop() {
    this.state = 'inactive'
    this.dispatchEvent(new Event('stop'))
  }
}

function microphone() {
  const allowed = deferred()
  const track = { stop: vi.fn() }
  const getUserMedia = vi.fn(async () => {
    await allowed.promise
    return { getTracks: () => [track] }
  })
  vi.stubGlobal('MediaRecorder', Recorder)
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: { getUserMedia } })
  const button = mount(VoiceButton, { props: { words: chatWords('zh'), disabled: false } })
  const press = () => button.findAll('[role=button]').at(-1)?.trigger('tap')
  return { allowed, track, getUserMedia, button, press }
}

test('the microphone is let go when the page was left while the reader was still asked for it', async () => {
  const { allowed, track, button, press } = microphone()
  await press()
  button.unmount()
  allowed.resolve()
  await flushPromises()
  expect(track.stop).toHaveBeenCalledOnce()
})

test('a second press while the reader is asked asks once', async () => {
  const { allowed, getUserMedia, button, press } = microphone()
  await press()
  await press()
  allowed.resolve()
  await flushPromises()
  expect(getUserMedia).toHaveBeenCalledOnce()
  expect(button.text()).toContain('0:00')
  await press()
  await flushPromises()
  expect(button.emitted('recorded')).toHaveLength(1)
})
