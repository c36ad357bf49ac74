import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSSRApp, effectScope, h, reactive, ref, watchEffect } from 'vue'
import { useChannelStore, useSSEChannel } from '../../src/index.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  useChannelStore().clear()
  vi.useRealTimers()
})

const keys = () => useChannelStore().channels.map(({ key }) => key)

describe('a channel that nobody shows', () => {
  test('is let go so long after its run, and not before', () => {
    const source = new ScriptedSource()
    const scope = effectScope()
    const { start } = scope.run(() => useSSEChannel({ key: 'chat', source, keepMs: 1000 }))!
    void start('q')
    scope.stop()
    vi.advanceTimersByTime(60_000)
    expect(keys()).toEqual(['chat'])
    source.open()
    source.event('a_0', '[DONE]')
    vi.advanceTimersByTime(999)
    expect(keys()).toEqual(['chat'])
    vi.advanceTimersByTime(1)
    expect(keys()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('stays while a page holds it, and for ever where that is asked', () => {
    const source = new ScriptedSource()
    const [first, second] = [effectScope(), effectScope()]
    for (const scope of [first, second]) scope.run(() => useSSEChannel({ key: 'held', source, keepMs: 1000 }))
    first.stop()
    vi.advanceTimersByTime(60_000)
    expect(keys()).toEqual(['held'])
    second.stop()
    const again = effectScope()
    vi.advanceTimersByTime(500)
    again.run(() => useSSEChannel({ key: 'held', source }))
    vi.advanceTimersByTime(60_000)
    expect(keys()).toEqual(['held'])
    again.stop()
    effectScope().run(() => useSSEChannel({ key: 'kept', source, keepMs: Infinity }))
    vi.advanceTimersByTime(1000)
    expect(keys()).toEqual(['kept'])
  })

  test('made in a handler, where no scope ends, is let go too', () => {
    useSSEChannel({ source: new ScriptedSource() })
    expect(keys()).toHaveLength(1)
    vi.advanceTimersByTime(30 * 60_000)
    expect(keys()).toEqual([])
  })

  test('keepMs must be a length of time', () => {
    expect(() => useSSEChannel({ keepMs: -1 })).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
  })
})

describe('what useSSEChannel gives', () => {
  test('unwraps in reactive(), and its messages have the type that is asked for', () => {
    const channel = useSSEChannel<{ percent: number }>({ key: 'r', source: new ScriptedSource() })
    const percents: readonly number[] = channel.messages.value.map(({ percent }) => percent)
    expect(percents).toEqual([])
    const unwrapped = reactive(channel)
    expect([unwrapped.status, unwrapped.text]).toEqual(['idle', ''])
  })

  test('asks getters of the options without making an effect depend on them', () => {
    const question = ref('one')
    const token = ref('a')
    const source = new ScriptedSource()
    const channel = useSSEChannel({ key: 't', source })
    source.onConnect = () => void token.value
    let runs = 0
    watchEffect(
      () => {
        runs++
        useChannelStore().stop('t')
        void channel.start(question.value).catch(() => undefined)
      },
      { flush: 'sync' },
    )
    token.value = 'b'
    channel.stop()
    expect(runs).toBe(1)
    question.value = 'two'
    expect(runs).toBe(2)
  })

  test('sends nothing in a plugin of an app on a server, before it renders', async () => {
    const source = new ScriptedSource()
    const app = createSSRApp({ render: () => h('b') })
    const outcome = await app.runWithContext(() => useSSEChannel({ key: 'p', source }).start('q'))
    expect([outcome, source.connections, keys()]).toEqual(['stopped', [], []])
  })
})
