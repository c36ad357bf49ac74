import { quietly } from '../platform/quietly.js'
import { readPush, type PushBatch } from './push-payload.js'
import type { PushLine } from './receiver.js'
import { probePush, recoverPush } from './recover-push.js'
import { onWake } from './wake-signals.js'

const listeners = new Set<(batch: PushBatch) => void>()

// One listener for all channels, and never `offPushMessage` without it: that would remove everybody's.
function dispatch(push: unknown) {
  const batch = readPush(push)
  if (batch) [...listeners].forEach((listener) => listener(batch))
}

const hearPushes = () => quietly(() => uni.onPushMessage(dispatch))

/** The platform's push, through its public calls. */
export const uniPushLine: PushLine = {
  subscribe(listener) {
    // Adding it again changes nothing, unless somebody removed every push listener of the app.
    hearPushes()
    listeners.add(listener)
    return () => {
      if (listeners.delete(listener) && listeners.size === 0) quietly(() => uni.offPushMessage(dispatch))
    }
  },

  onWake(listener) {
    return onWake(() => {
      if (listeners.size > 0) hearPushes()
      listener()
    })
  },

  probe: probePush,
  recover: recoverPush,
}
