import type { IncomingMessage, ServerResponse } from 'node:http'
import { createKeptFiles, fileOfForm } from './kept-files.js'
import type { ModelName } from './demo-models.js'
import type { Notifications } from './notifications.js'

const MAX_FILE_BYTES = 10 * 1024 * 1024
/** What a browser may show in its own page; anything else is handed out as a file. */
const shown = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+)$/i

type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * What the demo's pages ask for besides answers: who the server is, a notice to send, a place for uploads.
 * @returns whether the request was one of these
 */
export function createDemoRoutes(
  notifications: Notifications,
  models: readonly ModelName[],
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const files = createKeptFiles()

  const routes: Readonly<Record<string, Route>> = {
    'GET /api/info': async (_request, response) =>
      answer(response, 200, { models, node: process.version, time: Date.now() }),

    async 'POST /api/notifications'(request, response) {
      const { text } = JSON.parse((await bodyOf(request, 10_000)).toString()) as { text?: unknown }
      if (typeof text !== 'string' || text.trim() === '')
        return answer(response, 400, { message: 'Send {"text": "…"}.' })
      await notifications.notify(text.trim().slice(0, 500))
      answer(response, 200, { sent: true })
    },

    async 'POST /api/files'(request, response) {
      const body = await bodyOf(request, MAX_FILE_BYTES)
      const file = fileOfForm(request.headers['content-type'] ?? '', body)
      if (!file) return answer(response, 400, { message: 'Send a form with one file.' })
      const { name, mediaType, bytes } = file
      answer(response, 200, { url: `/api/files/${files.add(file)}`, name, mediaType, size: bytes.length })
    },

    async 'GET /api/files'(request, response) {
      const file = files.get((request.url ?? '').split('/')[3] ?? '')
      if (!file) return answer(response, 404, { message: 'No such file.' })
      response.writeHead(200, {
        ...open,
        'content-type': shown.test(file.mediaType) ? file.mediaType : 'application/octet-stream',
        'content-disposition': shown.test(file.mediaType) ? 'inline' : 'attachment',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
      })
      response.end(file.bytes)
    },
  }

  return (request, response) => {
    const path = (request.url ?? '').split('?')[0]?.split('/').slice(0, 3).join('/') ?? ''
    const isOurs = Object.keys(routes).some((name) => name.endsWith(` ${path}`))
    if (!isOurs) return false
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { ...open, 'access-control-allow-headers': 'content-type' }).end()
      return true
    }
    const route = routes[`${request.method} ${path}`]
    if (!route) answer(response, 405, { message: 'Not this way.' })
    else
      route(request, response).catch((thrown: unknown) => {
        if (response.headersSent) response.destroy()
        else answer(response, thrown instanceof TooLarge ? 413 : 400, { message: String(thrown) })
      })
    return true
  }
}

/** The demo also runs as a mini-program and an App, whose origin is none or `null`. */
const open = { 'access-control-allow-origin': '*' }

function answer(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { ...open, 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

class TooLarge extends Error {}

async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > maxBytes) throw new TooLarge(`More than ${maxBytes} bytes.`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
