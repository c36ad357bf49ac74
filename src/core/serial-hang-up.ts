import type { HangUp } from './source.js'

/** Connections that are made one after the other, and the one way to hang up. */
export interface SerialHangUp {
  /**
   * Makes the next one, which takes the place of the last. What it tells before it is in hand may have ended everything:
   * then it is hung up at once. After the end none is made.
   */
  connect(make: () => HangUp): void
  /** Hangs up the newest, now or as soon as it is in hand. Idempotent. */
  readonly end: HangUp
}

export function createSerialHangUp(): SerialHangUp {
  let made = 0
  let isEnded = false
  let newest: HangUp | undefined

  return {
    connect(make) {
      if (isEnded) return
      const own = ++made
      const hangUp = make()
      if (isEnded) hangUp()
      // It may have made another one, told of its own end.
      else if (own === made) newest = hangUp
    },
    end() {
      isEnded = true
      const hangUp = newest
      newest = undefined
      hangUp?.()
    },
  }
}
