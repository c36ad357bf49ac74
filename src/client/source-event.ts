/** An event as the DOM has it, as far as an event without bubbling goes; a real DOM is not needed. */
export interface SourceEvent {
  readonly type: string
  readonly target?: object | null
  /** While it is dispatched; null before and after. */
  readonly currentTarget?: object | null
  /** True of what the stream brought, false of what the application dispatches. */
  readonly isTrusted?: boolean
  readonly defaultPrevented?: boolean
  preventDefault?(): void
  stopPropagation?(): void
  /** Keeps the listeners that have not been called yet from being called. */
  stopImmediatePropagation?(): void
  /** Of messages only. */
  readonly data?: string
  readonly lastEventId?: string
  /** Where the stream came from, after redirects. Empty where the platform does not tell. */
  readonly origin?: string
}

export interface Message {
  readonly type: string
  readonly data: string
  readonly lastEventId: string
  readonly origin: string
}

type Constructor = { readonly prototype: object } | undefined

const realm = globalThis as {
  Event?: Constructor
  MessageEvent?: Constructor
  performance?: { now(): number }
}

/** Of every event that can neither bubble nor be cancelled. */
const common = {
  bubbles: false,
  cancelable: false,
  composed: false,
  defaultPrevented: false,
  returnValue: true,
  isTrusted: true,
  target: null,
  currentTarget: null,
  eventPhase: 0,
  composedPath: () => [],
  preventDefault() {
    // Nothing to prevent.
  },
}

/** Inherits the realm's own class where there is one, so that `instanceof` and `constructor` hold. */
function prototypeOf(base: Constructor, fields: object): object {
  return Object.create(base?.prototype ?? Object.prototype, describe(fields)) as object
}

// Not assigned: the realm's prototypes have accessors of these names, without setters.
function describe(fields: object): PropertyDescriptorMap {
  const descriptors: PropertyDescriptorMap = {}
  for (const [name, value] of Object.entries(fields) as [string, unknown][])
    descriptors[name] = { value, enumerable: true, configurable: true, writable: true }
  return descriptors
}

const plain = prototypeOf(realm.Event, common)
const message = prototypeOf(realm.MessageEvent, { ...common, source: null, ports: Object.freeze([]) })

const now = () => realm.performance?.now() ?? Date.now()

export const plainEvent = (type: 'open' | 'error'): SourceEvent =>
  Object.create(plain, describe({ type, timeStamp: now() })) as SourceEvent

export const messageEvent = (fields: Message): SourceEvent =>
  Object.create(message, describe({ ...fields, timeStamp: now() })) as SourceEvent
