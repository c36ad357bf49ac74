import type { ServerResponse } from 'node:http'
import { createEventStream } from './event-stream.js'
import type { StreamTarget } from './streams.js'

/** A response of node:http, the fast path: bytes of a batch are made once for all of them. */
export function nodeTarget(response: ServerResponse): StreamTarget {
  return {
    open(head, options) {
      // Gone while its run was being created: 'close' has been and will not come again.
      if (response.destroyed) return undefined
      response.writeHead(200, head)
      if (response.req.method === 'HEAD') {
        response.end()
        return undefined
      }
      response.flushHeaders()
      response.socket?.setNoDelay(true)
      return createEventStream(response, options)
    },
  }
}
