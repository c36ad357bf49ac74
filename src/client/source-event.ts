/** An event as the DOM has it, as far as an event without bubbling goes; a real DOM is not needed. */
export interface SourceEvent {
  readonly type: string
  readonly target: object | null
  readonly currentTarget: object | null
  readonly isTrusted: boolean
  /** Of messages only. */
  readonly data?: string
  readonly lastEventId?: string
  /** Where the stream came from, after redirects. Empty where the platform does not tell. */
  readonly origin?: string
}

export type SourceListener = ((event: SourceEvent) => void) | { handleEvent(event: SourceEvent): void }

type Constructor = { readonly prototype: object } | undefined

/** Made as an instance of the realm's own class where there is one, so that `instanceof` holds. */
function create(base: Constructor, fields: Readonly<Record<string, unknown>>): SourceEvent {
  const common = {
    bubbles: false,
    cancelable: false,
    composed: false,
    defaultPrevented: false,
    eventPhase: 2,
    isTrusted: true,
    timeStamp: Date.now(),
    preventDefault() {
      // Nothing to prevent.
    },
    stopPropagation() {
      // Nothing above.
    },
  }
  const event = Object.create(base?.prototype ?? Object.prototype) as object
  for (const [name, value] of Object.entries({ ...common, ...fields }))
    Object.defineProperty(event, name, { value, enumerable: true, configurable: true, writable: true })
  return event as SourceEvent
}

const realm = globalThis as { Event?: Constructor; MessageEvent?: Constructor }

export const plainEvent = (type: string, target: object): SourceEvent =>
  create(realm.Event, { type, target, currentTarget: target })

export const messageEvent = (
  type: string,
  target: object,
  message: { readonly data: string; readonly lastEventId: string; readonly origin: string },
): SourceEvent =>
  create(realm.MessageEvent, { type, target, currentTarget: target, ports: [], source: null, ...message })
