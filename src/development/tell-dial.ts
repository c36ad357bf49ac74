declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** A connection that is being opened, for devtools. */
export interface Dial {
  /** Its name: `fetch`, `web-socket`… */
  readonly transport: string
  readonly method: string
  readonly url: string
  /** The channel that is started or read. */
  readonly channelId: string | undefined
  /** From where it is read on. */
  readonly cursor: string | undefined
}

/** The global function that devtools put there. */
export const DIALS = '__uniSSEChannelDials'

interface Request {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly lastEventId?: string
}

/** In development, tells whoever looks on which transport takes a request. */
export function tellDial(transport: string, request: Request): void {
  try {
    // Written out: this way bundlers leave it out of what is built for production.
    if (process.env.NODE_ENV !== 'production') {
      const hear = (globalThis as Record<string, unknown>)[DIALS] as ((dial: Dial) => void) | undefined
      if (!hear) return
      const { method, url, headers, lastEventId } = request
      const path = /\/([^/?#]+)\/(?:stream|events)(?:[?#]|$)/.exec(url)?.[1]
      hear({ transport, method, url, channelId: headers['x-channel-id'] ?? path, cursor: lastEventId })
    }
  } catch {
    // A page without a bundler has no `process`, an old engine no `globalThis`.
  }
}
