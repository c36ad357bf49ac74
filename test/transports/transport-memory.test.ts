import { expect, test } from 'vitest'
import { createTransportMemory } from '../../src/transports/transport-memory.js'
import type { Transport } from '../../src/transports/transport.js'
import { FakeClock } from '../helpers/fake-clock.js'

const transport = (name: string, path?: 'http-stream'): Transport => ({
  name,
  ...(path && { path }),
  isSupported: () => true,
  stream: () => () => undefined,
})
const fetch = transport('fetch', 'http-stream')
const xhr = transport('xhr', 'http-stream')
const socket = transport('socket')
const poll = transport('poll')
const all = [fetch, xhr, socket, poll]

const start = { method: 'POST', url: 'http://127.0.0.1', headers: {} } as const

function setup() {
  const clock = new FakeClock()
  const memory = createTransportMemory(clock)
  return { clock, memory, first: () => memory.choose(all, start)?.name }
}

test('what is held back on the way is held back for every transport of that path', () => {
  const { memory, first } = setup()
  memory.fellSilent(fetch, false)
  expect(first()).toBe('socket')
})

test('what the platform holds back says nothing about the path', () => {
  const { memory, first } = setup()
  memory.fellSilent(fetch, true)
  expect(first()).toBe('xhr')
})

test('a verdict is forgotten after five minutes', () => {
  const { clock, memory, first } = setup()
  memory.fellSilent(fetch, false)
  memory.worked(socket)
  clock.time += 4 * 60_000
  expect(first()).toBe('socket')
  memory.failed(socket)
  memory.failed(socket)
  expect(first()).toBe('poll')
  clock.time += 6 * 60_000
  memory.worked(fetch)
  expect(first()).toBe('fetch')
})

test('when everything failed and then something works, it was the network: nothing is held against any', () => {
  const { memory, first } = setup()
  memory.worked(fetch)
  for (const each of [fetch, fetch, xhr, socket, poll]) memory.failed(each)
  expect(first()).not.toBe('fetch')
  memory.worked(poll)
  expect(first()).toBe('fetch')
})

test('what failed while another works stays behind it', () => {
  const { memory, first } = setup()
  memory.failed(fetch)
  memory.failed(xhr)
  memory.worked(socket)
  expect(first()).toBe('socket')
})
