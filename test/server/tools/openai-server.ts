import { startHttpServer, type HttpServer } from '../../helpers/http-server.js'

/** A call as Chat Completions begin it; its arguments come in pieces. */
export interface ScriptedCall {
  readonly id: string
  readonly name: string
  readonly args: string
}

/** What the model says in one call of it; text that is a recording is sent as it is. */
export type ScriptedStep =
  | { readonly recording: string }
  | { readonly text?: string; readonly calls?: readonly ScriptedCall[]; readonly reason?: string }

export interface ModelRequest {
  readonly messages: readonly Readonly<Record<string, unknown>>[]
  readonly tools: readonly unknown[]
}

export interface OpenAIServer {
  readonly url: string
  /** What it was asked, in order. */
  readonly asked: ModelRequest[]
  /** What it says next. */
  readonly script: ScriptedStep[]
  close(): Promise<void>
}

const frame = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`

function piece(delta: object, reason: string | null = null) {
  const choices = [{ index: 0, delta, finish_reason: reason }]
  return frame({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'm',
    choices,
  })
}

function streamOf(step: ScriptedStep): string {
  if ('recording' in step) return step.recording
  const { text = '', calls = [], reason = calls.length > 0 ? 'tool_calls' : 'stop' } = step
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
  return [
    piece({ role: 'assistant', content: '' }),
    ...[...text].map((content) => piece({ content })),
    ...calls.flatMap(({ id, name, args }, index) => [
      piece({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      piece({ tool_calls: [{ index, function: { arguments: args.slice(0, 3) } }] }),
      piece({ tool_calls: [{ index, function: { arguments: args.slice(3) } }] }),
    ]),
    piece({}, reason),
    frame({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [], usage }),
    'data: [DONE]\n\n',
  ].join('')
}

/** A server that speaks Chat Completions, and says what it is told to. */
export async function createOpenAIServer(...script: ScriptedStep[]): Promise<OpenAIServer> {
  const asked: ModelRequest[] = []
  const server: HttpServer = await startHttpServer((request, response) => {
    asked.push(JSON.parse(request.body) as ModelRequest)
    const step = script.shift()
    if (!step) return void response.writeHead(500).end('{"error":{"message":"nothing more is scripted"}}')
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(streamOf(step))
  })
  return { url: `${server.url}/v1/chat/completions`, asked, script, close: server.close }
}
