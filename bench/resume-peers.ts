import { Chat } from '@ai-sdk/vue'
import { fetchEventSource } from '@microsoft/fetch-event-source'
import { DefaultChatTransport } from 'ai'
import { ref } from 'vue'
import { eventually } from '../test/helpers/eventually.js'
import { BEFORE, type Lab } from './resume-lab.js'

/** The parts of a page that @microsoft/fetch-event-source asks for. */
class PageStub extends EventTarget {
  hidden = false

  set(hidden: boolean) {
    this.hidden = hidden
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

/** @microsoft/fetch-event-source: closes when hidden, asks again with the last id when shown. */
export async function resumeFetchEventSource(lab: Lab, channelId: string): Promise<number> {
  const page = new PageStub()
  Object.assign(globalThis, { document: page, window: globalThis })
  const abort = new AbortController()
  let seen = 0
  let shownAt = 0
  let resumedMs = 0
  const done = fetchEventSource(`${lab.base}/${channelId}/stream`, {
    signal: abort.signal,
    onmessage({ data }) {
      if (data.includes('text-delta')) seen++
      if (seen === BEFORE + 1 && shownAt > 0) resumedMs = performance.now() - shownAt
    },
  })
  await eventually('what was written before', () => seen >= BEFORE)
  page.set(true)
  await lab.release(channelId)
  shownAt = performance.now()
  page.set(false)
  await eventually('the first new delta', () => resumedMs > 0)
  abort.abort()
  await done
  Reflect.deleteProperty(globalThis, 'document')
  Reflect.deleteProperty(globalThis, 'window')
  return resumedMs
}

/** @ai-sdk/vue: `resumeStream()` reads the whole answer again; the first new character comes after all the old ones. */
export async function resumeAiSdk(lab: Lab, channelId: string): Promise<number> {
  const chat = new Chat({ id: channelId, transport: new DefaultChatTransport({ api: lab.base }) })
  const text = () =>
    chat.messages
      .flatMap(({ parts }) => parts)
      .map((part) => (part.type === 'text' ? part.text : ''))
      .join('')
  const last = ref('')
  await lab.release(channelId)
  const begun = performance.now()
  const done = chat.resumeStream()
  await eventually('the first new delta', () => (last.value = text()).includes('新'), 20_000)
  const resumedMs = performance.now() - begun
  await chat.stop()
  await done
  return resumedMs
}
