import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { RequestHandler } from '../../static-server.js'
import { FORWARD_FAILED } from './forward.js'

/** Headers a browser adds by itself, which a phone does not send. */
const BROWSER_HEADERS = /^(host|connection|origin|referer|cookie|sec-.*|accept-encoding|accept-language)$/

/** Passes `/forward?url=…` on to `url`, byte for byte as it comes; a cut on either side cuts the other. */
export const forwardRequest: RequestHandler = (request, response) => {
  const url = new URL(new URL(request.url ?? '', 'http://host').searchParams.get('url') ?? '')
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !BROWSER_HEADERS.test(name)),
  )
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const upstream = send(url, { method: request.method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    response.flushHeaders()
    answer.pipe(response)
    answer.once('close', () => {
      if (!answer.complete) response.destroy()
    })
  })
  upstream.once('error', () => {
    if (response.headersSent) response.destroy()
    else response.writeHead(502, { [FORWARD_FAILED]: '1' }).end()
  })
  response.once('close', () => upstream.destroy())
  request.pipe(upstream)
}
