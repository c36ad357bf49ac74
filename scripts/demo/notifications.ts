import { ChannelError, type Hub } from 'uni-sse-channel/server'

/** The name of the channel: pages read `/api/chat/notifications/stream`. */
export const NOTIFICATIONS = 'notifications'

export interface Notifications {
  /** Resolves once the channel is there. */
  readonly ready: Promise<void>
  /** Tells everybody who listens. @throws {ChannelError} as `hub.send` */
  notify(text: string): Promise<void>
}

/** A channel with a name of its own, which any page may listen to, and which nobody ends. */
export function createNotifications(hub: Hub, now: () => number): Notifications {
  const ready = hub.create({ channelId: NOTIFICATIONS, timeout: Infinity }).then(
    () => undefined,
    (thrown: unknown) => {
      // Another node of a cluster made it.
      if (!(thrown instanceof ChannelError && thrown.code === 'CHANNEL_EXISTS')) throw thrown
    },
  )
  // Whoever waits for it hears of it.
  ready.catch(() => undefined)
  return {
    ready,
    async notify(text) {
      await ready
      await hub.send({ channelId: NOTIFICATIONS, data: { text, at: now() } })
    },
  }
}
