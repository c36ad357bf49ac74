// A stand-in for the vendor's push gateway, speaking what the unmodified GtPush SDK expects. It can't show the
// vendor's limits, its delivery guarantees, offline storage, nor how its network behaves.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { closeCode, PushConnection } from './push-connection.js'
import { Registry } from './registry.js'

/** A demo may run for days. */
const MAX_PUSHES = 10_000

/** One push on its way. */
export interface Push {
  readonly cid: string
  /** JSON text as `uni.onPushMessage` gets it: `{ title, content, payload }`. */
  readonly message: string
}

/** Decides about one push: calls `deliver` never, once, twice, later, or with other text than was sent. */
export type PushFault = (push: Push, deliver: (message?: string) => void) => void

export interface PushGateway {
  /** Takes over an upgrade of the server that the SDK connects to; a client tells its address `getui_socket_url`. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** That many of the next negotiations of a key, logins or registrations fail. */
  readonly refusals: { negotiations: number; logins: number; registrations: number }
  /** What befalls each push from now on; undefined delivers all. */
  fault: PushFault | undefined
  /** The pushes asked for, delivered or not, oldest first: the newest 9,000 at least. */
  readonly pushes: readonly Push[]
  /** Client ids with a logged-in socket. */
  readonly online: readonly string[]
  /** Logins so far, of all clients. */
  readonly logins: number
  /** Heartbeats heard so far. */
  readonly heartbeats: number
  /** Sends to a client. A client that is not online gets nothing, as without the vendor's offline storage. */
  push(cid: string, message: string): void
  /** A client as it is after an earlier launch: what its SDK keeps in storage, by key. */
  enroll(): Record<string, string>
  /** A phone's own push service: pushes to this client id go there. Not among `online`, which are sockets. */
  connectNative(cid: string, receive: (message: string) => void): void
  /** Says goodbye to every client with this code (20, 21, 23, 24 make the SDK stay away). */
  dismiss(code: number): void
  /** Voids the sessions of every client: their next login gives them another client id. */
  forgetClients(): void
  close(): Promise<void>
}

export function createPushGateway(): PushGateway {
  const server = new WebSocketServer({ noServer: true })
  const registry = new Registry()
  const online = new Map<string, PushConnection>()
  const connections = new Set<PushConnection>()
  const natives = new Map<string, (message: string) => void>()
  const pushes: Push[] = []
  const refusals = { negotiations: 0, logins: 0, registrations: 0 }
  let logins = 0
  let heartbeats = 0
  let nextId = 1

  server.on('connection', (socket) => {
    const connection = new PushConnection(socket, registry, {
      refusals,
      loggedIn(newcomer) {
        logins++
        const former = online.get(newcomer.cid)
        online.set(newcomer.cid, newcomer)
        if (former && former !== newcomer) former.close(closeCode.loggedInElsewhere)
      },
      closed(gone) {
        heartbeats += gone.heartbeats
        connections.delete(gone)
        if (online.get(gone.cid) === gone) online.delete(gone.cid)
      },
    })
    connections.add(connection)
  })

  const gateway: PushGateway = {
    accept: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (each) => server.emit('connection', each, request)),
    refusals,
    fault: undefined,
    pushes,
    get online() {
      return [...online.keys()]
    },
    get logins() {
      return logins
    },
    get heartbeats() {
      return [...connections].reduce((sum, each) => sum + each.heartbeats, heartbeats)
    },
    push(cid, message) {
      const push = { cid, message }
      pushes.push(push)
      if (pushes.length > MAX_PUSHES) pushes.splice(0, MAX_PUSHES / 10)
      const deliver = (text = message) => {
        online.get(cid)?.push(String(nextId++), text)
        natives.get(cid)?.(text)
      }
      if (gateway.fault) gateway.fault(push, deliver)
      else deliver()
    },
    connectNative: (cid, receive) => void natives.set(cid, receive),
    enroll() {
      const { cid, session, regId } = registry.register(`earlier-${nextId++}`)
      return { getui_cid: cid, getui_session: session, getui_regid: regId }
    },
    dismiss: (code) => online.forEach((connection) => connection.close(code)),
    forgetClients: () => [...online.keys()].forEach((cid) => registry.forget(cid)),
    async close() {
      for (const client of server.clients) client.terminate()
      await new Promise((done) => server.close(done))
    },
  }
  return gateway
}
