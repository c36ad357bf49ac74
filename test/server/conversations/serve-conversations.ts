import { createServer } from 'node:http'
import type { ChannelError } from '../../../src/core/channel-error.js'
import { ownerOnly } from '../../../src/server/access/owner-only.js'
import type {
  Conversations,
  ConversationsOptions,
  LoadedConversation,
} from '../../../src/server/conversations/conversations.js'
import { createConversations } from '../../../src/server/conversations/create-conversations.js'
import { memoryConversations } from '../../../src/server/conversations/memory-conversations.js'
import { createHub } from '../../../src/server/hub/create-hub.js'
import type { EventLog } from '../../../src/server/log/event-log.js'
import { createFetchHandler } from '../../../src/server/http/create-fetch-handler.js'
import { createHandler } from '../../../src/server/http/create-handler.js'
import type { HandlerOptions } from '../../../src/server/http/handler-options.js'
import type { StartRequest } from '../../../src/server/http/start.js'
import type { Hub, HubOptions } from '../../../src/server/hub/hub.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import type { Producer } from '../../../src/server/hub/producer.js'
import { listen, unlisten } from '../../helpers/listen.js'

export const BASE = 'http://server/api/chat'

export interface ServedConversations {
  readonly hub: Hub
  readonly conversations: Conversations
  /** With the base path. */
  readonly base: string
  readonly errors: readonly ChannelError[]
  /** What producers were given. */
  readonly asked: StartRequest[]
  /** An answer without its body read. */
  request(path: string, user: string | undefined, init?: RequestInit): Promise<Response>
  json(
    path: string,
    user?: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>
  /** Starts a run and reads it to its end. */
  say(
    body: unknown,
    user?: string,
    channelId?: string,
  ): Promise<{ readonly status: number; readonly text: string }>
  load(chatId: string, user?: string): Promise<LoadedConversation>
  close(): Promise<void>
}

interface Options extends Partial<ConversationsOptions> {
  readonly via?: 'node' | 'fetch'
  readonly log?: EventLog
  readonly resumable?: HubOptions['resumable']
  readonly start?: HandlerOptions['start']
  readonly handler?: Partial<HandlerOptions>
}

/** Answers with how many messages it was given, and the text of the last. */
export const echo = ({ messages = [] }: StartRequest): Producer =>
  async function* () {
    const last = messages[messages.length - 1]
    const said = last?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
    yield { type: 'text-start', id: 't' }
    yield { type: 'text-delta', id: 't', delta: `${messages.length}: ${said}` }
    yield { type: 'text-end', id: 't' }
    yield { type: 'finish', finishReason: 'stop' }
  }

/** Conversations behind a handler of either kind; users say who they are in `x-user`. */
export async function serveConversations(options: Options = {}): Promise<ServedConversations> {
  const { via = 'node', log = memoryLog(), start = echo, handler: more, resumable = [], ...own } = options
  const errors: ChannelError[] = []
  const asked: StartRequest[] = []
  const hub = createHub({ log, resumable, onError: (error) => errors.push(error) })
  const conversations = createConversations(hub, { store: memoryConversations(), ...own })
  const handlerOptions: HandlerOptions = {
    basePath: '/api/chat',
    authorize: ownerOnly(({ headers }) => headers['x-user']),
    conversations,
    ...more,
    start(request) {
      asked.push(request)
      return start(request)
    },
  }
  const node = createHandler(hub, handlerOptions)
  const web = createFetchHandler(hub, handlerOptions)
  const server = createServer(node)
  const port = await listen(server)
  const base = `http://127.0.0.1:${port}/api/chat`

  function request(path: string, user: string | undefined, init: RequestInit = {}) {
    const headers = {
      ...(init.headers as Record<string, string>),
      ...(user !== undefined && { 'x-user': user }),
    }
    return via === 'node'
      ? fetch(base + path, { ...init, headers })
      : web(new Request(BASE + path, { ...init, headers }))
  }

  async function json(path: string, user = 'ann', body?: unknown) {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    const response = await request(path, user, body === undefined ? {} : init)
    return { status: response.status, body: (await response.json()) as unknown }
  }

  return {
    hub,
    conversations,
    base,
    errors,
    asked,
    request,
    json,
    async say(body, user = 'ann', channelId) {
      const headers = { 'content-type': 'application/json', ...(channelId && { 'x-channel-id': channelId }) }
      const init = { method: 'POST', headers, body: JSON.stringify(body) }
      const response = await request('', user, init)
      return { status: response.status, text: await response.text() }
    },
    async load(chatId, user = 'ann') {
      const response = await request(`/~conversations/${chatId}`, user)
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
      return (await response.json()) as LoadedConversation
    },
    async close() {
      await hub.shutdown()
      await Promise.all([node.close(), web.close()])
      await conversations.close()
      await unlisten(server)
    },
  }
}

export const user = (id: string, text: string) => ({ id, role: 'user', parts: [{ type: 'text', text }] })

/** Role, text and status of each message of the path that is shown. */
export function shown({ nodes, leaf }: LoadedConversation): string[] {
  const lines: string[] = []
  for (let key = leaf; key !== undefined;) {
    const node = nodes.find((one) => one.key === key)
    if (!node) break
    const { role, parts, status } = node.message
    const text = parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('')
    lines.unshift([role, text, status].filter(Boolean).join(' '))
    key = node.parent
  }
  return lines
}
