import { WebSocket } from 'ws'
import { douyinTransport } from '../../src/transports/douyin.js'
import { fetchTransport } from '../../src/transports/fetch.js'
import { longPollTransport } from '../../src/transports/long-poll.js'
import { uniRequestTransport } from '../../src/transports/uni-request.js'
import { webSocketTransport } from '../../src/transports/web-socket.js'
import { installDouyin } from '../helpers/douyin.js'
import { installUniSocket, type SocketQuirks } from '../helpers/uni-socket.js'
import { installUni, type UniQuirks } from '../helpers/uni-request.js'
import { localHost, transportContract } from './transport.contract.js'

/** Puts a global into the realm; returns its undo. */
const withGlobal = (name: string, value: unknown) => () => {
  const realm = globalThis as unknown as Record<string, unknown>
  const before = realm[name]
  realm[name] = value
  return () => {
    realm[name] = before
  }
}

transportContract('fetch', localHost(fetchTransport))
transportContract('uni-request', localHost(uniRequestTransport, installUni))
transportContract(
  'web-socket of a browser',
  localHost(webSocketTransport, withGlobal('WebSocket', WebSocket)),
  ['headers'],
)
transportContract('long-poll over fetch', localHost(longPollTransport), ['heartbeat', 'retry'])
for (const [platform, quirks] of [
  ['uni.request', {}],
  ['uni.request of Alipay', { chunks: 'none', refusals: 'fail' }],
] satisfies [string, Partial<UniQuirks>][])
  transportContract(
    `long-poll over ${platform}`,
    localHost(longPollTransport, () => {
      const undoFetch = withGlobal('fetch', undefined)()
      const undoUni = installUni(quirks)
      return () => {
        undoUni()
        undoFetch()
      }
    }),
    ['heartbeat', 'retry'],
  )
transportContract('douyin', localHost(douyinTransport, installDouyin), [
  'channel-id',
  'heartbeat',
  'retry',
  'body',
])

const platforms: [name: string, quirks: Partial<SocketQuirks>][] = [
  ['WeChat, error and close', {}],
  ['WeChat, only close', { atLoss: 'close' }],
  ['App', { atLoss: 'error', ids: 'the clock' }],
  ['Alipay', { handlers: 'shared unless multiple', messages: 'wrapped' }],
]
for (const [name, quirks] of platforms)
  transportContract(
    `web-socket of ${name}`,
    localHost(webSocketTransport, () => installUniSocket(quirks)),
  )
