import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import sirv from 'sirv'
import {
  createHandler,
  createHub,
  createSocketHandler,
  memoryLog,
  type EventLog,
  type HandlerOptions,
} from 'uni-sse-channel/server'
import { createDemoModels } from './demo/demo-models.js'
import { createDemoRoutes } from './demo/demo-routes.js'
import { createNotifications, NOTIFICATIONS } from './demo/notifications.js'
import { CLOUD_PATHS } from './local-cloud/cloud-paths.js'
import type { LocalCloud } from './local-cloud/cloud/create-local-cloud.js'

export interface DemoServer {
  readonly server: Server
  readonly model: string
  /** Stops listening; ends runs, which may go on for `drainMs` (0), and streams in order, so that clients read on elsewhere. */
  close(options?: { readonly drainMs?: number }): Promise<void>
}

/**
 * One process for page and API: `/api/chat` speaks docs/protocol.md, the rest of `/api` is the demo's, everything else is
 * the built page.
 * @param root folder of the built H5 demo; without it only the API is served
 * @param log where answers are kept
 * @param cloud uniCloud on this machine, for the page that shows it
 */
export function createDemoServer(
  root?: string,
  env: NodeJS.ProcessEnv = process.env,
  log: EventLog = memoryLog(),
  cloud?: LocalCloud,
): DemoServer {
  const hub = createHub({ log })
  const notifications = createNotifications(hub, Date.now)
  const models = createDemoModels(env, { now: Date.now, notify: notifications.notify })
  const routes = createDemoRoutes(notifications, models.names)
  const options: HandlerOptions = {
    basePath: '/api/chat',
    start: ({ body }) => models.answer(body),
    // The demo also runs as a mini-program and an App, whose origin is none or `null`. A product lists its own.
    cors: '*',
  }
  const handler = createHandler(hub, options)
  const sockets = createSocketHandler(hub, options)
  const page =
    root === undefined ? undefined : sirv(root, { single: true, etag: true, gzip: true, brotli: true })
  const notFound = 'Nothing here. The API is at /api/chat.'
  const goesTo = (path: string, { url = '' }: IncomingMessage) => url.indexOf(path) === 0
  const server = createServer((request, response) => {
    if (cloud && goesTo(CLOUD_PATHS.functions, request)) return cloud.handle(request, response)
    if (routes(request, response)) return
    // A page that comes at once waits for the channel to be there.
    if (goesTo(`/api/chat/${NOTIFICATIONS}`, request))
      return void notifications.ready.finally(() => serve(request, response)).catch(() => undefined)
    serve(request, response)
  })
  function serve(request: IncomingMessage, response: ServerResponse) {
    handler(request, response, () => {
      const refuse = () => void response.writeHead(404, { 'content-type': 'text/plain' }).end(notFound)
      if (page) page(request, response, refuse)
      else refuse()
    })
  }
  server.on('upgrade', (request, socket, head) => {
    if (cloud && goesTo(CLOUD_PATHS.push, request)) cloud.push.accept(request, socket, head)
    // For platforms that give the body of a request only as a whole.
    else sockets(request, socket, head)
  })

  async function close({ drainMs = 0 } = {}) {
    const closed = new Promise((resolve) => server.close(resolve))
    await hub.shutdown({ drainMs })
    await Promise.all([handler.close(), sockets.close()])
    server.closeIdleConnections()
    await log.close()
    await cloud?.close()
    await closed
  }

  const [{ id, name }] = models.names
  return { server, model: id === 'demo' ? 'the built-in demo model' : name, close }
}
