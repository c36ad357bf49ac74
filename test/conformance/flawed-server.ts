import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen, unlisten } from '../helpers/listen.js'

/** What a server can do wrong. Each is off by default. */
export interface Flaws {
  readonly html?: boolean
  readonly noEnd?: boolean
  readonly noName?: boolean
  readonly stopIsDeaf?: boolean
  readonly stopsOnHangUp?: boolean
  readonly startsAgain?: boolean
  readonly replaysLast?: boolean
  readonly skipsOne?: boolean
  readonly opaqueIds?: boolean
  readonly silentGap?: boolean
  readonly gapWithId?: boolean
  readonly takesAnyBody?: boolean
  readonly oneUser?: boolean
}

interface Channel {
  readonly epoch: string
  readonly user: string
  readonly events: string[]
  readonly readers: Set<() => void>
  status: 'running' | 'done' | 'stopped'
}

const LENGTH = 40
const MEDIA = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-transform',
  'x-accel-buffering': 'no',
}

/** A small server of its own, in memory, that speaks the protocol as far as its flaws let it. Closes with what it holds. */
export async function serveFlawed(flaws: Flaws): Promise<{ readonly url: string; close(): Promise<void> }> {
  const channels = new Map<string, Channel>()
  const timers = new Set<NodeJS.Timeout>()

  function produce(channel: Channel) {
    const add = (data: unknown) => {
      channel.events.push(typeof data === 'string' ? data : JSON.stringify(data))
      for (const wake of [...channel.readers]) wake()
    }
    const timer = setInterval(() => {
      if (channel.status === 'running' && channel.events.length < LENGTH)
        return add({ type: 'text-delta', id: 't', delta: `${channel.events.length} ` })
      if (channel.status === 'stopped') add({ type: 'abort' })
      else channel.status = 'done'
      clearInterval(timer)
      if (!flaws.noEnd) add('[DONE]')
      channel.readers.forEach((wake) => wake())
    }, 4)
    timers.add(timer)
  }

  const isOver = ({ status, events }: Channel) =>
    flaws.noEnd ? status !== 'running' : events[events.length - 1] === '[DONE]'

  const refuse = (response: ServerResponse, status: number, code: string, more: object = {}) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { code, message: 'No.' }, ...more }))

  const idOf = (channel: Channel, seq: number) => (flaws.opaqueIds ? `n${seq}` : `${channel.epoch}_${seq}`)

  function stream(response: ServerResponse, id: string, channel: Channel, from: number, before = '') {
    response.writeHead(200, { ...MEDIA, ...(!flaws.noName && { 'x-channel-id': id }) })
    response.write(`: open\n\n${before}`)
    let next = from
    const wake = () => {
      for (; next < channel.events.length; next++)
        if (!(flaws.skipsOne && from > 0 && next === from))
          response.write(`id: ${idOf(channel, next)}\ndata: ${channel.events[next]}\n\n`)
      if (isOver(channel)) response.end()
    }
    channel.readers.add(wake)
    response.on('close', () => {
      channel.readers.delete(wake)
      if (flaws.stopsOnHangUp && channel.status === 'running') channel.status = 'stopped'
    })
    wake()
  }

  function read(request: IncomingMessage, response: ServerResponse, id: string, channel: Channel) {
    const { searchParams } = new URL(request.url ?? '', 'http://x')
    const cursor = String(request.headers['last-event-id'] ?? searchParams.get('lastEventId') ?? '')
    if (cursor === '') return stream(response, id, channel, 0)
    const [, epoch, digits = ''] = /^([A-Za-z0-9]+)_(0|[1-9]\d*)$/.exec(cursor) ?? []
    const last = channel.events.length - 1
    const gap = { earliest: idOf(channel, 0), last: idOf(channel, last) }
    if (epoch === undefined) return refuse(response, 400, 'BAD_CURSOR')
    if (epoch !== channel.epoch) {
      if (flaws.silentGap) return stream(response, id, channel, 0)
      if (searchParams.get('onGap') !== 'event') return refuse(response, 410, 'HISTORY_EXPIRED', gap)
      const data = JSON.stringify({ error: { code: 'HISTORY_EXPIRED' }, ...gap })
      return stream(
        response,
        id,
        channel,
        0,
        `event: gap\n${flaws.gapWithId ? 'id: g_0\n' : ''}data: ${data}\n\n`,
      )
    }
    const seq = Number(digits)
    if (seq > last) return refuse(response, 416, 'CURSOR_AHEAD')
    if (seq === last && isOver(channel)) return void response.writeHead(204).end()
    stream(response, id, channel, flaws.replaysLast ? seq : seq + 1)
  }

  function start(request: IncomingMessage, response: ServerResponse, body: string, user: string) {
    const id = String(request.headers['x-channel-id'] ?? `generated-${channels.size}-by-the-server`)
    if (flaws.html)
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>')
    if (!flaws.takesAnyBody) {
      if (!/^[\w-]{16,64}$/.test(id)) return refuse(response, 400, 'BAD_REQUEST')
      if (request.headers['content-type'] !== 'application/json')
        return refuse(response, 415, 'UNSUPPORTED_MEDIA_TYPE')
      if (body.length > 1_000_000) return refuse(response, 413, 'BODY_TOO_LARGE')
      try {
        JSON.parse(body)
      } catch {
        return refuse(response, 400, 'BAD_REQUEST')
      }
    }
    const known = channels.get(id)
    if (known && !flaws.startsAgain)
      return known.user === user || flaws.oneUser
        ? stream(response, id, known, 0)
        : refuse(response, 403, 'FORBIDDEN')
    const epoch = `e${channels.size}`
    const channel: Channel = { epoch, user, events: [], readers: new Set(), status: 'running' }
    channels.set(id, channel)
    produce(channel)
    stream(response, id, channel, 0)
  }

  function route(request: IncomingMessage, response: ServerResponse, body: string) {
    const [, base, id = '', action = 'stream'] = (request.url ?? '').split('?')[0]?.split('/') ?? []
    const { method, headers } = request
    const user = headers.authorization ?? ''
    if (user === '') return refuse(response, 401, 'UNAUTHORIZED')
    const allow = id === '' || action === 'stop' ? 'POST' : 'GET'
    if (method !== allow) return void response.writeHead(405, { allow }).end()
    if (base === 'chat' && id === '') return start(request, response, body, user)
    const channel = channels.get(id)
    if (!channel || (channel.user !== user && !flaws.oneUser))
      return refuse(response, 404, 'CHANNEL_NOT_FOUND')
    if (action !== 'stop') return read(request, response, id, channel)
    if (channel.status === 'running' && !flaws.stopIsDeaf) channel.status = 'stopped'
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(
        JSON.stringify({ channelId: id, status: channel.status === 'running' ? 'stopped' : channel.status }),
      )
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => route(request, response, Buffer.concat(parts).toString()))
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/chat`,
    async close() {
      for (const timer of timers) clearInterval(timer)
      await unlisten(server)
    },
  }
}
