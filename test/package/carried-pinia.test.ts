// @vitest-environment happy-dom
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createPinia } from 'pinia'
import { beforeAll, expect, test } from 'vitest'
import { createApp, defineComponent } from 'vue'
import type * as Library from '../../src/index.js'
import { buildPackage } from './build-package.js'

let library: typeof Library

beforeAll(async () => {
  library = (await import(pathToFileURL(join(await buildPackage(), 'lib/index.js')).href)) as typeof Library
}, 300_000)

function start(plugins: readonly { install(app: never): void }[]): Library.ChannelStore {
  let store: Library.ChannelStore | undefined
  const app = createApp(
    defineComponent({
      setup() {
        store = library.useChannelStore()
        return () => null
      },
    }),
  )
  for (const plugin of plugins) app.use(plugin as never)
  app.mount(document.createElement('div'))
  if (!store) throw new Error('not mounted')
  return store
}

test("the store of the published library lives in the app's own Pinia, seen by its plugins", () => {
  const pinia = createPinia()
  const ids: string[] = []
  pinia.use(({ store }) => void ids.push(store.$id))
  const store = start([pinia])
  expect(ids).toEqual(['uni-sse-channel'])
  expect(library.useChannelStore(pinia)).toBe(store)
  expect(library.useChannelStore(createPinia())).not.toBe(store)
})

test('outside components too it is the one of the app that createSSEChannel was installed in', () => {
  const pinia = createPinia()
  createApp({}).use(library.createSSEChannel({})).use(pinia)
  expect(library.useChannelStore()).toBe(library.useChannelStore(pinia))
})

test('an app without Pinia has one store all the same', () => {
  expect(start([])).toBe(start([]))
})
