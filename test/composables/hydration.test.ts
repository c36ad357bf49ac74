// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest'
import { createSSRApp, defineComponent, h, nextTick } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { useSSEChannel } from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

/** A page that asks in its setup, and shows all that a channel tells. */
const page = (source: ScriptedSource) =>
  defineComponent({
    setup() {
      const { text, status, connection, channelId, start } = useSSEChannel({ source })
      void start('hi')
      return () =>
        h('div', { class: status.value }, [
          status.value === 'submitted' ? h('i', 'thinking') : h('b', text.value),
          h('i', connection.value),
          h('u', { id: channelId.value }),
        ])
    },
  })

test('a page that asks in setup is taken over without a mismatch, and then shows what was asked', async () => {
  const complaints: unknown[] = []
  const warn = vi.spyOn(console, 'warn').mockImplementation((line) => complaints.push(line))
  const error = vi.spyOn(console, 'error').mockImplementation((line) => complaints.push(line))
  const onServer = new ScriptedSource()
  const html = await renderToString(createSSRApp(page(onServer)))
  expect(onServer.connections).toEqual([])
  const root = document.createElement('div')
  root.innerHTML = html
  const source = new ScriptedSource()
  const app = createSSRApp(page(source))
  app.mount(root)
  expect(root.querySelector('div')?.className).toBe('idle')
  await nextTick()
  expect(root.innerHTML).toContain('thinking')
  expect(source.dials).toEqual(['start'])
  expect(complaints).toEqual([])
  app.unmount()
  warn.mockRestore()
  error.mockRestore()
})
