import { afterEach, describe, expect, test } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { timelineEvent } from '../../src/devtools/timeline-event.js'
import { watchChannels } from '../../src/devtools/watch-channels.js'
import type { Observation } from '../../src/devtools/channel-observation.js'
import { httpSource, useChannelStore, useSSEChannel, type Transport } from '../../src/index.js'
import { ChannelError } from '../../src/core/channel-error.js'
import { eventually } from '../helpers/eventually.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const scopes: EffectScope[] = []
const undo: (() => void)[] = []
afterEach(() => {
  for (const end of undo.splice(0)) end()
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
})

function inScope<T>(make: () => T): T {
  const scope = effectScope()
  scopes.push(scope)
  return scope.run(make) as T
}

function watched(now?: () => number): Observation[] {
  const heard: Observation[] = []
  undo.push(watchChannels(useChannelStore(), (observation) => heard.push(observation), now))
  return heard
}

const told = (heard: readonly Observation[], kind: Observation['kind']) =>
  heard.filter((one) => one.kind === kind).map(({ value }) => value)
const tick = () => new Promise<void>((resolve) => setTimeout(resolve))

describe('of a channel of the store is told', () => {
  test('each status and connection, one that began before and one that comes later', async () => {
    const source = new ScriptedSource()
    const first = inScope(() => useSSEChannel({ key: 'first', source }))
    const heard = watched()
    void first.start('q')
    source.open()
    source.event('a_0', JSON.stringify({ type: 'text-delta', id: 't', delta: 'hello' }))
    await tick()
    source.event('a_1', '[DONE]')
    await tick()
    expect(told(heard, 'status')).toEqual(['submitted', 'streaming', 'done'])
    expect(told(heard, 'connection')).toEqual(['connecting', 'open', 'closed'])
    expect(heard.every(({ key }) => key === 'first')).toBe(true)
    expect(heard.at(-1)?.summary).toMatchObject({ received: 2, cursor: 'a_1', status: 'done' })

    const other = new ScriptedSource()
    const later = inScope(() => useSSEChannel({ key: 'later', source: other }))
    void later.start('q')
    later.stop()
    await tick()
    expect(heard.filter(({ key }) => key === 'later').map(({ value }) => value)).toContain('stopped')
  })

  test('nothing any more once it is removed, or nobody listens', async () => {
    const channel = inScope(() => useSSEChannel({ key: 'gone', source: new ScriptedSource() }))
    const heard = watched()
    useChannelStore().remove('gone')
    void channel.start('q')
    await tick()
    expect(heard).toEqual([])
    const next = inScope(() => useSSEChannel({ key: 'next', source: new ScriptedSource() }))
    undo.splice(0).forEach((end) => end())
    void next.start('q')
    await tick()
    expect(heard).toEqual([])
  })

  test('its progress, once a second at most', async () => {
    let time = 0
    const source = new ScriptedSource()
    const channel = inScope(() => useSSEChannel({ key: 'long', source }))
    const heard = watched(() => (time += 300))
    void channel.start('q')
    source.open()
    for (let piece = 0; piece < 40; piece++) {
      source.event(`a_${piece}`, JSON.stringify({ type: 'text-delta', id: 't', delta: 'x' }))
      await tick()
    }
    const progress = told(heard, 'progress')
    expect(progress.length).toBeGreaterThan(5)
    expect(progress.length).toBeLessThan(20)
  })
})

test('the transport that takes a connection is told, and how many went before it without anything', async () => {
  let dials = 0
  const transport: Transport = {
    name: 'scripted',
    isSupported: () => true,
    stream(_request, observer) {
      const isLast = ++dials === 3
      void tick().then(() => {
        if (!isLast) return observer.lost(new ChannelError('CONNECTION_LOST'))
        const names = new Map([
          ['content-type', 'text/event-stream'],
          ['x-channel-id', 'chosen'],
        ])
        observer.opened({ status: 200, header: (name) => names.get(name) })
        observer.event({ id: 'a_0', type: 'message', data: '[DONE]' })
      })
      return () => undefined
    },
  }
  const channel = inScope(() =>
    useSSEChannel({
      key: 'dialled',
      source: httpSource({ url: 'http://server.example/chat', transport }),
      reconnect: { baseMs: 1, capMs: 1 },
    }),
  )
  const heard = watched()
  expect(await channel.start('q')).toBe('done')
  await eventually('three dials', () => told(heard, 'dial').length === 3)
  expect(told(heard, 'dial')).toEqual(['scripted', 'scripted', 'scripted'])
  const titles = heard.map((one) => timelineEvent(one).title)
  expect(titles).toContain('connecting, attempt 2')
  expect(titles).toContain('connecting, attempt 3')
  expect(titles).toContain('by scripted')
})
