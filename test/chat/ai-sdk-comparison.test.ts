import { useChat as useTheirs, type UseChatOptions as TheirOptions } from '@ai-sdk/vue'
import {
  DefaultChatTransport,
  lastAssistantMessageIsCompleteWithApprovalResponses as theirQuestionsAreAnswered,
  lastAssistantMessageIsCompleteWithToolCalls as theirToolsAreDone,
  type UIMessage,
} from 'ai'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import {
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  useChannelStore,
  useChat,
  type UseChatOptions,
} from '../../src/index.js'
import { eventually } from '../helpers/eventually.js'

/** What both can do, and what they tell of it. */
interface Client {
  readonly messages: { readonly value: readonly UIMessage[] }
  readonly status: { readonly value: string }
  sendMessage(message: never, request?: object): Promise<unknown>
  regenerate(request?: object): Promise<unknown>
  stop(): Promise<void>
  resumeStream(): Promise<unknown>
  addToolOutput(output: never): unknown
  addToolApprovalResponse(response: { id: string; approved: boolean; reason?: string }): unknown
  readonly told: string[]
}

let server: Server
let url: string
/** What the next requests are answered with. */
let answers: object[][] = []
let requests: unknown[] = []
/** Reads of an answer that exists. */
let reads = 0
/** Said and not ended: more would come. */
const hold = { type: 'hold' }
const scopes: EffectScope[] = []

beforeEach(async () => {
  answers = []
  requests = []
  reads = 0
  server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      if (request.url?.endsWith('/stop')) return response.writeHead(204).end()
      if (request.method === 'GET') reads++
      else
        requests.push({ body: JSON.parse(Buffer.concat(pieces).toString()), own: request.headers['x-own'] })
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' })
      for (const chunk of answers.shift() ?? []) {
        if (chunk === hold) return
        response.write(`data: ${JSON.stringify(chunk)}\n\n`)
      }
      response.end('data: [DONE]\n\n')
    })
  })
  // A connection that the server closes for its age while a request is on its way to it fails that request.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`
})
afterEach(async () => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function counter() {
  let count = 0
  return () => `id-${++count}`
}

function listeners(told: string[]) {
  return {
    onFinish: ({ isAbort, isDisconnect, isError, finishReason }: Record<string, unknown>) =>
      void told.push(`finish ${String([isAbort, isDisconnect, isError, finishReason])}`),
    onError: () => void told.push('error'),
    onData: (part: unknown) => void told.push(`data ${JSON.stringify(part)}`),
    onToolCall: ({ toolCall }: { toolCall: { toolCallId: string; toolName: string; input: unknown } }) => {
      const { toolCallId, toolName, input } = toolCall
      told.push(`call ${JSON.stringify([toolCallId, toolName, input])}`)
    },
  }
}

function inScope<T>(make: () => T): T {
  const scope = effectScope()
  scopes.push(scope)
  return scope.run(make) as T
}

interface Extras {
  /** What goes on by itself. */
  readonly when?: 'tools' | 'approvals'
  /** What was said before; of ours also with what is stored of it. */
  readonly said?: readonly UIMessage[]
}

function theirs({ when, said }: Extras): Client {
  const told: string[] = []
  const options = {
    id: 'talk',
    generateId: counter(),
    transport: new DefaultChatTransport({ api: url }),
    ...listeners(told),
    ...(when && { sendAutomaticallyWhen: when === 'tools' ? theirToolsAreDone : theirQuestionsAreAnswered }),
    ...(said && { messages: said.filter(({ role }) => role === 'user') }),
  }
  return {
    ...inScope(() => useTheirs(options as unknown as TheirOptions<UIMessage>)),
    told,
  } as unknown as Client
}

function ours({ when, said }: Extras): Client {
  const told: string[] = []
  const isWanted =
    when === 'tools'
      ? lastAssistantMessageIsCompleteWithToolCalls
      : lastAssistantMessageIsCompleteWithApprovalResponses
  const options = {
    id: 'talk',
    url,
    generateId: counter(),
    ...listeners(told),
    ...(when && { sendAutomaticallyWhen: isWanted }),
    ...(said && { messages: said }),
  }
  return { ...inScope(() => useChat(options as unknown as UseChatOptions)), told } as unknown as Client
}

const text = (delta: string) => [
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', delta },
  { type: 'text-end', id: 't' },
]
const start = { type: 'start', messageId: 'm' }
const finish = { type: 'finish', finishReason: 'stop' }

/** Ids that a client makes itself are as many as it makes messages: what counts is which are the same. */
function named(value: unknown): unknown {
  const names = new Map<string, string>()
  const json = JSON.stringify(value, (key, entry: unknown) => {
    if (key === 'state' && (entry === 'done' || entry === 'streaming')) return undefined
    if (typeof entry !== 'string' || !/^id-\d+$/.test(entry)) return entry
    if (!names.has(entry)) names.set(entry, `own ${names.size}`)
    return names.get(entry)
  })
  return JSON.parse(json)
}

const shown = ({ messages }: Client) =>
  messages.value.map(({ id, role, metadata, parts }) => ({ id, role, metadata, parts }))

/** Does the same with both and gives what each has sent, shown and told. */
async function both(
  replies: readonly object[][],
  act: (client: Client) => Promise<void>,
  extras: Extras = {},
) {
  const seen = []
  for (const make of [theirs, ours]) {
    answers = replies.map((reply) => [...reply])
    requests = []
    reads = 0
    const client = make(extras)
    await act(client)
    await eventually(
      'it is at rest',
      () => client.status.value === 'ready' || client.status.value === 'error',
    )
    seen.push(
      named({ requests, reads, messages: shown(client), told: client.told, status: client.status.value }),
    )
  }
  const [first, second] = seen
  return { first, second }
}

describe('the same as @ai-sdk/vue', () => {
  test('a text, its answer, and a second turn with a body and headers', async () => {
    const { first, second } = await both(
      [
        [start, ...text('one'), finish],
        [{ ...start, messageId: 'n' }, ...text('two'), finish],
      ],
      async ({ sendMessage }) => {
        await sendMessage({ text: 'hello', metadata: { at: 1 } } as never)
        await sendMessage({ text: 'again' } as never, { body: { model: 'x' }, headers: { 'x-own': 'yes' } })
      },
    )
    // Theirs names the question only where one is edited.
    expect(withoutMessageId(second)).toEqual(withoutMessageId(first))
  })

  test('files and a text', async () => {
    const file = { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AA==' }
    const { first, second } = await both([[start, ...text('a picture'), finish]], async ({ sendMessage }) => {
      await sendMessage({ text: 'what is it?', files: [file] } as never)
    })
    expect(withoutMessageId(second)).toEqual(withoutMessageId(first))
  })

  test('another answer', async () => {
    const { first, second } = await both(
      [
        [start, ...text('one'), finish],
        [{ ...start, messageId: 'n' }, ...text('two'), finish],
      ],
      async ({ sendMessage, regenerate }) => {
        await sendMessage({ text: 'hello' } as never)
        await regenerate({ messageId: 'm' })
      },
    )
    expect(withoutMessageId(second)).toEqual(withoutMessageId(first))
  })

  test('data parts, transient ones too, and metadata', async () => {
    const { first, second } = await both(
      [
        [
          { ...start, messageMetadata: { a: 1 } },
          { type: 'data-row', id: 'r', data: 1 },
          { type: 'data-note', data: 2, transient: true },
          { type: 'data-row', id: 'r', data: 3 },
          { ...finish, messageMetadata: { b: 2 } },
        ],
      ],
      async ({ sendMessage }) => void (await sendMessage({ text: 'hello' } as never)),
    )
    expect(withoutMessageId(second)).toEqual(withoutMessageId(first))
  })

  test('a tool that the page runs, and the same message that goes on', async () => {
    const call = { type: 'tool-input-available', toolCallId: 'c', toolName: 'add', input: [1, 2] }
    const { first, second } = await both(
      [
        [start, { type: 'start-step' }, call, { type: 'finish-step' }, finish],
        [start, { type: 'start-step' }, ...text('3'), { type: 'finish-step' }, finish],
      ],
      async ({ sendMessage, addToolOutput, messages }) => {
        await sendMessage({ text: 'add' } as never)
        await addToolOutput({ tool: 'add', toolCallId: 'c', output: 3 } as never)
        await eventually('the next step', () => messages.value[1]?.parts.length === 4)
      },
      { when: 'tools' },
    )
    expect(withoutMessageId(second)).toEqual(withoutMessageId(first))
  })

  test('what an answer held goes back with the next question: signatures, steps, calls, metadata', async () => {
    const signed = { providerMetadata: { anthropic: { signature: 'c2ln' } } }
    const sealed = { providerMetadata: { anthropic: { redactedData: 'cmVk' } } }
    const call = { toolCallId: 'c', dynamic: true }
    const { first, second } = await both(
      [
        [
          { ...start, messageMetadata: { model: 'm' } },
          { type: 'start-step' },
          { type: 'reasoning-start', id: 'r' },
          { type: 'reasoning-delta', id: 'r', delta: 'hm' },
          { type: 'reasoning-end', id: 'r', ...signed },
          { type: 'reasoning-start', id: 's', ...sealed },
          { type: 'reasoning-end', id: 's' },
          { type: 'tool-input-available', toolName: 'search', title: 'Search', input: { q: 1 }, ...call },
          { type: 'tool-output-available', output: [2], ...call },
          { type: 'finish-step' },
          { type: 'start-step' },
          { type: 'text-start', id: 't', providerMetadata: { openai: { itemId: 'i' } } },
          ...text('two').slice(1),
          { type: 'finish-step' },
          { ...finish, messageMetadata: { tokens: 5 } },
        ],
        [{ ...start, messageId: 'n' }, ...text('three'), finish],
      ],
      async ({ sendMessage }) => {
        await sendMessage({ text: 'one', metadata: { at: 1 } } as never)
        await sendMessage({ text: 'and?' } as never)
      },
    )
    expect(withoutMessageId(second)).toEqual(withoutMessageId(first))
    expect(JSON.stringify((second as { requests: unknown[] }).requests[1])).toMatch(
      /"at":1.*c2ln.*cmVk.*dynamic-tool.*itemId/,
    )
  })

  test('an error that the server tells', async () => {
    const { first, second } = await both(
      [[start, ...text('half'), { type: 'error', errorText: 'overloaded' }]],
      async ({ sendMessage }) => void (await sendMessage({ text: 'hello' } as never)),
    )
    expect(withoutMessageId(second)).toEqual(withoutMessageId(first))
  })

  test('a stop keeps what came, and is told as such', async () => {
    const { first, second } = await both([[start, ...text('half').slice(0, 2), hold]], async (client) => {
      const sent = client.sendMessage({ text: 'hello' } as never)
      await eventually('its first words', () => client.messages.value[1]?.parts.length === 1)
      await client.stop()
      await sent
    })
    expect(withoutMessageId(second)).toEqual(withoutMessageId(first))
    expect(second).toMatchObject({ told: ['finish true,false,false,'], status: 'ready' })
  })

  test('a question whether a tool may run, and the answer to it', async () => {
    const call = { type: 'tool-input-available', toolCallId: 'c', toolName: 'add', input: [1, 2] }
    const { first, second } = await both(
      [
        [
          start,
          { type: 'start-step' },
          call,
          { type: 'tool-approval-request', approvalId: 'p', toolCallId: 'c' },
          { type: 'finish-step' },
          finish,
        ],
        [
          start,
          { type: 'start-step' },
          { type: 'tool-output-available', toolCallId: 'c', output: 3 },
          ...text('3'),
          { type: 'finish-step' },
          finish,
        ],
      ],
      async ({ sendMessage, addToolApprovalResponse, messages }) => {
        await sendMessage({ text: 'add' } as never)
        await addToolApprovalResponse({ id: 'p', approved: true, reason: 'why not' })
        await eventually('the next step', () => messages.value[1]?.parts.length === 4)
      },
      { when: 'approvals' },
    )
    expect(withoutMessageId(second)).toEqual(withoutMessageId(first))
  })

  test('an edited question; ours has an id of its own, since the former one is kept', async () => {
    const { first, second } = await both(
      [
        [start, ...text('one'), finish],
        [{ ...start, messageId: 'n' }, ...text('uno'), finish],
      ],
      async ({ sendMessage, messages }) => {
        await sendMessage({ text: 'hello' } as never)
        await sendMessage({ text: 'hola', messageId: messages.value[0]?.id } as never)
      },
    )
    expect(withoutOwnIds(withoutMessageId(second))).toEqual(withoutOwnIds(withoutMessageId(first)))
    // Both name the question that was edited.
    for (const seen of [first, second])
      expect(seen).toMatchObject({
        requests: [{}, { body: { messageId: 'own 0', trigger: 'submit-message' } }],
      })
  })

  test('an answer that was being written when the page was loaded is read, and not asked for', async () => {
    const said = [
      { id: 'q', role: 'user', parts: [{ type: 'text', text: 'hello' }] },
      { id: 'm', role: 'assistant', parts: [], status: 'streaming', channelId: 'run-1' },
    ] as unknown as readonly UIMessage[]
    const { first, second } = await both(
      [[start, ...text('whole'), finish]],
      async ({ resumeStream }) => void (await resumeStream()),
      { said },
    )
    expect(second).toEqual(first)
    expect(second).toMatchObject({ requests: [], reads: 1, messages: [{ id: 'q' }, { id: 'm' }] })
  })
})

function withoutMessageId(seen: unknown): unknown {
  return JSON.parse(
    JSON.stringify(seen, (key, entry: unknown) => {
      if (key !== 'body') return entry
      const { messageId: _messageId, ...body } = entry as Record<string, unknown>
      return body
    }),
  )
}

/** Ids that a client made are all the same. */
const withoutOwnIds = (seen: unknown): unknown =>
  JSON.parse(JSON.stringify(seen).replace(/"own \d+"/g, '"own"'))
