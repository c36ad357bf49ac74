import type { RequestHandler } from './static-server.js'

/** What `/api/stream` sends: 3-byte characters and one of 4, so that a one-byte cut lands inside most of them. */
export const FIXTURE_TEXT = '流式回答：你好，世界🌏。'

export interface FixtureApi {
  handler: RequestHandler
  /** Answers that have begun and not ended. */
  open(): number
  /** Connections on which the client left before the answer ended. */
  aborted(): number
  /** Sends the next piece of every open `/api/steps` answer. */
  step(): void
  finish(): void
}

/**
 * `/api/stream`: the text in pieces of 4 bytes, 15 ms apart.
 * `/api/steps`: one byte-cut piece for each `step()`, so that a test decides when the next chunk exists.
 */
export function createFixtureApi(): FixtureApi {
  const bytes = Buffer.from(FIXTURE_TEXT)
  const open = new Set<{ write: () => void; end: () => void }>()
  let aborted = 0
  const handler: RequestHandler = (request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    response.flushHeaders()
    let offset = 0
    const answer = {
      write: () => {
        response.write(bytes.subarray(offset, offset + 4))
        offset += 4
      },
      end: () => response.end(bytes.subarray(offset)),
    }
    open.add(answer)
    const timer = request.url?.startsWith('/api/stream')
      ? setInterval(() => (offset < bytes.length ? answer.write() : answer.end()), 15)
      : undefined
    response.once('close', () => {
      clearInterval(timer)
      open.delete(answer)
      if (!response.writableFinished) aborted++
    })
  }
  return {
    handler,
    open: () => open.size,
    aborted: () => aborted,
    step: () => open.forEach((answer) => answer.write()),
    finish: () => open.forEach((answer) => answer.end()),
  }
}
