import { detectVendor } from '../vendors/detect-vendor.js'
import type { Decode, Decoder } from './decoder.js'
import { decoderOf } from './from-vendor.js'
import { uiMessageStream } from './ui-message-stream.js'

/**
 * Finds out by itself who speaks, for an app whose server may change the vendor: from the first event that only one
 * can have sent, it is that vendor's decoder. Until then, and if none comes, it is `uiMessageStream`. It brings all
 * vendors with it: where the vendor is known, name its decoder.
 */
export const autoDecoder: Decoder = () => {
  let decode: Decode = uiMessageStream()
  let isDecided = false

  const auto: Decode = (event) => {
    if (!isDecided) {
      const vendor = detectVendor(event)
      if (vendor) decode = decoderOf(vendor)()
      isDecided = vendor !== undefined
    }
    const decoded = decode(event)
    isDecided ||= (decoded?.chunks?.length ?? 0) > 0
    return decoded
  }
  auto.closed = () => decode.closed?.() ?? { outcome: 'done' }
  return auto
}
