import { isRef } from 'vue'
import type { UseChatOptions } from './chat-options.js'
import type { AnyChatMessage } from '../chat/chat-message.js'
import { ChannelError } from '../core/channel-error.js'

const WHEN_BUSY: readonly unknown[] = ['refuse', 'queue', 'replace', undefined]

const FUNCTIONS = [
  'generateId',
  'prepareRequest',
  'onFinish',
  'onError',
  'onData',
  'onToolCall',
  'sendAutomaticallyWhen',
] as const

/**
 * What plain JavaScript may get wrong.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function checkChatOptions<Message extends AnyChatMessage>(options: UseChatOptions<Message>): void {
  const { id, key, storage, whenBusy, throttle } = options
  demand(
    id === undefined || typeof id === 'function' || isRef(id) || (typeof id === 'string' && id !== ''),
    'id must be a string that is not empty, or a ref or getter of one',
  )
  demand(WHEN_BUSY.includes(whenBusy), "whenBusy must be 'refuse', 'queue' or 'replace'")
  demand(
    throttle === undefined || (typeof throttle === 'number' && throttle >= 0),
    'throttle must be milliseconds from 0 on',
  )
  demand(
    storage === undefined || typeof (storage as { load?: unknown } | null)?.load === 'function',
    'storage must be a ChatStorage, as uniStorage() makes',
  )
  demand(
    storage === undefined || id !== undefined || key !== undefined,
    'a storage needs an id: the name of what is stored',
  )
  for (const name of FUNCTIONS)
    demand(options[name] === undefined || typeof options[name] === 'function', `${name} must be a function`)
}

function demand(holds: boolean, rule: string) {
  if (!holds) throw new ChannelError('BAD_OPTIONS', `${rule}.`)
}
