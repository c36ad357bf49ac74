import type { Channel } from '../run/channel.js'
import type { UseSSEChannelOptions } from '../run/channel-settings.js'
import { whileHydrating } from './while-hydrating.js'
import { useChannel } from './use-channel.js'

/** What `useSSEChannel()` gives: the answer so far as refs, and what can be done with it. */
export type UseSSEChannelReturn<Message = unknown> = Omit<Channel<Message>, 'key' | 'isLive' | 'tap'>

/**
 * An answer that streams: what arrived so far as refs, and what can be done with it.
 * While a server renders the page nothing is sent: `start()` and its like resolve at once, with `stopped`. The page that
 * takes it over asks in the same place, and shows it once it is mounted.
 * @typeParam Message what an event's data is
 * @throws {ChannelError} BAD_OPTIONS
 * @example const { text, status, start, stop } = useSSEChannel({ url: 'https://api.example.com/chat' })
 */
export function useSSEChannel<Message = unknown>(
  options: UseSSEChannelOptions = {},
): UseSSEChannelReturn<Message> {
  const { key: _key, isLive: _isLive, tap: _tap, ...shown } = useChannel(options)
  return whileHydrating(shown) as UseSSEChannelReturn<Message>
}
