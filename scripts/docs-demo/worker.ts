import { createFetchHandler, createHub, demoModel, memoryLog, readChatInput } from 'uni-sse-channel/server'

// The demo's server, as a service worker of the page that shows the demo: the same hub and the same routes as
// `npm start`, in the reader's browser. A page that is reloaded in the middle of an answer finds it again here.

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent extends WorkerEvent {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Worker {
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  addEventListener(type: 'install' | 'activate', listener: (event: WorkerEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
}
const worker = self as unknown as Worker

const BASE = '/api/chat'
const model = demoModel()
const hub = createHub({ log: memoryLog() })
const handle = createFetchHandler(hub, { basePath: BASE, start: ({ body }) => model(readChatInput(body)) })

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url)
  if (origin === location.origin && pathname.startsWith(BASE)) event.respondWith(handle(event.request))
})
