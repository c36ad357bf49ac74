import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Starts the server on a free port of 127.0.0.1 and resolves with the port. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** Stops listening and cuts what is left: after an abort, Node's fetch opens a spare connection that looks busy. */
export function unlisten(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
