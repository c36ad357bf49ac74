// @vitest-environment happy-dom
import { createPinia } from 'pinia'
import { beforeAll, expect, test, vi } from 'vitest'
import { createApp, h } from 'vue'
import { channelDevtools } from '../../src/devtools/index.js'
import { useChannelStore, useSSEChannel } from '../../src/index.js'
import { eventually } from '../helpers/eventually.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

// Vue's own devtools, without their window. Vue looks for them when it is loaded.
const devtools = await vi.hoisted(async () => {
  const kit = await import('@vue/devtools-kit')
  kit.devtools.init()
  return { ctx: kit.devtools.ctx, open: () => kit.toggleHighPerfMode(false) }
})
// In Node the package does nothing; in browsers it is this.
vi.mock('@vue/devtools-api', () => import('@vue/devtools-kit'))

const events: { readonly layerId: string; readonly title: string | undefined }[] = []
beforeAll(() => {
  devtools.ctx.hooks.hook(
    'timelineEventAdded' as never,
    (({ options }: never) => {
      const { layerId, event } = options as { layerId: string; event: { title?: string } }
      events.push({ layerId, title: event.title })
    }) as never,
  )
})

test('the devtools of Vue show the timeline of a channel, list it with its state, and stop it', async () => {
  const source = new ScriptedSource()
  const pinia = createPinia()
  let start = () => undefined as unknown
  // Not unmounted: what the devtools do late, they do for the active app, and fail when there is none any more.
  const app = createApp({
    setup() {
      const channel = useSSEChannel({ key: 'answer', source })
      start = () => channel.start('q')
      return () => h('p', channel.text.value)
    },
  })
  app.use(pinia)
  app.use(channelDevtools())
  app.mount(document.createElement('div'))

  await eventually('the devtools', () => devtools.ctx.state.connected)
  // They are idle until somebody opens their window.
  devtools.open()
  void start()
  source.open()
  source.event('a_0', JSON.stringify({ type: 'text-delta', id: 't', delta: 'hello' }))
  await eventually('the timeline', () => events.some(({ title }) => title === 'streaming'))
  expect(events.map(({ layerId }) => layerId)).toContain('uni-sse-channel')

  const { api } = devtools.ctx
  const tree = await api.getInspectorTree({ inspectorId: 'uni-sse-channel', filter: '' })
  expect(tree).toMatchObject([{ id: 'answer', tags: [{ label: 'streaming' }] }])
  const state = await api.getInspectorState({ inspectorId: 'uni-sse-channel', nodeId: 'answer' })
  expect(JSON.stringify(state)).toContain('hello')
  expect(JSON.stringify(state)).toContain('a_0')

  useChannelStore(pinia).stop('answer')
  await eventually('the stop', () => events.some(({ title }) => title === 'stopped'))
})
