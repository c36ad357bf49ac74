import { watch, effectScope } from 'vue'
import { toChannelError, type ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import type { UIMessageChunk } from '../messages/chunk.js'
import type { LooseText } from '../messages/fold-text.js'
import { isToolPart } from '../messages/part-guards.js'
import type { Channel } from '../run/channel.js'
import type { AnyListeners } from './chat-listeners.js'
import type { ChatMessage } from './chat-message.js'

/** Who wants to hear of a conversation, and what they are told. */
export interface Hearing {
  /** Whether any page shows the conversation. */
  readonly isHeard: boolean
  listen(listeners: AnyListeners): () => void
  finished(message: ChatMessage, outcome: Outcome): void
  failed(error: unknown): void
  /** Asks `sendAutomaticallyWhen`. */
  wantsMore(): Promise<boolean>
}

const DISCONNECTS: readonly string[] = ['CONNECTION_LOST', 'FIRST_BYTE_TIMEOUT', 'IDLE_TIMEOUT']

export function createHearing(channel: Channel, messages: () => readonly ChatMessage[]): Hearing {
  const all = new Set<AnyListeners>()
  /** Calls that were told: what is read a second time is not asked for again. */
  const told = new Set<string>()

  /** What an application's callback throws is its own: it goes on as an error that nobody caught. */
  function guarded(call: () => unknown) {
    try {
      call()
    } catch (thrown) {
      void Promise.reject(thrown)
    }
  }

  const each = (call: (listeners: AnyListeners) => unknown) => {
    for (const listeners of [...all]) guarded(() => call(listeners))
  }

  /** What must be done once is done by the page that came last. */
  function last<Name extends keyof AnyListeners>(name: Name): AnyListeners[Name] {
    return [...all].reverse().find((listeners) => listeners[name])?.[name]
  }

  function hear(chunk: UIMessageChunk | LooseText) {
    if (chunk.type.startsWith('data-')) return each(({ onData }) => onData?.(chunk as never))
    if (chunk.type !== 'tool-input-available' || chunk.providerExecuted || told.has(chunk.toolCallId)) return
    told.add(chunk.toolCallId)
    const { toolCallId, toolName, input, dynamic } = chunk
    if (isAnswered(toolCallId)) return
    const onToolCall = last('onToolCall')
    guarded(() => onToolCall?.({ toolCall: { toolCallId, toolName, input, ...(dynamic && { dynamic }) } }))
  }

  /** An answer that is read on after a restart tells its calls again. */
  function isAnswered(toolCallId: string): boolean {
    return messages().some(({ parts }) =>
      parts.some(
        (part) => isToolPart(part) && part.toolCallId === toolCallId && part.state.startsWith('output-'),
      ),
    )
  }

  channel.tap(hear)
  effectScope(true).run(() =>
    watch(
      channel.error,
      (failure) => failure?.code === 'STOP_FAILED' && each(({ onError }) => onError?.(failure)),
      {
        flush: 'sync',
      },
    ),
  )

  return {
    get isHeard() {
      return all.size > 0
    },
    listen(listeners) {
      all.add(listeners)
      return () => void all.delete(listeners)
    },
    finished(message, outcome) {
      const error = outcome === 'error' ? channel.error.value : undefined
      if (error) each(({ onError }) => onError?.(error))
      const finish = {
        message,
        messages: messages(),
        outcome,
        isAbort: outcome === 'stopped',
        isDisconnect: error !== undefined && DISCONNECTS.includes(error.code),
        isError: outcome === 'error',
        finishReason: message.finishReason,
      }
      each(({ onFinish }) => onFinish?.(finish))
    },
    failed(thrown) {
      const error: ChannelError = toChannelError(thrown, 'STORAGE_FAILED')
      each(({ onError }) => onError?.(error))
    },
    async wantsMore() {
      const isWanted = last('sendAutomaticallyWhen')
      if (!isWanted) return false
      try {
        return await isWanted({ messages: messages() })
      } catch (thrown) {
        void Promise.reject(thrown)
        return false
      }
    },
  }
}
