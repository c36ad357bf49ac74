/** Connections are spread over so many slots of a period, so that they are not all written to at once. */
const SLOTS = 16

export interface Beating {
  beat(): void
}

export interface Heartbeat {
  /** Infinity: nobody beats. */
  readonly periodMs: number
  /** Lets it beat once in every period until it is deleted; the first time after a part of one. */
  add(connection: Beating): void
  delete(connection: Beating): void
  close(): void
}

/** One timer for any number of connections; none while there are no connections. */
export function createHeartbeat(periodMs: number): Heartbeat {
  const slots = Array.from({ length: SLOTS }, () => new Set<Beating>())
  let size = 0
  let turn = 0
  let timer: NodeJS.Timeout | undefined

  function tick() {
    turn = (turn + 1) % SLOTS
    for (const connection of [...(slots[turn] as Set<Beating>)]) connection.beat()
  }

  function stop() {
    clearInterval(timer)
    timer = undefined
  }

  return {
    periodMs,
    add(connection) {
      if (periodMs === Infinity) return
      // By chance: after a reconnect of all clients they would otherwise share one slot for as long as they stay.
      const slot = slots[Math.floor(Math.random() * SLOTS)] as Set<Beating>
      slot.add(connection)
      size++
      timer = timer ?? setInterval(tick, periodMs / SLOTS)
    },
    delete(connection) {
      // Looked for in all: to remember the slot would cost each connection more than this does once.
      if (slots.some((slot) => slot.delete(connection)) && --size === 0) stop()
    },
    close: stop,
  }
}
