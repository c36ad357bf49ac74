import type { Cursor } from '../../../core/cursor.js'
import type { Batch, ChannelInfo, Page, PageLimit } from '../event-log.js'
import { eventBytes } from '../shared/event-bytes.js'
import { finite, type ChannelCalls } from './channel-calls.js'
import {
  epochsOf,
  partsOf,
  readChannelInfo,
  unpackEntry,
  type RawChannel,
  type RawEntry,
} from '../shared/entry.js'
import { infoScript, listScript } from './lua/look-scripts.js'
import { readScript } from './lua/read-script.js'
import type { Partition } from './partitions.js'

/** What is stored, as the log's readers get it. */
export interface Reading {
  read(channelId: string, after: Cursor | undefined, limit: PageLimit): Promise<Page>
  infos(partition: Partition, channelIds: readonly string[]): Promise<readonly ChannelInfo[]>
  list(status: 'active' | 'expired'): Promise<readonly ChannelInfo[]>
}

/** Channels that one script describes. */
const AT_ONCE = 100

export function createReading(calls: ChannelCalls): Reading {
  async function infos(partition: Partition, channelIds: readonly string[]) {
    const found: ChannelInfo[] = []
    for (let at = 0; at < channelIds.length; at += AT_ONCE) {
      const answer = await calls.many(partition, infoScript, channelIds.slice(at, at + AT_ONCE), (id) => [id])
      for (const [id, raw] of answer.slice(1) as (readonly [string, RawChannel])[])
        found.push(readChannelInfo(id, raw))
    }
    return found
  }

  async function idsIn(partition: Partition, index: string, which: 'now' | 'late') {
    const ids: string[] = []
    for (;;) {
      const call = {
        keys: { fence: partition.keys.fence, index },
        args: { which, offset: ids.length, count: AT_ONCE },
      }
      const [, page] = (await calls.ask(partition, listScript, call)) as unknown as readonly [
        string,
        string[],
      ]
      ids.push(...page)
      if (page.length < AT_ONCE) return ids
    }
  }

  async function listIn(partition: Partition, status: 'active' | 'expired') {
    const { live, kept, tombs } = partition.keys
    if (status === 'active') return infos(partition, await idsIn(partition, live, 'now'))
    const lists = [
      idsIn(partition, live, 'late'),
      idsIn(partition, kept, 'late'),
      idsIn(partition, tombs, 'now'),
    ]
    return infos(partition, [...new Set((await Promise.all(lists)).flat())])
  }

  return {
    infos,
    async read(channelId, after, limit) {
      const [stem, generation] = partsOf(after?.epoch ?? '')
      const answer = await calls.one(channelId, readScript, {
        after_epoch: stem,
        after_gen: generation,
        after: after?.seq ?? 0,
        page_events: finite(limit.maxEvents),
        page_bytes: finite(limit.maxBytes),
      })
      const [kind, raw, seq, entries] = answer as unknown as ReadAnswer
      if (kind === 'none' || kind === 'ahead') return { kind }
      const channel = readChannelInfo(channelId, raw)
      if (kind === 'gap') return { kind, channel }
      const batch = pageOf(Number(seq), entries, limit, epochsOf(raw[2], raw[3]))
      const drained = channel.status !== 'active' && batch.seq + batch.events.length === Number(raw[9])
      return { kind: 'events', channel, batch: { ...batch, ended: drained } }
    },
    async list(status) {
      const lists = await Promise.all(calls.partitions.map((partition) => listIn(partition, status)))
      return lists.flat().filter((info) => info.status === status)
    },
  }
}

type ReadAnswer = readonly [
  kind: 'none' | 'ahead' | 'gap' | 'events',
  channel: RawChannel,
  seq: string,
  entries: readonly RawEntry[],
]

function pageOf(
  seq: number,
  entries: readonly RawEntry[],
  limit: PageLimit,
  epochAt: (seq: number) => string,
): Batch {
  const found = entries.map((entry) => unpackEntry(entry, epochAt))
  const all = found.flatMap((entry) => entry.events).slice(seq - (found[0]?.seq ?? seq))
  let bytes = 0
  let count = 0
  for (const event of all) {
    bytes += eventBytes(event)
    if (count > 0 && (count >= limit.maxEvents || bytes > limit.maxBytes)) break
    count++
  }
  return { seq, events: all.slice(0, count), ended: false }
}
