import { ChannelError } from '../core/channel-error.js'
import { fetchTransport } from './fetch.js'
import type { Transport } from './transport.js'
import { uniRequestTransport } from './uni-request.js'

const order: readonly Transport[] = [fetchTransport, uniRequestTransport]

/** The first transport that exists here, asked anew for each connection. */
export const autoTransport: Transport = {
  name: 'auto',
  isSupported: () => order.some((transport) => transport.isSupported()),
  stream(request, observer) {
    const transport = order.find((candidate) => candidate.isSupported())
    if (!transport) throw new ChannelError('NO_TRANSPORT')
    return transport.stream(request, observer)
  },
}
