// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { platformLifecycle } from '../../src/platform/platform-lifecycle.js'
import { webLifecycle } from '../../src/platform/web-lifecycle.js'

afterEach(() => {
  vi.restoreAllMocks()
})

function online(value: boolean) {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(value)
  window.dispatchEvent(new Event(value ? 'online' : 'offline'))
}

function listen() {
  const heard: string[] = []
  return { heard, undo: webLifecycle.subscribe((change) => heard.push(change)) }
}

test('is what a page in a browser gets, one for the whole app', () => {
  expect(platformLifecycle()).toBe(webLifecycle)
  expect(platformLifecycle()).toBe(platformLifecycle())
})

test('freezing and leaving for the back/forward cache are background; the network is a signal of its own', () => {
  const { heard, undo } = listen()
  document.dispatchEvent(new Event('freeze'))
  document.dispatchEvent(new Event('resume'))
  window.dispatchEvent(new Event('pagehide'))
  window.dispatchEvent(new Event('pageshow'))
  online(false)
  expect(webLifecycle.isOnline()).toBe(false)
  online(true)
  expect(webLifecycle.isOnline()).toBe(true)
  expect(heard).toEqual(['background', 'foreground', 'background', 'foreground', 'offline', 'online'])
  undo()
})

test('hiding is no background: a hidden page goes on running', () => {
  const { heard, undo } = listen()
  document.dispatchEvent(new Event('visibilitychange'))
  expect(heard).toEqual([])
  undo()
})

test('undo takes every listener off again', () => {
  const count = { added: 0, removed: 0 }
  for (const target of [window, document] as EventTarget[]) {
    const { addEventListener, removeEventListener } = target
    vi.spyOn(target, 'addEventListener').mockImplementation((type, handler) => {
      count.added++
      addEventListener.call(target, type, handler)
    })
    vi.spyOn(target, 'removeEventListener').mockImplementation((type, handler) => {
      count.removed++
      removeEventListener.call(target, type, handler)
    })
  }
  const { heard, undo } = listen()
  undo()
  expect(count).toEqual({ added: 6, removed: 6 })
  document.dispatchEvent(new Event('freeze'))
  window.dispatchEvent(new Event('offline'))
  expect(heard).toEqual([])
})
