import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { extname, resolve, sep } from 'node:path'

const MIME: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

export interface StaticServerOptions {
  /** Folder to serve; `/` is its `index.html`. Without it, only `files` and `api` answer. */
  folder?: string
  /** Extra files by absolute path, such as `/host.js`. They win over the folder. The type follows the extension. */
  files?: Record<string, string | Buffer>
  /** Answers every request whose path is `apiPath` or below it, so that pages and API share an origin. */
  api?: RequestHandler
  /** Default `/api`. The handler sees the full path. */
  apiPath?: string
  /** WebSocket and other upgrades; without it they are refused. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

export interface StaticServer {
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  url: string
  port: number
  /** Destroys every open connection, as a lost network does, and returns how many there were. */
  destroySockets(): number
  /** Destroys what is open and stops listening. */
  close(): Promise<void>
}

/** Serves built pages on a free port of 127.0.0.1. Nothing is cached. */
export async function startStaticServer(options: StaticServerOptions): Promise<StaticServer> {
  const { api, apiPath = '/api', upgrade } = options
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname)
    if (api && (path === apiPath || path.startsWith(`${apiPath}/`))) api(request, response)
    else void sendFile(options, path === '/' ? '/index.html' : path, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  if (upgrade) server.on('upgrade', upgrade)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))

  const destroySockets = () => {
    const count = sockets.size
    for (const socket of sockets) socket.destroy()
    return count
  }
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    destroySockets,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        destroySockets()
      }),
  }
}

async function sendFile(
  { folder, files }: StaticServerOptions,
  path: string,
  response: ServerResponse,
): Promise<void> {
  const head = {
    'content-type': MIME[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'cache-control': 'no-store',
  }
  const extra = files?.[path]
  if (extra !== undefined) return void response.writeHead(200, head).end(extra)
  const file = folder === undefined ? undefined : await fileInside(folder, path)
  if (file === undefined) return void response.writeHead(404, { 'content-type': MIME['.txt'] }).end(path)
  response.writeHead(200, head)
  createReadStream(file).pipe(response)
}

async function fileInside(folder: string, path: string): Promise<string | undefined> {
  const root = resolve(folder)
  const file = resolve(root, `.${path}`)
  if (!file.startsWith(root + sep)) return undefined
  return (await stat(file).catch(() => undefined))?.isFile() ? file : undefined
}
