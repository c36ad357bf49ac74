import { createFetchHandler, createHub, memoryLog } from 'uni-sse-channel/server'
import { createDemoModels } from '../demo/demo-models.js'
import { createNotifications } from '../demo/notifications.js'

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

const hub = createHub({ log: memoryLog() })
const notifications = createNotifications(hub, Date.now)
const models = createDemoModels({}, { now: Date.now, notify: notifications.notify })
const handle = createFetchHandler(hub, { basePath: '/api/chat', start: ({ body }) => models.answer(body) })

/** What the pages ask for besides answers. Uploads need a server. */
async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname.startsWith('/api/chat')) {
    await notifications.ready
    return handle(request)
  }
  if (pathname === '/api/info')
    return Response.json({ models: models.names, node: 'a service worker', time: Date.now() })
  if (pathname === '/api/notifications' && request.method === 'POST') {
    const { text } = (await request.json()) as { text?: unknown }
    await notifications.notify(String(text).slice(0, 500))
    return Response.json({ sent: true })
  }
  return Response.json({ message: 'This demo runs in the page: it keeps no files.' }, { status: 404 })
}

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url)
  if (origin === location.origin && pathname.startsWith('/api/')) event.respondWith(answer(event.request))
})
