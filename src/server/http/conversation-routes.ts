import { ChannelError } from '../../core/channel-error.js'
import type { Action } from '../access/authorize.js'
import { createGate, type GateOptions } from '../access/gate.js'
import { readChange, readInfo } from '../conversations/read-change.js'
import type { Conversations } from '../conversations/conversations.js'
import type { Hub } from '../hub/hub.js'
import type { ConversationRoute } from './conversation-route.js'
import type { ApiRequest } from './endpoint.js'
import { jsonReply, type Problem } from './problem.js'

interface RoutesOptions extends GateOptions {
  readonly conversations?: Conversations | undefined
}

type Routes = (
  request: ApiRequest,
  to: ConversationRoute | { readonly kind: 'conversations' },
) => Promise<Problem>

/**
 * The conversations of whoever asks. Those of others have other names: there is nothing to compare, and nothing that
 * an answer or its time could tell of them.
 * @see docs/protocol.md#conversations
 */
export function createConversationRoutes(hub: Hub, { conversations, ...gateOptions }: RoutesOptions): Routes {
  const gate = createGate(hub, gateOptions)

  async function userOf(request: ApiRequest, action: Action, chatId?: string): Promise<string> {
    const wish = { action, channelId: undefined, ...(chatId !== undefined && { chatId }) }
    const { userId } = await gate.enter(request, wish)
    if (userId === undefined)
      throw new ChannelError('UNAUTHORIZED', "A conversation is a user's, and nobody is named.")
    return userId
  }

  async function list(request: ApiRequest, chats: Conversations): Promise<Problem> {
    const userId = await userOf(request, 'load')
    const limit = request.query.get('limit')
    if (limit !== null && !/^[1-9]\d{0,5}$/.test(limit))
      throw new ChannelError('BAD_REQUEST', 'limit takes a number above 0.')
    const after = request.query.get('after')
    const wish = { ...(limit !== null && { limit: Number(limit) }), ...(after !== null && { after }) }
    return jsonReply(200, await chats.list(userId, wish))
  }

  async function one(
    request: ApiRequest,
    { kind, chatId }: ConversationRoute,
    chats: Conversations,
  ): Promise<Problem> {
    const isRead = kind === 'conversation' && request.method === 'GET'
    const name = { userId: await userOf(request, isRead ? 'load' : 'save', chatId), chatId }
    if (kind === 'delete' || request.method === 'DELETE')
      return jsonReply(200, { removed: await chats.remove(name) })
    if (kind === 'describe')
      return jsonReply(200, { info: await chats.describe(name, readInfo(await request.readJson())) })
    if (!isRead)
      return jsonReply(200, { rev: await chats.change(name, readChange(await request.readJson())) })
    const loaded = await chats.load(name)
    if (!loaded) throw new ChannelError('CONVERSATION_NOT_FOUND')
    return jsonReply(200, loaded)
  }

  return async (request, to) => {
    if (!conversations) throw new ChannelError('CHANNEL_NOT_FOUND', 'There is nothing at this address.')
    return to.kind === 'conversations' ? list(request, conversations) : one(request, to, conversations)
  }
}
