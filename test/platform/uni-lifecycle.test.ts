import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createUniLifecycle } from '../../src/platform/uni-lifecycle.js'

type Handler = (argument?: { isConnected: boolean; networkType?: string }) => void

let handlers: Record<'hide' | 'show' | 'network', Handler[]>

beforeEach(() => {
  handlers = { hide: [], show: [], network: [] }
  vi.stubGlobal('uni', {
    onAppHide: (handler: Handler) => handlers.hide.push(handler),
    onAppShow: (handler: Handler) => handlers.show.push(handler),
    onNetworkStatusChange: (handler: Handler) => handlers.network.push(handler),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

const tell = (name: 'hide' | 'show' | 'network', isConnected = true, networkType?: string) =>
  handlers[name].forEach((handler) => handler({ isConnected, ...(networkType && { networkType }) }))

function listen() {
  const lifecycle = createUniLifecycle()
  const heard: string[] = []
  const undo = lifecycle.subscribe((change) => heard.push(change))
  return { lifecycle, heard, undo }
}

test('registers with the platform once, at the first use, whatever comes and goes', () => {
  const lifecycle = createUniLifecycle()
  expect(handlers.hide).toHaveLength(0)
  for (let i = 0; i < 50; i++) lifecycle.subscribe(() => undefined)()
  lifecycle.isForeground()
  lifecycle.isOnline()
  expect([handlers.hide.length, handlers.show.length, handlers.network.length]).toEqual([1, 1, 1])
})

test('tells every listener each change once, and none that has left', () => {
  const { lifecycle, heard, undo } = listen()
  const others: string[] = []
  lifecycle.subscribe((change) => others.push(change))
  tell('hide')
  tell('hide')
  undo()
  tell('show')
  tell('show')
  expect(heard).toEqual(['background'])
  expect(others).toEqual(['background', 'foreground'])
})

test('hidden and offline are two signals, in any order', () => {
  const { lifecycle, heard } = listen()
  tell('hide')
  tell('network', false)
  expect([lifecycle.isForeground(), lifecycle.isOnline()]).toEqual([false, false])
  tell('show')
  expect([lifecycle.isForeground(), lifecycle.isOnline()]).toEqual([true, false])
  tell('network', true)
  expect(lifecycle.isOnline()).toBe(true)
  expect(heard).toEqual(['background', 'offline', 'foreground', 'online'])
})

test('another kind of network is told, hidden too: what was connected is dead without knowing it', () => {
  const { heard } = listen()
  tell('network', true, 'wifi')
  tell('network', true, '4g')
  expect(heard).toEqual(['another-network'])
  tell('network', true, '5g')
  tell('network', true, 'unknown')
  expect(heard).toHaveLength(1)
  tell('network', true, '5g')
  tell('hide')
  tell('network', true, 'wifi')
  expect(heard).toEqual(['another-network', 'background', 'another-network'])
})

test.each(['wifi', 'WIFI', 'wi-fi', 'Wi-Fi'])('from %s to cellular is another network', (wifi) => {
  const { heard } = listen()
  tell('network', true, wifi)
  tell('network', true, '4g')
  expect(heard).toEqual(['another-network'])
})

test('no network is offline, by either of its names', () => {
  const { heard } = listen()
  tell('network', true, 'none')
  tell('network', true, 'wifi')
  tell('network', false)
  expect(heard).toEqual(['offline', 'online', 'offline'])
})

test('a callback with nothing in hand changes nothing', () => {
  const { heard } = listen()
  handlers.network.forEach((handler) => handler())
  expect(heard).toEqual([])
})

test('knows that the app went to the background before anyone subscribed, once it was asked', () => {
  const lifecycle = createUniLifecycle()
  expect(lifecycle.isForeground()).toBe(true)
  tell('hide')
  expect(lifecycle.isForeground()).toBe(false)
})

test.each([
  ['without these calls', {}],
  [
    'whose calls throw after they were made, as an interceptor of the app may',
    Object.fromEntries(
      ['onAppHide', 'onAppShow', 'onNetworkStatusChange', 'getNetworkType'].map((name) => [
        name,
        () => {
          throw new TypeError('of undefined')
        },
      ]),
    ),
  ],
])('a platform %s is in front and online', (_, uni) => {
  vi.stubGlobal('uni', uni)
  const lifecycle = createUniLifecycle()
  expect([lifecycle.isForeground(), lifecycle.isOnline()]).toEqual([true, true])
  lifecycle.subscribe(() => undefined)()
})

describe('platformLifecycle without a DOM', () => {
  test('is that of uni where there is one', async () => {
    const { platformLifecycle } = await import('../../src/platform/platform-lifecycle.js')
    platformLifecycle().isForeground()
    expect(handlers.hide).toHaveLength(1)
  })

  test('is always in front elsewhere, as in Node', async () => {
    vi.stubGlobal('uni', undefined)
    const { platformLifecycle } = await import('../../src/platform/platform-lifecycle.js')
    const { alwaysForeground } = await import('../../src/core/lifecycle.js')
    expect(platformLifecycle()).toBe(alwaysForeground)
    expect([alwaysForeground.isForeground(), alwaysForeground.isOnline()]).toEqual([true, true])
    alwaysForeground.subscribe(() => undefined)()
  })
})
