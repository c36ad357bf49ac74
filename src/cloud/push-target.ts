import { toEnvelopes } from './envelopes.js'
import { uniCloudGlobal, type VendorChannel } from './uni-cloud-global.js'
import { isMarked, type ChannelDescriptor, type LogEntry } from './wire.js'
import { waitAtMost } from './wait-at-most.js'

/** Sends entries to one client; how it fails is of no interest: the log has them. */
export interface PushTarget {
  push(entries: readonly LogEntry[]): Promise<void>
  /** The client's push id is another one from now on. */
  move(pushClientId: string): void
}

/** A hint that is not accepted by then counts as lost, so that one which hangs does not hold up all others. */
const HINT_MS = 5_000

const nowhere: VendorChannel = { write: () => Promise.resolve(), end: () => Promise.resolve() }

/** Characters the vendor wraps around a message: its payload's other fields, with the longest seqId of ours. */
const WRAPPING =
  '{"channel":"UNI_CLOUD_SSE","seqId":"wire1~12345678901234567890123456789012","messageId":12345,"action":"message","message":}'
    .length

/**
 * Pushes through the vendor's own channel: clients of ours get entries in envelopes, the vendor's client gets each
 * message as it always did.
 * @param payloadLimit characters of one push payload
 */
export function createPushTarget(descriptor: ChannelDescriptor, payloadLimit: number): PushTarget {
  // A client that has no push id yet lives off the log.
  const open = (target: ChannelDescriptor) =>
    target.pushClientId === '' ? nowhere : uniCloudGlobal().deserializeSSEChannel(target)
  const { appId, seqId } = descriptor
  let vendor = open(descriptor)

  async function pushPlain({ kind, message }: LogEntry) {
    if (kind === 'message') await vendor.write(message)
    else await vendor.end(message ?? undefined)
  }

  return {
    async push(entries) {
      if (!isMarked(seqId)) for (const entry of entries) await pushPlain(entry)
      else
        for (const each of toEnvelopes(entries, payloadLimit - WRAPPING))
          await waitAtMost(HINT_MS, vendor.write(each))
    },
    move(pushClientId) {
      vendor = open({ appId, pushClientId, seqId })
    },
  }
}
