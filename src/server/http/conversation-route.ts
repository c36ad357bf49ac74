import { isChatId } from '../channel-id.js'

/**
 * One conversation. `conversation` is loaded, saved or removed by the method; the others are for clients that know no other
 * methods than GET and POST.
 */
export interface ConversationRoute {
  readonly kind: 'conversation' | 'describe' | 'delete'
  readonly chatId: string
}

const kinds = { describe: 'describe', delete: 'delete' } as const

/** @param rest behind the base, as it came */
export function matchConversation(
  rest: string,
  decode: (segment: string) => string,
): ConversationRoute | undefined {
  const [, name = '', act] = /^\/~conversations\/([^/]+)(?:\/(describe|delete))?$/.exec(rest) ?? []
  const chatId = decode(name)
  if (!isChatId(chatId)) return undefined
  return { kind: act === undefined ? 'conversation' : kinds[act as keyof typeof kinds], chatId }
}
