import type { Vendor } from '../vendors/vendor.js'
import type { Decode, Decoder } from './decoder.js'
import { parseLoosely } from './json.js'
import { runEnding } from './run-ending.js'

/**
 * A decoder for one vendor's format. Our servers' own endings are understood too: a relay may stand in between.
 * Behind a gateway of yours: a vendor's key never belongs into an app.
 */
export function decoderOf(vendor: Vendor): Decoder {
  return () => {
    const translator = vendor.translator()

    const decode: Decode = (event) => {
      const relayed = runEnding(event)
      // Several vendors say [DONE] too, and may have more to tell of it.
      if (relayed && event.data !== '[DONE]') return { chunks: [], ending: relayed }
      const { chunks, ending = relayed } = translator.event(event)
      const message = relayed ? undefined : parseLoosely(event.data)
      return ending ? { message, chunks, ending } : { message, chunks }
    }
    decode.closed = () => {
      const { chunks, ending } = translator.closed()
      return { ...ending, chunks }
    }
    return decode
  }
}
