// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi, type MockInstance } from 'vitest'
import {
  computed,
  createApp,
  defineComponent,
  effectScope,
  h,
  nextTick,
  watch,
  type MaybeRefOrGetter,
  type ShallowRef,
} from 'vue'
import {
  ChannelError,
  createSSEChannel,
  jsonDecoder,
  useChannelStore,
  useSSEChannel,
  type ChannelStatus,
  type ChannelSummary,
  type Connection,
  type Part,
  type UseSSEChannelOptions,
  type UseSSEChannelReturn,
} from '../../src/index.js'
import { createPolicy } from '../../src/run/policy.js'
import { createChannel } from '../../src/run/create-channel.js'
import { FakeClock } from '../helpers/fake-clock.js'
import { FakeLifecycle } from '../helpers/fake-lifecycle.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const json = (delta: string) => JSON.stringify({ type: 'text-delta', id: 't', delta })

let warnings: MockInstance

beforeEach(() => {
  warnings = vi.spyOn(console, 'warn')
})
afterEach(() => {
  useChannelStore().clear()
  expect(warnings).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

/** A page that shows a channel, and the channel it shows. */
function page(options: UseSSEChannelOptions) {
  const held: { channel?: UseSSEChannelReturn } = {}
  const component = defineComponent({
    setup() {
      const channel = useSSEChannel(options)
      held.channel = channel
      return () => h('p', `${channel.status.value}: ${channel.text.value}`)
    },
  })
  const wrapper = mount(component)
  return { wrapper, channel: held.channel as UseSSEChannelReturn }
}

describe('a channel without a key', () => {
  test('shows what arrives and stops with its component', async () => {
    const source = new ScriptedSource()
    const { wrapper, channel } = page({ source })
    const outcome = channel.start('hi')
    source.open()
    source.event('a_0', json('你好'))
    await flushPromises()
    expect(wrapper.text()).toBe('streaming: 你好')
    wrapper.unmount()
    expect(await outcome).toBe('stopped')
    expect(source.live).toBe(0)
    expect(source.stops).toHaveLength(1)
    expect(useChannelStore().channels).toEqual([])
  })

  test('is its own: two in one scope share nothing', () => {
    const scope = effectScope()
    const source = new ScriptedSource()
    const [one, two] = scope.run(() => [useSSEChannel({ source }), useSSEChannel({ source })])!
    void one.start('x')
    expect([one.status.value, two.status.value]).toEqual(['submitted', 'idle'])
    scope.stop()
    expect(one.status.value).toBe('stopped')
  })

  test('does not reconnect after its scope is gone', async () => {
    const source = new ScriptedSource()
    const scope = effectScope()
    const channel = scope.run(() => useSSEChannel({ source, reconnect: { baseMs: 1, capMs: 2 } }))!
    void channel.start('x')
    source.lose(new ChannelError('CONNECTION_LOST'))
    expect(channel.connection.value).toBe('waiting')
    scope.stop()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(source.dials).toEqual(['start'])
  })
})

describe('a channel with a key', () => {
  test('is one for all pages that name it, and outlives the page that started it', async () => {
    const source = new ScriptedSource()
    const first = page({ key: 'chat', source })
    void first.channel.start('hi')
    source.open()
    source.event('a_0', json('so '))
    await flushPromises()
    first.wrapper.unmount()
    expect(source.live).toBe(1)
    source.event('a_1', json('far'))
    const second = page({ key: 'chat', source: new ScriptedSource() })
    await flushPromises()
    expect(second.wrapper.text()).toBe('streaming: so far')
    source.event('a_2', json('!'))
    source.event('a_3', '[DONE]')
    await flushPromises()
    expect(second.wrapper.text()).toBe('done: so far!')
    expect(source.dials).toEqual(['start'])
    second.wrapper.unmount()
  })

  test('is shared by two live scopes, and either may stop it', () => {
    const source = new ScriptedSource()
    const one = effectScope().run(() => useSSEChannel({ key: 'shared', source }))!
    const two = effectScope().run(() => useSSEChannel({ key: 'shared', source }))!
    void one.start('x')
    expect(two.status.value).toBe('submitted')
    two.stop()
    expect(one.status.value).toBe('stopped')
  })

  test('ends when the store removes it; pages keep what it has shown', async () => {
    const source = new ScriptedSource()
    const { wrapper, channel } = page({ key: 'gone', source })
    void channel.start('x')
    source.open()
    source.event('a_0', json('kept'))
    useChannelStore().remove('gone')
    await flushPromises()
    expect(wrapper.text()).toBe('stopped: kept')
    expect(useChannelStore().get('gone')).toBeUndefined()
    wrapper.unmount()
  })

  test('must not be empty', () => {
    expect(() => useSSEChannel({ key: '' })).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
  })
})

describe('useChannelStore', () => {
  test('summaries are reactive: a monitor sees every channel live and go', async () => {
    const store = useChannelStore()
    const monitor = computed(() =>
      store.channels.map(({ key, status, connection, received, cursor }) =>
        [key, status, connection, received, cursor ?? '-'].join(' '),
      ),
    )
    const seen: string[][] = []
    watch(monitor, (now) => seen.push(now))
    const source = new ScriptedSource()
    const channel = useSSEChannel({ key: 'm', source })
    await nextTick()
    void channel.start('x')
    source.open()
    source.event('a_0', json('a'))
    await flushPromises()
    source.event('a_1', '{"type":"error","errorText":"no"}')
    await flushPromises()
    expect(store.channels[0]?.error?.code).toBe('PRODUCER_ERROR')
    expect(store.channels[0]?.bytes).toBeGreaterThan(30)
    store.remove('m')
    await nextTick()
    expect(seen[0]).toEqual(['m idle closed 0 -'])
    expect(seen).toContainEqual(['m streaming open 1 a_0'])
    expect(seen).toContainEqual(['m error closed 2 a_1'])
    expect(seen[seen.length - 1]).toEqual([])
  })

  test('stop, stopAll and clear reach the channels', () => {
    const sources = ['a', 'b', 'c'].map((key) => {
      const source = new ScriptedSource()
      void useSSEChannel({ key, source }).start('x')
      return source
    })
    const store = useChannelStore()
    const statuses = () => store.channels.map((channel) => channel.status)
    store.stop('a')
    store.stop('nobody')
    expect(statuses()).toEqual(['stopped', 'submitted', 'submitted'])
    store.stopAll()
    expect(statuses()).toEqual(['stopped', 'stopped', 'stopped'])
    expect(sources.map((source) => source.stops.length)).toEqual([1, 1, 1])
    store.clear()
    expect(store.channels).toEqual([])
  })

  test('without app.use(createPinia()) there is one store for all', () => {
    const source = new ScriptedSource()
    const { wrapper, channel } = page({ key: 'own', source })
    void channel.start('x')
    expect(useChannelStore().get('own')?.status.value).toBe('submitted')
    expect(useChannelStore()).toBe(useChannelStore())
    useChannelStore().clear()
    wrapper.unmount()
  })

  test('that is disposed stops what nobody could stop any more, and leaves no connection', async () => {
    const pinia = createPinia()
    const store = useChannelStore(pinia)
    const source = new ScriptedSource()
    const channel = store.ensure('kept', () =>
      createChannel({
        ...{ key: 'kept', source, decoder: jsonDecoder, policy: createPolicy(), background: 'resume' },
        ...{ lifecycle: new FakeLifecycle(), clock: new FakeClock() },
      }),
    )
    const outcome = channel.start('x')
    source.open()
    source.event('a_0', '"so far"')
    store.$dispose()
    expect(await outcome).toBe('stopped')
    expect([source.live, source.stops.length]).toEqual([0, 1])
    expect(channel.messages.value).toEqual(['so far'])
    expect(useChannelStore(pinia)).not.toBe(store)
    expect(useChannelStore(pinia).channels).toEqual([])
  })

  test("with the app's Pinia the channels live in it", () => {
    const pinia = createPinia()
    const source = new ScriptedSource()
    const component = defineComponent({
      setup() {
        useSSEChannel({ key: 'in-app', source })
        return () => null
      },
    })
    const wrapper = mount(component, { global: { plugins: [pinia] } })
    void useChannelStore(pinia).get('in-app')?.start('hi')
    expect(source.connections).toHaveLength(1)
    expect(useChannelStore(createPinia()).get('in-app')).toBeUndefined()
    wrapper.unmount()
    useChannelStore(pinia).clear()
    setActivePinia(undefined)
  })
})

describe('options', () => {
  test("createSSEChannel's are where every channel of the app starts from; its own win", () => {
    const common = new ScriptedSource()
    const own = new ScriptedSource()
    const component = defineComponent({
      setup() {
        void useSSEChannel().start('common')
        void useSSEChannel({ source: own }).start('own')
        return () => null
      },
    })
    const app = createApp(component)
    app.use(createPinia())
    app.use(createSSEChannel({ source: common }))
    app.mount(document.createElement('div'))
    expect(common.last.intent).toMatchObject({ input: 'common' })
    expect(own.last.intent).toMatchObject({ input: 'own' })
    app.unmount()
    expect([common.live, own.live]).toEqual([0, 0])
  })

  test.each([
    [{ reconnect: { attempts: -1 } }, 'reconnect.attempts'],
    [{ reconnect: { attempts: Infinity } }, 'reconnect.attempts'],
    [{ reconnect: { baseMs: NaN } }, 'reconnect.baseMs'],
    [{ timeouts: { idleMs: 0 } }, 'timeouts.idleMs'],
    [{ timeouts: { firstByteMs: NaN } }, 'timeouts.firstByteMs'],
    [{ timeouts: { totalMs: '5' as unknown as number } }, 'timeouts.totalMs'],
  ])('%j is BAD_OPTIONS that names %s', (options, name) => {
    expect(() => useSSEChannel(options)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTIONS', message: expect.stringContaining(name) }),
    )
  })

  test.each([
    [{ key: 5 }, 'key'],
    [{ key: null }, 'key'],
    [{ key: () => 'chat' }, 'key'],
    [{ source: {} }, 'source'],
    [{ source: 'https://example.com' }, 'source'],
    [{ decoder: 'json' }, 'no decoder "json"'],
    [{ background: 'pause' }, 'background'],
    [{ reconnect: 3 }, 'reconnect'],
    [{ reconnect: null }, 'reconnect'],
    [{ timeouts: 30_000 }, 'timeouts'],
  ])('plain JavaScript: %o is BAD_OPTIONS that names %s, here and in createSSEChannel', (options, name) => {
    const bad = expect.objectContaining({ code: 'BAD_OPTIONS', message: expect.stringContaining(name) })
    expect(() => useSSEChannel(options as never)).toThrow(bad)
    expect(() => createSSEChannel(options as never)).toThrow(bad)
    expect(useChannelStore().channels).toEqual([])
  })

  test('a decoder that was called already says so', () => {
    expect(() => useSSEChannel({ decoder: jsonDecoder() as never })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTIONS', message: expect.stringContaining('decoder') }),
    )
  })

  test("an address of its own is asked instead of the app's source; undefined leaves the app's options", () => {
    const common = new ScriptedSource()
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(() => new Promise(() => undefined))
    const component = defineComponent({
      setup() {
        void useSSEChannel({ url: 'https://own.example/chat' }).start('own')
        void useSSEChannel({ url: undefined, source: undefined, decoder: undefined } as never).start('common')
        return () => null
      },
    })
    const app = createApp(component)
    app.use(createPinia())
    const decoder = vi.fn(jsonDecoder)
    app.use(createSSEChannel({ source: common, decoder }))
    app.mount(document.createElement('div'))
    // One for each channel, one more for each run.
    expect(decoder).toHaveBeenCalledTimes(4)
    expect(fetched.mock.calls.map(([url]) => url)).toEqual(['https://own.example/chat'])
    expect(common.connections.map(({ intent }) => intent)).toMatchObject([{ input: 'common' }])
    app.unmount()
  })

  test('attempts: 0 never reconnects', async () => {
    const source = new ScriptedSource()
    const channel = effectScope().run(() => useSSEChannel({ source, reconnect: { attempts: 0 } }))!
    const outcome = channel.start('x')
    source.lose(new ChannelError('CONNECTION_LOST'))
    expect(await outcome).toBe('error')
  })
})

test('the types of what it returns', () => {
  type Return = UseSSEChannelReturn
  expectTypeOf(useSSEChannel).parameter(0).toEqualTypeOf<UseSSEChannelOptions | undefined>()
  expectTypeOf<UseSSEChannelOptions['url']>().toEqualTypeOf<MaybeRefOrGetter<string> | undefined>()
  expectTypeOf<Return['messages']>().toEqualTypeOf<Readonly<ShallowRef<readonly unknown[]>>>()
  expectTypeOf<Return['text']>().toEqualTypeOf<Readonly<ShallowRef<string>>>()
  expectTypeOf<Return['reasoning']['value']>().toEqualTypeOf<string>()
  expectTypeOf<Return['parts']['value']>().toEqualTypeOf<readonly Part[]>()
  expectTypeOf<Return['status']['value']>().toEqualTypeOf<ChannelStatus>()
  expectTypeOf<ChannelStatus>().toEqualTypeOf<
    'idle' | 'submitted' | 'streaming' | 'done' | 'stopped' | 'error'
  >()
  expectTypeOf<Return['connection']['value']>().toEqualTypeOf<Connection>()
  expectTypeOf<Connection>().toEqualTypeOf<'closed' | 'connecting' | 'open' | 'waiting' | 'paused'>()
  expectTypeOf<Return['error']['value']>().toEqualTypeOf<ChannelError | undefined>()
  expectTypeOf<Return['channelId']['value']>().toEqualTypeOf<string>()
  expectTypeOf<ReturnType<Return['start']>>().toEqualTypeOf<Promise<'done' | 'stopped' | 'error'>>()
  expectTypeOf<Return['stop']>().toEqualTypeOf<() => void>()
  expectTypeOf<ReturnType<typeof useChannelStore>['channels']>().toEqualTypeOf<readonly ChannelSummary[]>()
  expectTypeOf<Return>().not.toHaveProperty('key')
  expectTypeOf<Parameters<Return['retry']>>().toEqualTypeOf<[]>()
  // @ts-expect-error the refs are read-only
  const write = (channel: Return) => (channel.text.value = '')
  expectTypeOf(write).toBeFunction()
})
