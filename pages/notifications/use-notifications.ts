import { useSSEChannel } from 'uni-sse-channel'
import { computed } from 'vue'
import { askServer } from '../ask-server'

export interface Notice {
  readonly text: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/**
 * The notices of the server, newest first. By a key, so that all pages of this app share one connection, and what was
 * heard stays when the page is left.
 */
export function useNotifications() {
  const channel = useSSEChannel<Notice>({ key: 'notifications', reconnect: { attempts: 1_000_000 } })
  const { messages, connection, status, error, channelId, resume } = channel

  function listen() {
    if (status.value === 'submitted' || status.value === 'streaming') return
    // Goes on after what was heard. How it ends is in `error`.
    resume(channelId.value ? undefined : { channelId: 'notifications' }).catch(() => undefined)
  }
  listen()

  return {
    notices: computed(() =>
      messages.value
        .filter((notice) => typeof (notice as Partial<Notice> | null)?.text === 'string')
        .reverse(),
    ),
    connection,
    error,
    listen,
    send: (text: string) => askServer<{ readonly sent: true }>('/api/notifications', { text }),
  }
}
