import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createUniLifecycle } from '../../src/platform/uni-lifecycle.js'

type Handler = (argument: { isConnected: boolean; networkType?: string }) => void

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

test('registers with the platform once, at the first use, whatever comes and goes', () => {
  const lifecycle = createUniLifecycle()
  expect(handlers.hide).toHaveLength(0)
  for (let i = 0; i < 50; i++) lifecycle.subscribe(() => undefined)()
  lifecycle.isAwake()
  expect([handlers.hide.length, handlers.show.length, handlers.network.length]).toEqual([1, 1, 1])
})

test('tells every listener each change once, and none that has left', () => {
  const lifecycle = createUniLifecycle()
  const heard: string[] = []
  lifecycle.subscribe((awake) => heard.push(`a ${awake}`))
  const undo = lifecycle.subscribe((awake) => heard.push(`b ${awake}`))
  tell('hide')
  tell('hide')
  undo()
  tell('show')
  tell('show')
  expect(heard).toEqual(['a false', 'b false', 'a true'])
})

test('is awake only when shown and connected', () => {
  const lifecycle = createUniLifecycle()
  const heard: boolean[] = []
  lifecycle.subscribe((awake) => heard.push(awake))
  tell('hide')
  tell('network', false)
  tell('show')
  expect(lifecycle.isAwake()).toBe(false)
  tell('network', true)
  expect(lifecycle.isAwake()).toBe(true)
  expect(heard).toEqual([false, true])
})

test('another kind of network is a short sleep: what was connected is dead without knowing it', () => {
  const lifecycle = createUniLifecycle()
  const heard: boolean[] = []
  lifecycle.subscribe((awake) => heard.push(awake))
  tell('network', true, 'wifi')
  tell('network', true, '4g')
  expect(heard).toEqual([false, true])
  tell('network', true, '5g')
  tell('network', true, 'unknown')
  expect(heard).toHaveLength(2)
  tell('hide')
  tell('network', true, 'wifi')
  expect(heard).toEqual([false, true, false])
})

test.each(['wifi', 'WIFI', 'wi-fi', 'Wi-Fi'])('from %s to cellular is another network', (wifi) => {
  const lifecycle = createUniLifecycle()
  const heard: boolean[] = []
  lifecycle.subscribe((awake) => heard.push(awake))
  tell('network', true, wifi)
  tell('network', true, '4g')
  expect(heard).toEqual([false, true])
})

test('tells why it sleeps: being hidden before being offline', () => {
  const lifecycle = createUniLifecycle()
  lifecycle.subscribe(() => undefined)
  tell('network', false)
  expect(lifecycle.reason?.()).toBe('network')
  tell('hide')
  expect(lifecycle.reason?.()).toBe('background')
})

test('knows that the app went to the background before anyone subscribed, once it was asked', () => {
  const lifecycle = createUniLifecycle()
  expect(lifecycle.isAwake()).toBe(true)
  tell('hide')
  expect(lifecycle.isAwake()).toBe(false)
})

test('a platform without these calls is awake', () => {
  vi.stubGlobal('uni', {})
  const lifecycle = createUniLifecycle()
  expect(lifecycle.isAwake()).toBe(true)
  lifecycle.subscribe(() => undefined)()
})

describe('platformLifecycle without a DOM', () => {
  test('is that of uni where there is one', async () => {
    const { platformLifecycle } = await import('../../src/platform/platform-lifecycle.js')
    platformLifecycle().isAwake()
    expect(handlers.hide).toHaveLength(1)
  })

  test('is always awake elsewhere, as in Node', async () => {
    vi.stubGlobal('uni', undefined)
    const { platformLifecycle } = await import('../../src/platform/platform-lifecycle.js')
    const { alwaysAwake } = await import('../../src/core/lifecycle.js')
    expect(platformLifecycle()).toBe(alwaysAwake)
    expect(alwaysAwake.isAwake()).toBe(true)
    alwaysAwake.subscribe(() => undefined)()
  })
})
