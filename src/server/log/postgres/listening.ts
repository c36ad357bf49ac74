import type { PostgresLogClient } from './postgres-pool.js'

export interface ListeningOptions {
  readonly connect: () => Promise<PostgresLogClient>
  readonly onNotice: (topic: string, payload: string) => void
  /** It listens again, after it may have missed something. */
  readonly onAgain: () => void
}

/** What Postgres notifies, over one connection that is made anew when it is lost or silent. */
export interface Listening {
  /** Resolves when what is notified from now on is heard; never while Postgres is away. */
  hear(topic: string): Promise<void>
  /** As often as `hear`. */
  leave(topic: string): void
  /** Looks whether the connection still answers. */
  probe(): void
  close(): void
}

interface Wish {
  users: number
  state: 'wanted' | 'heard'
  readonly waiting: Set<() => void>
}

const RETRY_MS = 200
const SILENCE_MS = 5_000

export function createListening({ connect, onNotice, onAgain }: ListeningOptions): Listening {
  const wishes = new Map<string, Wish>()
  let client: PostgresLogClient | undefined
  let state: 'dialling' | 'up' | 'closed' = 'dialling'
  let ups = 0
  const isOpen = () => state !== 'closed'
  /** One statement at a time. */
  let line: Promise<unknown> = Promise.resolve()
  void dial()

  function say(over: PostgresLogClient, text: string): Promise<unknown> {
    const saying = line.then(() => (over === client ? over.query(text) : undefined))
    line = saying.catch(() => undefined)
    return saying
  }

  async function dial() {
    while (isOpen()) {
      let fresh: PostgresLogClient | undefined
      try {
        fresh = await connect()
        await use(fresh)
        if (ups++ > 0) onAgain()
        return
      } catch {
        // Reported by whoever asks Postgres for something. One that cannot listen, as a standby, is none of ours.
        if (fresh) drop(fresh)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
      }
    }
  }

  async function use(fresh: PostgresLogClient) {
    fresh.on('notification', ({ channel, payload = '' }) => {
      if (fresh === client) onNotice(channel, payload)
    })
    fresh.on('error', () => lose(fresh))
    fresh.on('end', () => lose(fresh))
    if (!isOpen()) return drop(fresh)
    client = fresh
    line = Promise.resolve()
    for (const wish of wishes.values()) wish.state = 'wanted'
    await Promise.all([...wishes].map(([topic, wish]) => listen(fresh, topic, wish)))
    if (fresh !== client) throw new Error('It is lost again.')
    state = isOpen() ? 'up' : 'closed'
  }

  function drop(useless: PostgresLogClient) {
    if (useless === client) client = undefined
    try {
      useless.release(true)
    } catch {
      // It was given back.
    }
  }

  function lose(lost: PostgresLogClient) {
    if (lost !== client) return
    drop(lost)
    // Else it is being dialled.
    if (state !== 'up') return
    state = 'dialling'
    setTimeout(() => void dial(), RETRY_MS).unref()
  }

  async function listen(over: PostgresLogClient, topic: string, wish: Wish) {
    await say(over, `LISTEN "${topic}"`)
    if (over !== client || wishes.get(topic) !== wish) return
    wish.state = 'heard'
    for (const resolve of wish.waiting) resolve()
    wish.waiting.clear()
  }

  return {
    hear(topic) {
      let wish = wishes.get(topic)
      if (!wish) {
        const made: Wish = { users: 0, state: 'wanted', waiting: new Set() }
        wishes.set(topic, (wish = made))
        const over = client
        if (over) listen(over, topic, made).catch(() => lose(over))
      }
      wish.users++
      const { state: heard, waiting } = wish
      return heard === 'heard' ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve))
    },
    leave(topic) {
      const wish = wishes.get(topic)
      if (!wish || --wish.users > 0) return
      wishes.delete(topic)
      for (const resolve of wish.waiting) resolve()
      const over = client
      if (!over) return
      say(over, `UNLISTEN "${topic}"`).then(
        // Wanted again meanwhile: in what order the two came nobody knows.
        () => {
          const again = wishes.get(topic)
          if (again && over === client) listen(over, topic, again).catch(() => lose(over))
        },
        () => lose(over),
      )
    },
    probe() {
      const over = client
      if (!over) return
      const silent = setTimeout(() => lose(over), SILENCE_MS)
      say(over, 'SELECT 1').then(
        () => clearTimeout(silent),
        () => {
          clearTimeout(silent)
          lose(over)
        },
      )
    },
    close() {
      state = 'closed'
      for (const wish of wishes.values()) for (const resolve of wish.waiting) resolve()
      const last = client
      client = undefined
      last?.release(true)
    },
  }
}
