import type { ChannelEvent } from '../core/channel-event.js'
import type { Ending } from '../core/session.js'
import type { UIMessageChunk } from '../messages/chunk.js'

/** What one event of a vendor says, in the one vocabulary. */
export interface Translated {
  readonly chunks: readonly UIMessageChunk[]
  /** Set where the vendor itself says that the answer is over, well or not. */
  readonly ending?: Ending | undefined
}

/** Reads one answer of a vendor. Never throws: what it does not know says nothing. */
export interface Translator {
  /** An event, as any transport or reader gives it. */
  event(event: ChannelEvent): Translated
  /**
   * The connection was closed in order, and no event was an ending. Whoever has an end marker has not ended without
   * it: that is an error with the code INCOMPLETE. `done` where a format has no marker, or its proof has come (a
   * finish reason without `[DONE]`).
   */
  closed(): Translated & { readonly ending: Ending }
}

/** How a vendor stops what it is producing: one request, next to the address that the answer was asked of. */
export interface VendorStop {
  readonly method: 'POST' | 'DELETE'
  /** Absolute, or relative to the address of the answer. */
  readonly url: string
  readonly body?: Readonly<Record<string, unknown>>
}

/** Everything the library knows of one vendor's stream: used by the client's decoder and by the server's relay. */
export interface Vendor {
  /** Lower case, as it is named in options: `dify`, `openai`. */
  readonly name: string
  translator(): Translator
}
