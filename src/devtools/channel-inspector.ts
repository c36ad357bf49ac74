import type { ChannelStore } from '../stores/channels.js'

interface Tag {
  readonly label: string
  readonly textColor: number
  readonly backgroundColor: number
}

export interface InspectorNode {
  readonly id: string
  readonly label: string
  readonly tags: Tag[]
}

export type InspectorState = Record<string, { readonly key: string; readonly value: unknown }[]>

const colours: Readonly<Record<string, number>> = {
  idle: 0x667085,
  submitted: 0x2962f0,
  streaming: 0x2962f0,
  done: 0x067647,
  stopped: 0x93500a,
  error: 0xb42318,
}

/** The channels of a store whose key has these letters in it. */
export function inspectorTree(store: ChannelStore, filter = ''): InspectorNode[] {
  return store.channels
    .filter(({ key }) => key.toLowerCase().includes(filter.toLowerCase()))
    .map(({ key, status }) => ({
      id: key,
      label: key,
      tags: [{ label: status, textColor: 0xffffff, backgroundColor: colours[status] ?? 0x667085 }],
    }))
}

/** All that is known of a channel; empty for one that is gone. */
export function inspectorState(store: ChannelStore, key: string): InspectorState {
  const channel = store.get(key)
  if (!channel) return {}
  const { status, connection, error, channelId, cursor, received, bytes, startedAt } = channel
  const { text, reasoning, parts } = channel
  const rows = (fields: object) => Object.entries(fields).map(([name, value]) => ({ key: name, value }))
  const { value: failure } = error
  return {
    channel: rows({
      channelId: channelId.value,
      status: status.value,
      connection: connection.value,
      cursor: cursor.value,
      startedAt: startedAt.value === undefined ? undefined : new Date(startedAt.value).toISOString(),
      ...(failure && { error: `${failure.code}: ${failure.message}`, retryable: failure.retryable }),
    }),
    received: rows({ events: received.value, bytes: bytes.value }),
    answer: rows({ text: text.value, reasoning: reasoning.value, parts: parts.value }),
  }
}
