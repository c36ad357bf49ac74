import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { listen } from './listen.js'

/** An address of Redis that leads to one server or another, as a cloud's endpoint or HAProxy does. */
export interface RedisLine {
  readonly port: number
  readonly url: string
  /** Where connections lead that are made from now on. */
  leadTo(port: number): void
  /** `mute`: they are accepted, and nothing comes. */
  accept(how: 'all' | 'none' | 'mute'): void
  /** Nothing gets through the open connections any more, or no answer does, and nobody is told. */
  swallow(what: 'all' | 'answers'): void
  /** Answers come a few bytes at a time over the open connections, as from a Redis with far too much to do. */
  trickle(bytes: number, everyMs: number): void
  /** Ends every open connection. */
  cut(): void
  close(): Promise<void>
}

export async function createRedisLine(port: number): Promise<RedisLine> {
  let target = port
  let accepts: 'all' | 'none' | 'mute' = 'all'
  const open = new Map<Socket, Socket>()
  const timers: NodeJS.Timeout[] = []
  const server = createServer((near) => {
    near.on('error', () => undefined)
    if (accepts === 'none') return void near.destroy()
    if (accepts === 'mute') return void near.resume()
    const far = connect(target, '127.0.0.1').setNoDelay(true)
    near.setNoDelay(true)
    open.set(near, far)
    const end = () => {
      open.delete(near)
      near.destroy()
      far.destroy()
    }
    near.pipe(far).pipe(near)
    near.on('close', end)
    far.on('error', () => undefined).on('close', end)
  })
  const own = await listen(server as Parameters<typeof listen>[0])
  const cut = () => {
    for (const near of [...open.keys()]) near.destroy()
  }
  return {
    port: own,
    url: `redis://127.0.0.1:${own}`,
    leadTo: (to) => void (target = to),
    accept: (how) => void (accepts = how),
    swallow(what) {
      for (const [near, far] of open) {
        far.unpipe(near).resume()
        if (what === 'all') near.unpipe(far).resume()
      }
    },
    trickle(bytes, everyMs) {
      for (const [near, far] of open) {
        let held = Buffer.alloc(0)
        far
          .unpipe(near)
          .on('data', (part: Buffer) => (held = Buffer.concat([held, part])))
          .resume()
        timers.push(
          setInterval(() => {
            near.write(held.subarray(0, bytes))
            held = held.subarray(bytes)
          }, everyMs),
        )
      }
    },
    cut,
    async close() {
      for (const timer of timers) clearInterval(timer)
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
