import type { ChannelEvent } from '../core/channel-event.js'
import type { Ending } from '../core/session.js'
import type { UIMessageChunk } from '../messages/chunk.js'
import type { Fields } from './fields.js'

/** What one event of a vendor says, in the one vocabulary. */
export interface Translated {
  readonly chunks: readonly UIMessageChunk[]
  /** Set where the vendor itself says that the answer is over, well or not. */
  readonly ending?: Ending | undefined
}

/** What was asked: where, and with which body. */
export interface Asked {
  readonly url: string
  readonly body: Fields
}

/** How a vendor stops what it is producing: one request, with the headers that the answer was asked with. */
export interface VendorStop {
  readonly method: 'POST' | 'DELETE'
  readonly url: string
  readonly body?: Fields
}

/** `hang-up`: nothing else stops it. `later`: it can be told only by an id that has not come. */
export type HowToStop = VendorStop | 'hang-up' | 'later'

/** Reads one answer of a vendor. Never throws: what it does not know says nothing. */
export interface Translator {
  /** An event, as any transport or reader gives it. */
  event(event: ChannelEvent): Translated
  /**
   * The connection was closed in order, and no event was an ending. Whoever has an end marker has not ended without
   * it: that is an error with the code INCOMPLETE. `done` where its proof has come (a finish reason without `[DONE]`).
   */
  closed(): Translated & { readonly ending: Ending }
  /** How the answer is stopped at the vendor, as far as it has been read. */
  stop(asked: Asked): HowToStop
}

/** Everything the library knows of one vendor's stream: used by the client's decoder and by the server's relay. */
export interface Vendor {
  /** Lower case: `dify`, `openai`. */
  readonly name: string
  /** Server-sent events, or one JSON value a line. */
  readonly framing: 'sse' | 'lines'
  /** Does this event prove that it is this vendor who speaks? Nobody else sends the like. */
  owns(event: ChannelEvent): boolean
  translator(): Translator
}
