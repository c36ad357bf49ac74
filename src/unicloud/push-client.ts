import { ChannelError } from '../core/channel-error.js'
import type { Clock } from '../core/clock.js'
import { askPlatform } from '../platform/ask-platform.js'
import { quietly } from '../platform/quietly.js'
import { pushPort } from './push-port/index.js'
import { probePush } from './recover-push.js'

/** Who this app is for the push service. */
export interface PushClient {
  readonly appId: string
  readonly pushClientId: string
}

/**
 * Asks for the push client id; `uni.getPushClientId` alone waits forever when the socket is stuck.
 * @param timeoutMs until it counts as failed
 * @throws {ChannelError} PUSH_UNAVAILABLE, PUSH_OFFLINE, PUSH_NO_CLIENT_ID
 */
export async function pushClient(clock: Clock, timeoutMs: number): Promise<PushClient> {
  const appId = readAppId()
  if (!appId) throw new ChannelError('PUSH_UNAVAILABLE', 'The app has no appid: set it in manifest.json.')
  return { appId, pushClientId: await clientId(clock, timeoutMs) }
}

function clientId(clock: Clock, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    if (typeof uni.getPushClientId !== 'function') return reject(new ChannelError('PUSH_UNAVAILABLE'))
    // A socket that is down for a while waits long between its attempts; now somebody needs it.
    probePush()
    let forget = () => {}
    let settled = false
    const settle = (id: string, reason?: unknown) => {
      settled = true
      clock.clearTimeout(timer)
      forget()
      if (id) resolve(id)
      else void explain(reason).then(reject)
    }
    const timer = clock.setTimeout(() => settle(''), timeoutMs)
    // The platform keeps telling of a registration that was refused once; the guard has it tried again.
    const fail = (reason: unknown) => {
      if (settled) return
      if (!pushPort.status.guarded) return settle('', reason)
      forget = pushPort.subscribe(({ cid }) => {
        if (cid) settle(cid)
      })
    }
    askPlatform<{ cid?: unknown }>((callbacks) => uni.getPushClientId(callbacks)).then(
      (told) => (typeof told?.cid === 'string' && told.cid !== '' ? settle(told.cid) : fail(undefined)),
      fail,
    )
  })
}

/** The platform fails for two reasons: push is not in this build, or the service refused. */
async function explain(reason: unknown): Promise<ChannelError> {
  const text = JSON.stringify(reason) ?? ''
  const cause = reason === undefined ? {} : { cause: reason }
  if (/not enabled|appid is required/i.test(text))
    return new ChannelError('PUSH_UNAVAILABLE', undefined, cause)
  const offline = (await networkType()) === 'none'
  return new ChannelError(offline ? 'PUSH_OFFLINE' : 'PUSH_NO_CLIENT_ID', undefined, cause)
}

async function networkType(): Promise<unknown> {
  try {
    const told = await askPlatform<{ networkType?: unknown }>((callbacks) => uni.getNetworkType(callbacks))
    return told?.networkType
  } catch {
    return undefined
  }
}

function readAppId(): string {
  const info: { appId?: string } | undefined = quietly(() =>
    typeof uni.getAppBaseInfo === 'function' ? uni.getAppBaseInfo() : uni.getSystemInfoSync(),
  )
  return info?.appId ?? ''
}
