/** Connections are spread over so many slots of a period, so that they are not all written to at once. */
const SLOTS = 8

export interface Heartbeat {
  /** Calls `beat` every period, for the first time within one, until the result is called. */
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
      // At random, since those that come back together after a fault must not be written to together for ever.
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
