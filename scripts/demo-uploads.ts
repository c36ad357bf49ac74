import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'

const PATH = '/api/uploads'
const MAX_BYTES = 20 * 1024 * 1024
/** The oldest go first: a demo keeps nothing for long. */
const MAX_FILES = 50

/** What a browser may show by itself; anything else is downloaded. */
const SHOWN = /^image\/(?:png|jpeg|gif|webp)$/

interface StoredFile {
  readonly type: string
  readonly bytes: Buffer
}

/**
 * Where the demo's attachments are kept: in memory. `POST /api/uploads` takes the one file of a form, as
 * `uni.uploadFile` sends it, and answers `{ url }`.
 * @returns whether the request was one of these
 */
export function createUploads(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const files = new Map<string, StoredFile>()

  async function take(request: IncomingMessage, response: ServerResponse) {
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of request as AsyncIterable<Buffer>) {
      size += piece.length
      if (size > MAX_BYTES) return void response.writeHead(413).end()
      pieces.push(piece)
    }
    const file = fileOf(Buffer.concat(pieces), request.headers['content-type'] ?? '')
    if (!file) return void response.writeHead(400).end()
    const id = randomUUID()
    files.set(id, file)
    for (const [oldest] of files) if (files.size > MAX_FILES) files.delete(oldest)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ url: `${PATH}/${id}` }))
  }

  return (request, response) => {
    const { method, url = '' } = request
    if (url !== PATH && !url.startsWith(`${PATH}/`)) return false
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', '*')
    response.setHeader('x-content-type-options', 'nosniff')
    if (method === 'OPTIONS') response.writeHead(204).end()
    else if (method === 'POST') void take(request, response).catch(() => response.destroy())
    else give(files.get(url.slice(PATH.length + 1)), response)
    return true
  }
}

function give(file: StoredFile | undefined, response: ServerResponse) {
  if (!file) return void response.writeHead(404).end()
  const isShown = SHOWN.test(file.type)
  response.writeHead(200, {
    'content-type': isShown ? file.type : 'application/octet-stream',
    ...(!isShown && { 'content-disposition': 'attachment' }),
  })
  response.end(file.bytes)
}

/** The first file of a form. @see https://www.rfc-editor.org/rfc/rfc7578 */
function fileOf(body: Buffer, contentType: string): StoredFile | undefined {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1]
  if (boundary === undefined) return undefined
  const mark = Buffer.from(`--${boundary}`)
  for (let at = body.indexOf(mark); at >= 0;) {
    const next = body.indexOf(mark, at + mark.length)
    if (next < 0) return undefined
    const part = body.subarray(at + mark.length + 2, next - 2)
    const end = part.indexOf('\r\n\r\n')
    const head = part.subarray(0, Math.max(0, end)).toString()
    const type = /^content-type: *([^\s;]+)/im.exec(head)?.[1] ?? 'application/octet-stream'
    if (/filename/i.test(head)) return { type: type.toLowerCase(), bytes: part.subarray(end + 4) }
    at = next
  }
  return undefined
}
