// Stands in for tt.createEventSource: the platform parses, so comments, retry and the bodies of refusals are lost.
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { createSseReader } from '../../src/core/sse.js'

interface Options {
  readonly url: string
  readonly method: string
  readonly header: Record<string, string>
  readonly data?: string
}

interface Message {
  readonly data: string
  readonly event: string
  readonly lastEventId: string
}

type Kind = 'open' | 'message' | 'error' | 'close'

/** Puts a `tt` into the realm; returns its undo. */
export function installDouyin(): () => void {
  const realm = globalThis as { tt?: unknown }
  realm.tt = { createEventSource }
  return () => {
    delete realm.tt
  }
}

function createEventSource(options: Options) {
  const handlers: Partial<Record<Kind, (value?: object) => void>> = {}
  const { url, method, header, data } = options
  const request = httpRequest(url, { method, headers: header }, receive)
  request.on('error', ({ message }) => handlers.error?.({ errMsg: message }))
  request.end(data)

  function receive(response: IncomingMessage) {
    const { statusCode = 0 } = response
    if (statusCode !== 200) {
      response.destroy()
      return handlers.error?.({ errMsg: 'status', statusCode })
    }
    handlers.open?.()
    const reader = createSseReader({
      event: ({ id, type, data }) => {
        const message: Message = { data, event: type, lastEventId: id }
        handlers.message?.(message)
      },
    })
    response.setEncoding('utf8')
    response.on('data', (text: string) => reader.feed(text))
    response.on('error', () => handlers.error?.({ errMsg: 'connection reset' }))
    response.on('end', () => handlers.close?.())
  }

  const on = (kind: Kind) => (handler: (value?: object) => void) => {
    handlers[kind] = handler
  }
  return {
    onOpen: on('open'),
    onMessage: on('message'),
    onError: on('error'),
    onClose: on('close'),
    close: () => request.destroy(),
  }
}
