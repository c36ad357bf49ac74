import { glassEasel } from 'glass-easel-miniprogram-adapter'

/** The vendor's plain event object for one of the framework's events; anything else passes unchanged. */
export function toPlainEvent(value: unknown): unknown {
  if (!(value instanceof glassEasel.Event)) return value
  // What a handler receives has its targets filled in, which the class's own type leaves out.
  const event = value as glassEasel.ShadowedEvent<unknown>
  return {
    type: event.getEventName(),
    timeStamp: event.timeStamp,
    target: describe(event.target),
    currentTarget: describe(event.currentTarget),
    mark: event.mark ?? {},
    detail: event.detail ?? {},
    touches: [],
    changedTouches: [],
    stopPropagation: () => event.stopPropagation(),
    preventDefault: () => event.preventDefault(),
  }
}

function describe(node: unknown): object {
  const { id, dataset } = (node ?? {}) as { id?: string; dataset?: object }
  return { id: id ?? '', offsetLeft: 0, offsetTop: 0, dataset: { ...dataset } }
}
