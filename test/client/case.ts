// What the standard says of EventSource, as cases: what a server answers, and what a page then hears.
// Covers in its own words what the public web platform tests for eventsource cover; `origin` in a transcript is the
// origin of the server, however the test names it.

/** One answer to one request, in order; the last is repeated. */
export interface Answer {
  readonly status?: number
  /** Default: text/event-stream. `null`: no content type. */
  readonly type?: string | null
  readonly headers?: Readonly<Record<string, string>>
  /** Characters as UTF-8. `\u0000` and the like are sent as they are. */
  readonly body?: string
  /** The connection stays open after the body. */
  readonly hold?: true
  /** Reset when the body was heard. */
  readonly reset?: true
}

interface Source {
  readonly readyState: number
  close(): void
}

export interface Case {
  readonly name: string
  readonly answers: readonly Answer[]
  /** Event types to listen for besides open, message and error. */
  readonly types?: readonly string[]
  readonly withCredentials?: true
  /** Transcript: `open`, `error <readyState>`, `<type> <data>` and ` #<lastEventId>` where there is one. */
  readonly hears: readonly string[]
  /** Called for every entry, in the handler. */
  readonly act?: (entry: string, source: Source) => void
  /** Last-Event-ID of each request, by characters; undefined for none. */
  readonly asks?: readonly (string | undefined)[]
  /** Path of each request; `/case` is where the case begins. */
  readonly paths?: readonly string[]
  /** The page is of another origin than the server. */
  readonly crossOrigin?: true
  /** Why the browser's own is not held against it. */
  readonly chromiumDiffers?: string
}

export const hold = true
export const closeOn = (wanted: string) => (entry: string, source: Source) => {
  if (entry === wanted) source.close()
}

/** So that a reconnect comes soon. */
export const quick = 'retry: 10\n'
