import { pathOf } from '../../src/chat/message-tree.js'
import type { ConversationInfo, StoredConversation } from '../../src/chat/storage/chat-storage.js'
import { keyValueStorage } from '../../src/chat/storage/key-value-storage.js'
import { messageText } from '../../src/index.js'
import type { WaitOptions } from '../hosts/wait-for-condition.js'

export interface StoredExchange {
  readonly prompt: string
  readonly answer: string
  readonly status: string
}

/** What the system does to an app. */
export interface Phone {
  /** To the background; so much later its JavaScript stands still and its connections are cut. */
  hide(options: { suspendAfterMs: number }): Promise<void>
  show(): Promise<void>
  setNetwork(type: 'none' | 'wifi'): Promise<void>
}

/** An app that the system can send to sleep and cut off. */
export interface PhoneApp extends ChatApp {
  readonly phone: Phone
}

/** The compiled demo, driven as a person would. One interface for every platform. */
export interface ChatApp {
  /** Resolves when the question is in the conversation. */
  ask(prompt: string): Promise<void>
  stop(): Promise<void>
  retry(): Promise<void>
  /** Asks for another answer to the first question. */
  regenerate(): Promise<void>
  /** Text of the newest answer as it is shown. */
  shown(): Promise<string>
  /** Everything the page shows. */
  text(): Promise<string>
  /** The newest answer as the app stored it at its end: exact, white space included. */
  stored(): Promise<StoredExchange | undefined>
  /** From the page that lists channels to the chat. */
  enterChat(): Promise<void>
  /** Back to the list: the chat page is unloaded, only the store still knows its channel. */
  leaveChat(): Promise<void>
  /** Presses stop in the list. */
  stopFromChannels(): Promise<void>
  /** Uncaught errors and rejections. */
  errors(): readonly string[]
  waitFor<Result>(condition: () => Promise<Result>, options?: WaitOptions): Promise<Result>
  close(): Promise<void>
}

/**
 * The newest question and answer of the demo, read from the app's storage as the library reads it.
 * @param stored what the app keeps under a key
 */
export function newestExchange(stored: (key: string) => unknown): StoredExchange | undefined {
  const get = (key: string) => {
    const kept = stored(key)
    return typeof kept === 'string' ? kept : undefined
  }
  const unused = () => undefined
  const storage = keyValueStorage(
    { get, set: unused, remove: unused, subscribe: () => unused },
    'uni-sse-channel:',
  )
  const [newest] = [...(storage.list() as ConversationInfo[])].sort((a, b) => b.updatedAt - a.updatedAt)
  if (!newest) return undefined
  const { nodes, leaf } = storage.load(newest.id) as StoredConversation
  const path = pathOf({ nodes: new Map(nodes.map((node) => [node.key, node])), leaf })
  const [question, answer] = path.slice(-2).map(({ message }) => message)
  if (question?.role !== 'user' || !answer?.status) return undefined
  return { prompt: messageText(question), answer: messageText(answer), status: answer.status }
}

export const withoutSpace = (text: string) => text.replace(/\s+/g, '')
