import { createServer, type Server } from 'node:http'
import sirv from 'sirv'
import {
  createHandler,
  createHub,
  demoModel,
  memoryLog,
  openaiRelay,
  parseChatInput,
  type Producer,
} from 'uni-sse-channel/server'

type Model = (input: ReturnType<typeof parseChatInput>) => Producer

/** A real model when the environment names one, else the built-in demo model. */
function chooseModel(env: NodeJS.ProcessEnv): { readonly name: string; readonly model: Model } {
  const { OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODEL } = env
  if (!OPENAI_BASE_URL || !OPENAI_MODEL) return { name: 'the built-in demo model', model: demoModel() }
  const model = openaiRelay({ baseUrl: OPENAI_BASE_URL, apiKey: OPENAI_API_KEY ?? '', model: OPENAI_MODEL })
  return { name: `${OPENAI_MODEL} at ${new URL(OPENAI_BASE_URL).host}`, model }
}

export interface DemoServer {
  readonly server: Server
  readonly model: string
}

/**
 * One process for page and API: `/api/chat` speaks docs/protocol.md, everything else is the built page.
 * @param root folder of the built H5 demo; without it only the API is served
 */
export function createDemoServer(root?: string, env: NodeJS.ProcessEnv = process.env): DemoServer {
  const { name, model } = chooseModel(env)
  const handler = createHandler(createHub({ log: memoryLog() }), {
    basePath: '/api/chat',
    start: ({ body }) => model(parseChatInput(body)),
    // The demo also runs as a mini-program and an App, whose origin is none or `null`. A product lists its own.
    cors: '*',
  })
  const page = root === undefined ? undefined : sirv(root, { single: true, etag: true })
  const notFound = 'Nothing here. The API is at /api/chat.'
  const server = createServer((request, response) => {
    handler(request, response, () => {
      if (page) page(request, response, () => response.writeHead(404).end(notFound))
      else response.writeHead(404).end(notFound)
    })
  })
  return { server, model: name }
}
