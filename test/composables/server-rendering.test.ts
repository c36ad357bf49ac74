import { createPinia } from 'pinia'
import { expect, test, vi } from 'vitest'
import { createSSRApp, defineComponent, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import {
  createSSEChannel,
  useChannelStore,
  useSSEChannel,
  useSmoothText,
  type Channel,
} from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const channels: Pick<Channel, 'status'>[] = []

const page = defineComponent({
  async setup() {
    const channel = useSSEChannel({ key: 'assistant', timeouts: { totalMs: 1_000 } })
    channels.push(channel)
    const shown = useSmoothText(channel.text)
    // Awaited: a promise that never settles would keep the page from being rendered.
    const outcomes = [
      await channel.start('hi'),
      await channel.retry(),
      await channel.resume({ channelId: 'x' }),
    ]
    channel.stop()
    return () => h('p', `${channel.status.value} ${outcomes.join(' ')} [${shown.value}]`)
  },
})

test.each([
  ['with', createPinia()],
  ['without', undefined],
] as const)(
  'rendered on a server %s a Pinia, a page sends nothing, holds no timer, and shares nothing between requests',
  async (_name, pinia) => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const source = new ScriptedSource()
    const render = () => {
      const app = createSSRApp(page)
      if (pinia) app.use(pinia)
      app.use(createSSEChannel({ source }))
      return renderToString(app)
    }
    expect(await render()).toBe('<p>idle stopped stopped stopped []</p>')
    expect(await render()).toBe('<p>idle stopped stopped stopped []</p>')
    expect(source.connections).toEqual([])
    expect(source.stops).toEqual([])
    expect(timers).not.toHaveBeenCalled()
    expect(channels[channels.length - 1]).not.toBe(channels[channels.length - 2])
    expect(useChannelStore(pinia).channels).toEqual([])
    timers.mockRestore()
  },
)
