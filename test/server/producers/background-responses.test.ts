import { createServer, type Server, type ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHub } from '../../../src/server/hub/create-hub.js'
import type { EventLog } from '../../../src/server/log/event-log.js'
import type { Hub } from '../../../src/server/hub/hub.js'
import { backgroundResponses } from '../../../src/server/producers/background-responses.js'
import { redisLog } from '../../../src/server/log/redis/redis-log.js'
import { eventually } from '../../helpers/eventually.js'
import { listen, unlisten } from '../../helpers/listen.js'
import { textOf } from '../../helpers/read-events.js'
import { createRedisServer, type RedisServer } from '../../helpers/redis-server.js'

const ID = 'resp_1'
const WORDS = ['Each ', 'word ', 'is ', 'told ', 'once, ', 'whoever ', 'tells ', 'it.']

/** What OpenAI sends of an answer that runs on whether anybody listens, from its beginning. */
class Background {
  readonly asked: string[] = []
  private readonly events: object[] = [
    { type: 'response.created', response: { object: 'response', id: ID } },
    { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'msg_1' } },
  ]
  private readonly listeners = new Set<ServerResponse>()

  readonly server: Server = createServer((request, response) => {
    this.asked.push(`${request.method} ${request.url}`)
    request.resume()
    if (request.url?.endsWith('/cancel')) return response.end('{}')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of this.events) response.write(frame(event))
    this.listeners.add(response)
  })

  say(word: string) {
    this.tell({ type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: word })
  }

  end() {
    this.tell({ type: 'response.completed', response: { object: 'response', id: ID, output: [] } })
    for (const response of this.listeners) response.end()
  }

  private tell(event: object) {
    this.events.push(event)
    for (const response of this.listeners) response.write(frame(event))
  }
}

const frame = (event: object) => `data: ${JSON.stringify(event)}\n\n`

let redis: RedisServer
let openAI: Background
let nodes: { hub: Hub; log: EventLog }[]
beforeEach(async () => {
  redis = await createRedisServer()
  openAI = new Background()
  const baseUrl = `http://127.0.0.1:${await listen(openAI.server)}/v1`
  const model = backgroundResponses({ baseUrl, apiKey: 'k', model: 'm' })
  nodes = [0, 1].map(() => {
    const log = redisLog({ connection: redis.url, leaseMs: 5_000, offlineMs: 60_000 })
    return { log, hub: createHub({ log, resumable: [model] }) }
  })
  const prompt = { messages: [{ role: 'user', content: 'Go on.' }], prompt: 'Go on.' } as const
  await nodes[0]?.hub.run('answer', model(prompt))
})
afterEach(async () => {
  await Promise.all(nodes.map(({ log }) => log.close()))
  await unlisten(openAI.server)
  await redis.close()
})

const written = async (events: number) =>
  eventually(`${events} are written`, async () => (await nodes[1]?.hub.getInfo('answer'))?.events === events)

async function leaveTo(other: Hub) {
  const texts: string[] = []
  const stop = other.observe((signal) => void (signal.kind === 'takeover' && texts.push(signal.name)))
  await nodes[0]?.hub.shutdown()
  await eventually('the other reads on', () => texts.length > 0 && openAI.asked.length > 1)
  stop()
  expect(texts).toEqual(['openai-responses'])
}

describe('backgroundResponses', () => {
  it('reads on in another process what the model goes on writing, and pays for it once', async () => {
    const [, b] = nodes.map(({ hub }) => hub) as [Hub, Hub]
    for (const word of WORDS.slice(0, 3)) openAI.say(word)
    // start, the id, text-start and three pieces.
    await written(6)
    await leaveTo(b)
    for (const word of WORDS.slice(3)) openAI.say(word)
    openAI.end()
    const events = []
    for await (const event of b.read('answer')) events.push(event)
    expect(textOf(events)).toBe(WORDS.join(''))
    expect(events.filter(({ data }) => data.includes('"start"'))).toHaveLength(1)
    expect(openAI.asked).toEqual(['POST /v1/responses', `GET /v1/responses/${ID}?stream=true`])
  })

  it('is stopped at OpenAI by the process that goes on with it', async () => {
    const [, b] = nodes.map(({ hub }) => hub) as [Hub, Hub]
    openAI.say('Well')
    await written(4)
    await leaveTo(b)
    openAI.say(', then')
    await written(5)
    await b.stop('answer')
    await eventually('OpenAI is told', () => openAI.asked.length === 3)
    expect(openAI.asked[2]).toBe(`POST /v1/responses/${ID}/cancel`)
  })
})
