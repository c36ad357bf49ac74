import { shallowRef } from 'vue'
import type { ChannelError } from '../core/channel-error.js'
import type { ChannelStatus, Connection } from './channel.js'
import { lazyView } from './lazy-view.js'
import type { Reading } from './reading.js'

/** How a channel stands, besides what has come. */
export interface Standing {
  readonly status: ChannelStatus
  readonly error: ChannelError | undefined
  readonly connection: Connection
  readonly channelId: string
  readonly cursor: string | undefined
  readonly startedAt: number | undefined
  /** A run goes on: its end is told last, and its beginning first. */
  readonly isGoing: boolean
}

/** What is known of a channel, as refs. */
export function createChannelView(reading: Reading) {
  const messages = lazyView(reading.messages)
  const parts = lazyView(reading.parts)
  const answer = lazyView(() => reading.message(parts.view.value))
  const text = shallowRef('')
  const reasoning = shallowRef('')
  const messageId = shallowRef<string>()
  const status = shallowRef<ChannelStatus>('idle')
  const connection = shallowRef<Connection>('closed')
  const error = shallowRef<ChannelError>()
  const channelId = shallowRef('')
  const cursor = shallowRef<string>()
  const received = shallowRef(0)
  const bytes = shallowRef(0)
  const startedAt = shallowRef<number>()

  /** Counts what was shown, so that what a watcher did meanwhile is not painted over. */
  let views = 0

  type Change = (standing: Standing, came: ReturnType<Reading['look']>) => unknown
  const turn: Change = (standing) => (status.value = standing.status)
  const changes: readonly Change[] = [
    (standing) => (connection.value = standing.connection),
    (standing) => (channelId.value = standing.channelId),
    (_, came) => (received.value = came.received),
    (_, came) => (bytes.value = came.bytes),
    (_, came) => (text.value = came.text),
    (_, came) => (reasoning.value = came.reasoning),
    (_, came) => (messageId.value = came.messageId),
    messages.changed,
    parts.changed,
    answer.changed,
    (standing) => (cursor.value = standing.cursor),
    (standing) => (startedAt.value = standing.startedAt),
    (standing) => (error.value = standing.error),
  ]
  // The first to change when a run begins, the last when it ends: whoever watches it may start the next at once.
  const whenGoing = [turn, ...changes]
  const whenOver = [...changes, turn]

  return {
    refs: {
      messages: messages.view,
      text,
      reasoning,
      parts: parts.view,
      answer: answer.view,
      messageId,
      status,
      connection,
      error,
      channelId,
      cursor,
      received,
      bytes,
      startedAt,
    },
    /** All of it. Whoever watches one ref may act at once: then the rest is shown by that. */
    show(standing: Standing) {
      const view = ++views
      const came = reading.look()
      for (const change of standing.isGoing ? whenGoing : whenOver) {
        change(standing, came)
        if (views !== view) return
      }
    },
    /** The connection alone. */
    showConnection(standing: Pick<Standing, 'connection' | 'channelId'>) {
      const view = views
      connection.value = standing.connection
      if (views === view) channelId.value = standing.channelId
    },
  }
}
