import { afterEach, expect, test, vi } from 'vitest'
import { createChannelId } from '../../src/transports/create-channel-id.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

const throwing = () => {
  throw new TypeError('no native module')
}

test.each(['a cryptographic source', 'no cryptographic source', 'one that throws'])(
  'with %s ids fit the header and differ',
  (realm) => {
    if (realm.startsWith('no')) vi.stubGlobal('crypto', undefined)
    if (realm.endsWith('throws')) vi.stubGlobal('crypto', { getRandomValues: throwing })
    const ids = new Set(Array.from({ length: 5000 }, createChannelId))
    expect(ids.size).toBe(5000)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{16,64}$/)
  },
)

test('every character of the alphabet is used about equally often', () => {
  const counts = new Map<string, number>()
  for (let i = 0; i < 4000; i++)
    for (const char of createChannelId()) counts.set(char, (counts.get(char) ?? 0) + 1)
  expect(counts.size).toBe(64)
  for (const count of counts.values()) expect(Math.abs(count - 1500)).toBeLessThan(300)
})
