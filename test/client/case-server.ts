import type { ServerResponse } from 'node:http'
import { startHttpServer, type HttpServer } from '../helpers/http-server.js'
import type { Answer } from './case.js'
import { cases } from './event-source-cases.js'

export interface CaseServer {
  readonly url: string
  /** Last-Event-ID of each request for this case, by characters. */
  asksOf(name: string): readonly (string | undefined)[]
  /** Path of each request for this case; `/case` is where it begins. */
  pathsOf(name: string): readonly string[]
  /** Resets what is to be reset; as a request, it is `/cut`. */
  cut(): void
  /** Starts counting anew. */
  reset(): void
  close(): Promise<void>
}

/** Serves every case at `/case/<its index>`, and `page` everywhere else. */
export async function startCaseServer(pages: Readonly<Record<string, string>> = {}): Promise<CaseServer> {
  const turns = new Map<number, number>()
  const asked = new Map<number, { id: string | undefined; path: string }[]>()
  const doomed = new Set<ServerResponse>()
  let current = 0

  function cut() {
    for (const response of doomed) response.socket?.resetAndDestroy()
    doomed.clear()
  }

  const server: HttpServer = await startHttpServer(({ url, headers, method }, response) => {
    const page = pages[url]
    if (page !== undefined) {
      const type = url.endsWith('.js') ? 'text/javascript' : 'text/html'
      return void response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(page)
    }
    if (url === '/cut') {
      cut()
      return void response.writeHead(204).end()
    }
    const index = url === '/elsewhere' ? current : Number(/^\/case\/(\d+)/.exec(url)?.[1] ?? -1)
    const found = cases[index]
    if (!found || method !== 'GET') return void response.writeHead(404).end()
    current = index
    const turn = turns.get(index) ?? 0
    turns.set(index, turn + 1)
    const id = headers['last-event-id']
    asked.set(index, [
      ...(asked.get(index) ?? []),
      {
        id: id === undefined ? undefined : Buffer.from(String(id), 'latin1').toString('utf8'),
        path: url === '/elsewhere' ? url : '/case',
      },
    ])
    const answer = found.answers[Math.min(turn, found.answers.length - 1)] as Answer
    give(response, answer)
    if (answer.reset) doomed.add(response)
  })

  const of = (name: string) => asked.get(cases.findIndex((one) => one.name === name)) ?? []
  return {
    url: server.url,
    asksOf: (name) => of(name).map(({ id }) => id),
    pathsOf: (name) => of(name).map(({ path }) => path),
    cut,
    reset() {
      turns.clear()
      asked.clear()
    },
    close: () => server.close(),
  }
}

function give(
  response: ServerResponse,
  { status = 200, type = 'text/event-stream', headers, body, ...then }: Answer,
) {
  response.sendDate = false
  response.writeHead(status, { ...(type !== null && { 'content-type': type }), ...headers })
  response.flushHeaders()
  if (body) response.write(body)
  if (!then.reset && !then.hold) response.end()
}
