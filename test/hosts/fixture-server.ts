import { WebSocketServer } from 'ws'
import { createFixtureApi, type FixtureApi } from './fixture-api.js'
import { type StaticServer, startStaticServer, type StaticServerOptions } from './static-server.js'

/** The fixture's API and an echoing WebSocket on one origin, with pages if a folder is given. */
export async function startFixtureServer(
  options: Pick<StaticServerOptions, 'folder'> = {},
): Promise<StaticServer & { api: FixtureApi }> {
  const api = createFixtureApi()
  const sockets = new WebSocketServer({ noServer: true })
  sockets.on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }))
  })
  const server = await startStaticServer({
    ...options,
    api: api.handler,
    upgrade: (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client)),
  })
  return { ...server, api }
}
