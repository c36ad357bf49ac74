import { createServer, type IncomingMessage, type Server } from 'node:http'
import sirv from 'sirv'
import {
  createHandler,
  createHub,
  createSocketHandler,
  demoModel,
  memoryLog,
  openAIModel,
  readChatInput,
  type ChatInput,
  type EventLog,
  type HandlerOptions,
  type Producer,
} from 'uni-sse-channel/server'
import { createUploads } from './demo-uploads.js'
import { CLOUD_PATHS } from './local-cloud/cloud-paths.js'
import type { LocalCloud } from './local-cloud/cloud/create-local-cloud.js'

type Model = (input: ChatInput) => Producer

/** A real model when the environment names one, else the built-in demo model. */
function chooseModel(env: NodeJS.ProcessEnv): { readonly name: string; readonly model: Model } {
  const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey = '', OPENAI_MODEL: model } = env
  if (!baseUrl || !model) return { name: 'the built-in demo model', model: demoModel() }
  return {
    name: `${model} at ${new URL(baseUrl).host}`,
    model: openAIModel({ baseUrl, apiKey, model }),
  }
}

export interface DemoServer {
  readonly server: Server
  readonly model: string
  /** Ends streams and runs in order, so that clients read on elsewhere, and stops listening. */
  close(): Promise<void>
}

/**
 * One process for page and API: `/api/chat` speaks docs/protocol.md, everything else is the built page.
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
  const { name, model } = chooseModel(env)
  const hub = createHub({ log })
  const options: HandlerOptions = {
    basePath: '/api/chat',
    start: ({ body }) => model(readChatInput(body)),
    // The demo also runs as a mini-program and an App, whose origin is none or `null`. A product lists its own.
    cors: '*',
  }
  const handler = createHandler(hub, options)
  const sockets = createSocketHandler(hub, options)
  const uploads = createUploads()
  const page =
    root === undefined ? undefined : sirv(root, { single: true, etag: true, gzip: true, brotli: true })
  const notFound = 'Nothing here. The API is at /api/chat.'
  const goesTo = (path: string, { url = '' }: IncomingMessage) => url.indexOf(path) === 0
  const server = createServer((request, response) => {
    if (cloud && goesTo(CLOUD_PATHS.functions, request)) return cloud.handle(request, response)
    if (uploads(request, response)) return
    handler(request, response, () => {
      const refuse = () => void response.writeHead(404, { 'content-type': 'text/plain' }).end(notFound)
      if (page) page(request, response, refuse)
      else refuse()
    })
  })
  server.on('upgrade', (request, socket, head) => {
    if (cloud && goesTo(CLOUD_PATHS.push, request)) cloud.push.accept(request, socket, head)
    // For platforms that give the body of a request only as a whole.
    else sockets(request, socket, head)
  })

  async function close() {
    const closed = new Promise((resolve) => server.close(resolve))
    await hub.shutdown()
    await Promise.all([handler.close(), sockets.close()])
    server.closeIdleConnections()
    await log.close()
    await cloud?.close()
    await closed
  }

  return { server, model: name, close }
}
