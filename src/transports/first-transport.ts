import { ChannelError } from '../core/channel-error.js'
import { platformTransports } from './platform-transports.js'
import type { Transport } from './transport.js'

/** The first that exists on this platform, for good: of a build that leaves the fallbacks out. */
export const firstTransport: Transport = {
  name: 'first',
  isSupported: () => first() !== undefined,
  stream(request, observer) {
    const transport = first()
    if (!transport) throw new ChannelError('NO_TRANSPORT')
    return transport.stream(request, observer)
  },
}

const first = () => platformTransports().find((transport) => transport.isSupported())
