import { once } from 'node:events'
import { createServer } from 'node:net'

/** Linux gives outgoing connections those from 32,768 on. */
const [FIRST, COUNT] = [15_000, 15_000]

/**
 * A port of 127.0.0.1 on which nobody listens. It is none of those that the system takes for outgoing connections,
 * one of which could else have it before it is listened on, or while what listens there is started again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
