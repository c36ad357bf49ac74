import type { ChannelDescriptor } from './wire.js'

/** The vendor's own channel of a cloud function, which knows how to push. */
export interface VendorChannel {
  write(message: unknown): Promise<unknown>
  end(message?: unknown): Promise<unknown>
}

/** As much of the cloud function's global `uniCloud` as the library uses. */
export interface UniCloudGlobal {
  deserializeSSEChannel(descriptor: ChannelDescriptor): VendorChannel
}

declare const uniCloud: UniCloudGlobal | undefined

/** The `uniCloud` of the function we run in. @throws {Error} outside of cloud functions */
export function uniCloudGlobal(): UniCloudGlobal {
  if (typeof uniCloud === 'object' && uniCloud) return uniCloud
  throw new Error('uni-sse-channel/cloud runs in uniCloud functions: there is no global uniCloud here.')
}
