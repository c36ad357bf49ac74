import { looseObject } from './loose-object.js'
import type { NativeApp } from './native-app.js'

type Failed = (reason: { code: number; message: string }) => void

/** `plus.push`: the phone's own push service. Registered only where the host was given a client id. */
export function createPushModule({ push, pushClientId, touched }: NativeApp): object {
  return looseObject(
    'plus.push',
    {
      addEventListener: push.addEventListener,
      removeEventListener: push.removeEventListener,
      setAutoNotification: () => undefined,
      getClientInfoAsync(success: (info: { clientid: string }) => void, failed: Failed) {
        if (pushClientId === undefined) failed({ code: -1, message: 'not registered' })
        else success({ clientid: pushClientId })
      },
    },
    touched,
  )
}
