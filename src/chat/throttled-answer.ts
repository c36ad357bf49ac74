import { effectScope, shallowRef, watch } from 'vue'
import { systemClock } from '../platform/system-clock.js'
import type { Channel } from '../run/channel.js'
import type { LiveSource } from './live-message.js'

/** What a page sees of an answer, and how it is let go. */
export interface ThrottledAnswer {
  readonly source: LiveSource
  stop(): void
}

/**
 * The channel's answer, renewed at most once in so many milliseconds: the first piece at once, and the end at once,
 * whenever it comes.
 */
export function throttledAnswer(channel: Channel, throttleMs: number): ThrottledAnswer {
  if (!(throttleMs > 0)) return { source: channel, stop: () => undefined }
  const answer = shallowRef(channel.answer.value)
  let renewedAt = -Infinity
  let timer: unknown

  function renew() {
    systemClock.clearTimeout(timer as never)
    timer = undefined
    renewedAt = systemClock.now()
    answer.value = channel.answer.value
  }

  function pieceCame() {
    const waitMs = renewedAt + throttleMs - systemClock.now()
    if (waitMs <= 0) renew()
    else timer ??= systemClock.setTimeout(renew, waitMs)
  }

  const scope = effectScope(true)
  scope.run(() => {
    watch(channel.answer, pieceCame, { flush: 'sync' })
    // The end, and never a beginning: that is told before its first piece is there.
    watch(channel.status, () => channel.isLive || renew(), { flush: 'sync' })
  })
  const { status, channelId, messageId } = channel
  const parts = {
    get value() {
      return answer.value.parts
    },
  }
  return {
    source: { answer, parts, status, channelId, messageId },
    stop() {
      scope.stop()
      systemClock.clearTimeout(timer as never)
    },
  }
}
