import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHandler, createHub, memoryLog } from 'uni-sse-channel/server'
import { createDemoRoutes } from '../../scripts/demo/demo-routes.js'
import { createNotifications } from '../../scripts/demo/notifications.js'

interface Part {
  readonly type: string
  readonly text?: string
  readonly state?: string
  readonly url?: string
  readonly approval?: { readonly approved?: boolean }
}

interface Body {
  readonly messages: readonly { readonly role: string; readonly parts: readonly Part[] }[]
}

const IMAGE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/**
 * A model that uses everything a message can be made of. Asked for the weather it wants to run a tool, and waits for the
 * user's consent; any other question it answers with thinking, text, a source and an image.
 */
export function createToolApi() {
  const hub = createHub({ log: memoryLog() })
  const routes = createDemoRoutes(createNotifications(hub, Date.now), [])
  const bodies: Body[] = []
  let gate: Promise<void> | undefined
  let open: () => void = () => undefined
  const handler = createHandler(hub, {
    basePath: '/api/chat',
    cors: '*',
    start: ({ body, channelId }) => {
      bodies.push(body as Body)
      const before = gate
      return async function* () {
        await before
        yield* answer(body as Body, channelId)
      }
    },
  })
  return {
    /** What was asked, the oldest first. */
    bodies,
    /** Answers from now on say nothing until they are released. */
    hold() {
      gate = new Promise((resolve) => (open = resolve))
    },
    release() {
      gate = undefined
      open()
    },
    handle(request: IncomingMessage, response: ServerResponse) {
      if (!routes(request, response)) handler(request, response)
    },
    async close() {
      await hub.shutdown()
      await handler.close()
    },
  }
}

async function* answer({ messages }: Body, messageId: string) {
  const last = messages[messages.length - 1]
  const call = last?.parts.find(({ type }) => type === 'tool-weather')
  if (call?.state === 'approval-responded') {
    yield { type: 'start' } as const
    if (call.approval?.approved === false)
      yield { type: 'tool-output-denied', toolCallId: 'weather-1' } as const
    else
      yield {
        type: 'tool-output-available',
        toolCallId: 'weather-1',
        output: { city: '深圳', degrees: 26, sky: '多云' },
      } as const
    yield* text('t', call.approval?.approved === false ? '好的，没有查询。' : '深圳现在 **26 °C**，多云。')
  } else if (/天气|weather/.test(last?.parts.map(({ text = '' }) => text).join('') ?? '')) {
    const input = { city: '深圳' }
    yield { type: 'start', messageId } as const
    yield* text('before', '我来查一下天气。')
    yield { type: 'tool-input-available', toolCallId: 'weather-1', toolName: 'weather', input } as const
    yield { type: 'tool-approval-request', approvalId: 'consent-1', toolCallId: 'weather-1' } as const
  } else {
    const asked = last?.parts.map(({ text = '' }) => text).join('') ?? ''
    yield { type: 'start', messageId } as const
    yield { type: 'reasoning-start', id: 'r' } as const
    yield { type: 'reasoning-delta', id: 'r', delta: `用户说的是「${asked}」。` } as const
    yield { type: 'reasoning-end', id: 'r' } as const
    yield { type: 'source-url', sourceId: 's', url: 'https://example.com/a', title: '一个来源' } as const
    yield* text('t', `第 ${messages.length} 条的回答：${asked}`)
    yield { type: 'file', url: IMAGE, mediaType: 'image/png' } as const
  }
  yield { type: 'finish' } as const
}

function* text(id: string, delta: string) {
  yield { type: 'text-start', id } as const
  yield { type: 'text-delta', id, delta } as const
  yield { type: 'text-end', id } as const
}
