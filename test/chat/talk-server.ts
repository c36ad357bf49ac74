import { isToolPart, messageText, type ChatMessage } from '../../src/index.js'
import { createHandler, createHub, memoryLog } from '../../src/server/index.js'
import { startStaticServer, type StaticServer } from '../hosts/static-server.js'

interface Asked {
  readonly messages: readonly ChatMessage[]
  readonly trigger: string
}

/** A server of ours that counts, and whose answers to `slow …` come to their end when it is told so. */
export interface TalkServer extends Pick<StaticServer, 'url'> {
  /** Runs that have begun, by what was asked. */
  readonly runs: readonly string[]
  /** Requests that ask for a run. */
  readonly posts: number
  /** Lets slow answers go on, those that come later too. */
  letGo(): void
  close(): Promise<void>
}

/** @param folder the app's pages; a mini program brings its own */
export async function startTalkServer(folder?: string): Promise<TalkServer> {
  const runs: string[] = []
  let posts = 0
  let letGo: () => void = () => undefined
  const gate = new Promise<void>((open) => (letGo = open))
  const hub = createHub({ log: memoryLog() })
  const handler = createHandler(hub, {
    basePath: '/api/chat',
    start({ body }) {
      const { messages, trigger } = body as Asked
      const last = messages[messages.length - 1]
      const part = last?.parts.filter(isToolPart).pop()
      const text = last ? messageText(last) : ''
      const asked = last?.role === 'user' ? `${trigger} ${text}` : `go on with ${part?.state}`
      return async function* ({ signal }) {
        runs.push(asked)
        yield { type: 'start-step' }
        if (last?.role === 'user' && /tool|approval/.test(text)) {
          yield { type: 'tool-input-available', toolCallId: 'c', toolName: 'add', input: [1, 2] }
          if (text.includes('approval'))
            yield { type: 'tool-approval-request', approvalId: 'p', toolCallId: 'c' }
          return
        }
        if (part?.state === 'approval-responded')
          yield { type: 'tool-output-available', toolCallId: 'c', output: 3 }
        yield { type: 'text-delta', id: 't', delta: 'half of ' }
        const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        if (text.includes('slow') || last?.role === 'assistant') await Promise.race([gate, stopped])
        yield { type: 'text-delta', id: 't', delta: `the answer to: ${asked}` }
      }
    },
  })
  const server = await startStaticServer({
    ...(folder !== undefined && { folder }),
    api(request, response) {
      if (request.method === 'POST' && !request.url?.endsWith('/stop')) posts++
      handler(request, response)
    },
  })
  return {
    url: server.url,
    runs,
    get posts() {
      return posts
    },
    letGo,
    async close() {
      letGo()
      await hub.shutdown()
      await handler.close()
      await server.close()
    },
  }
}
