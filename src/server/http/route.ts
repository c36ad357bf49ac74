import { matchConversation, type ConversationRoute } from './conversation-route.js'

/** What a request asks for. `undefined` from `matchRoute`: nothing of ours. */
export type Route =
  | { readonly kind: 'start' }
  /** `stream`: asked for as `{id}/stream`, which may also be the stream of a chat. */
  | { readonly kind: 'read'; readonly channelId: string; readonly path: 'channel' | 'stream' }
  | { readonly kind: 'poll'; readonly channelId: string }
  | { readonly kind: 'stop'; readonly channelId: string }
  | { readonly kind: 'send'; readonly channelId: string }
  | { readonly kind: 'health' | 'ready' | 'channels' }
  | { readonly kind: 'conversations' }
  | ConversationRoute

/** Methods of each route, as its `allow` header wants them. */
export const allowedMethods: Readonly<Record<Route['kind'], readonly string[]>> = {
  start: ['POST', 'OPTIONS'],
  read: ['GET', 'HEAD', 'OPTIONS'],
  poll: ['GET', 'OPTIONS'],
  stop: ['POST', 'OPTIONS'],
  send: ['POST', 'OPTIONS'],
  health: ['GET', 'HEAD', 'OPTIONS'],
  ready: ['GET', 'HEAD', 'OPTIONS'],
  channels: ['GET', 'OPTIONS'],
  conversations: ['GET', 'OPTIONS'],
  conversation: ['GET', 'POST', 'DELETE', 'OPTIONS'],
  describe: ['POST', 'OPTIONS'],
  delete: ['POST', 'OPTIONS'],
}

export interface Target {
  readonly path: string
  readonly query: URLSearchParams
}

/** A request target of any form, taken apart by hand: `new URL` throws on many that reach a server. */
export function parseTarget(target: string): Target {
  const relative = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/, '')
  const mark = relative.indexOf('?')
  const path = mark < 0 ? relative : relative.slice(0, mark)
  return { path, query: new URLSearchParams(mark < 0 ? '' : relative.slice(mark + 1)) }
}

const kinds: Readonly<Record<string, 'read' | 'poll' | 'stop' | 'send'>> = {
  stream: 'read',
  events: 'poll',
  stop: 'stop',
  send: 'send',
}

/** Of the server itself: no channel's id begins with a tilde. */
const ownKinds = ['health', 'ready', 'channels', 'conversations'] as const

/** @param base without a slash at its end; empty for the root */
export function matchRoute(path: string, base: string): Route | undefined {
  if (!path.startsWith(base)) return undefined
  const rest = path.slice(base.length)
  if (rest === '' || rest === '/') return { kind: 'start' }
  if (rest.startsWith('/~')) {
    const own = ownKinds.find((kind) => rest === `/~${kind}`)
    return own ? { kind: own } : matchConversation(rest, decode)
  }
  const match = /^\/([^/]+)(?:\/(stream|events|stop|send))?$/.exec(rest)
  if (!match) return undefined
  const channelId = decode(match[1] as string)
  const kind = kinds[match[2] ?? 'stream'] ?? 'read'
  return kind === 'read' ? { kind, channelId, path: match[2] ? 'stream' : 'channel' } : { kind, channelId }
}

/** Percent signs that decode to nothing stay, and make an id that no check lets through. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
