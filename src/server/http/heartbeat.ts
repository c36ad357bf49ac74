/** Connections are spread over so many slots of a period, so that they are not all written to at once. */
const SLOTS = 16

export interface Heartbeat {
  /** Calls `beat` once in every period until the result is called; the first time after a part of one. */
  add(beat: () => void): () => void
  close(): void
}

/** One timer for any number of connections; none while there are no connections. */
export function createHeartbeat(periodMs: number): Heartbeat {
  const slots = Array.from({ length: SLOTS }, () => new Set<() => void>())
  let size = 0
  let turn = 0
  let timer: NodeJS.Timeout | undefined

  function tick() {
    turn = (turn + 1) % SLOTS
    for (const beat of [...(slots[turn] as Set<() => void>)]) beat()
  }

  function stop() {
    clearInterval(timer)
    timer = undefined
  }

  return {
    add(beat) {
      if (periodMs === Infinity) return () => undefined
      // By chance: after a reconnect of all clients they would otherwise share one slot for as long as they stay.
      const slot = slots[Math.floor(Math.random() * SLOTS)] as Set<() => void>
      slot.add(beat)
      size++
      timer = timer ?? setInterval(tick, periodMs / SLOTS)
      return () => {
        if (slot.delete(beat) && --size === 0) stop()
      }
    },
    close: stop,
  }
}
