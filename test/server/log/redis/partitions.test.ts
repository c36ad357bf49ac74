import { describe, expect, it, test } from 'vitest'
import { crc16, SLOTS } from '../../../../src/server/log/redis/key-slot.js'
import { channelKeys, createPartitions, partitionOf } from '../../../../src/server/log/redis/partitions.js'

/** The slot as the specification of Redis Cluster has it: of what is between the first braces, if there is something. */
function slotOf(key: string): number {
  const open = key.indexOf('{')
  const close = key.indexOf('}', open + 1)
  const tag = open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key
  return crc16(tag) % SLOTS
}

test('a slot is what the specification says of its example', () => {
  expect(crc16('123456789')).toBe(0x31c3)
})

describe.each(['{uni-sse}:', 'app:', '', 'a}b:', 'a{b:', '{}', '{a}{b}'])(
  'partitions behind the prefix %j',
  (prefix) => {
    const partitions = createPartitions(prefix, 48)

    it('keep all keys of one channel in one slot', () => {
      for (const partition of partitions) {
        const slots = Object.values(channelKeys(partition, 'room:{1}')).map(slotOf)
        expect(new Set(slots).size).toBe(1)
      }
    })

    it.each([2, 3, 4, 6, 8, 12, 16, 24, 48])('are shared evenly by %i masters', (masters) => {
      const counts = Array.from({ length: masters }, () => 0)
      for (const { keys } of partitions) counts[Math.floor((slotOf(keys.fence) / SLOTS) * masters)]!++
      expect(new Set(counts)).toEqual(new Set([48 / masters]))
    })

    it('take the same number of channels, give or take chance', () => {
      const counts = partitions.map(() => 0)
      for (let i = 0; i < 48_000; i++) counts[partitionOf(partitions, `channel-${i}`).index]!++
      expect(Math.min(...counts)).toBeGreaterThan(850)
      expect(Math.max(...counts)).toBeLessThan(1_150)
    })
  },
)

test('one partition leaves the prefix as it is', () => {
  expect(createPartitions('app:', 1).map(({ base }) => base)).toEqual(['app:'])
})
