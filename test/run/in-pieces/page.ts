// An app of one channel, built as for H5: runs inside Chromium.
import { createApp, h } from 'vue'
import { useSSEChannel, type UseSSEChannelReturn } from '../../../src/composables/use-sse-channel.js'

export interface PageView {
  readonly status: string
  readonly connection: string
  readonly text: string
  readonly parts: readonly string[]
  readonly failure: string
}

export interface PageApi {
  start(input: unknown): Promise<string>
  retry(): Promise<string>
  stop(): void
  view(): PageView
}

let channel: UseSSEChannelReturn

createApp({
  setup() {
    channel = useSSEChannel({ reconnect: { attempts: 2, baseMs: 1, capMs: 1 } })
    return () => h('p', channel.text.value)
  },
}).mount('#app')

const api: PageApi = {
  start: (input) => channel.start(input),
  retry: () => channel.retry(),
  stop: () => channel.stop(),
  view: () => ({
    status: channel.status.value,
    connection: channel.connection.value,
    text: channel.text.value,
    parts: channel.parts.value.map(({ type }) => type),
    failure: String(channel.error.value ?? ''),
  }),
}
Object.assign(globalThis, { pieces: api })
