// A stand-in for the vendor's `uniCloud.deserializeSSEChannel`, which is not published: it pushes what the
// published client expects, message ids dense from 0. It can't show the real one's limits, latency nor failures.
import type { VendorChannel } from '../../../src/cloud/uni-cloud-global.js'
import type { ChannelDescriptor } from '../../../src/cloud/wire.js'

/** Sends one push; the result tells whether it was accepted, not whether it arrived. */
export type SendPush = (cid: string, message: string) => void

/** What the published client passes. What else the real one takes is not published: nothing else is taken here. */
const FIELDS = 'appId:string,pushClientId:string,seqId:string'

/** @throws {Error} as the real one does when the client passed a channel that is not open */
export function createVendorChannel(descriptor: ChannelDescriptor, send: SendPush): VendorChannel {
  const { pushClientId, seqId } = descriptor
  const fields = Object.entries(descriptor)
    .sort()
    .map(([name, value]) => value !== '' && `${name}:${typeof value}`)
  if (String(fields) !== FIELDS) throw new Error(`Invalid channel ${JSON.stringify(descriptor)}`)
  let messageId = 0
  const push = async (action: 'message' | 'end', message: unknown) => {
    const payload = { channel: 'UNI_CLOUD_SSE', seqId, messageId: messageId++, action, message }
    send(pushClientId, JSON.stringify({ title: 'UNI_CLOUD_SSE', content: 'UNI_CLOUD_SSE', payload }))
  }
  return {
    write: (message) => push('message', message),
    end: (message) => push('end', message),
  }
}
