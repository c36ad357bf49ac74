import type { DeviceStorage } from '../../platform/device-storage.js'
import { quietly } from '../../platform/quietly.js'
import type { ConversationChange } from './chat-storage.js'

/** What of one conversation the server does not have yet. Counts say which change marked it last. */
export interface Unsent {
  /** Counts the changes. */
  readonly count: number
  /** Keys of messages. */
  readonly nodes: Readonly<Record<string, number>>
  readonly removed: Readonly<Record<string, number>>
  /** Its path, queue, title or pin has changed. 0: not. */
  readonly frame: number
  /** It was removed here. */
  readonly isGone?: true
}

/** Remembers on the device what is to be sent, until it is. */
export interface UnsentChanges {
  ids(): readonly string[]
  get(id: string): Unsent | undefined
  add(id: string, change: ConversationChange): void
  remove(id: string): void
  /** What was sent is; what has changed meanwhile stays. */
  sent(id: string, what: Unsent): void
  forget(id: string): void
}

const nothing: Unsent = { count: 0, nodes: {}, removed: {}, frame: 0 }

export function createUnsentChanges(device: DeviceStorage, key: string): UnsentChanges {
  /** Of a device without room; else what is stored counts, which other tabs write, too. */
  let own: Record<string, Unsent> | undefined

  function read(): Record<string, Unsent> {
    if (own) return own
    const text = device.get(key)
    return (text && quietly(() => JSON.parse(text) as Record<string, Unsent>)) || {}
  }

  function write(all: Record<string, Unsent>) {
    try {
      if (Object.keys(all).length > 0) device.set(key, JSON.stringify(all))
      else device.remove(key)
      own = undefined
    } catch {
      own = all
    }
  }

  function change(id: string, make: (unsent: Unsent) => Unsent | undefined) {
    const { [id]: former = nothing, ...others } = read()
    const next = make(former)
    write(next ? { ...others, [id]: next } : others)
  }

  const newer = (marked: Readonly<Record<string, number>>, count: number) =>
    Object.fromEntries(Object.entries(marked).filter(([, at]) => at > count))

  const marks = (keys: readonly string[], count: number) =>
    Object.fromEntries(keys.map((each) => [each, count]))

  const without = (marked: Readonly<Record<string, number>>, keys: readonly string[]) =>
    Object.fromEntries(Object.entries(marked).filter(([each]) => !keys.includes(each)))

  return {
    ids: () => Object.keys(read()),
    get: (id) => read()[id],

    add: (id, { nodes, removed, frame }) =>
      change(id, (unsent) => {
        const count = unsent.count + 1
        const put = nodes.map(({ key: node }) => node)
        const marked = { ...without(unsent.nodes, removed), ...marks(put, count) }
        const gone = { ...without(unsent.removed, put), ...marks(removed, count) }
        return { count, nodes: marked, removed: gone, frame: frame ? count : unsent.frame }
      }),

    remove: (id) => change(id, ({ count }) => ({ ...nothing, count: count + 1, isGone: true })),

    sent: (id, what) =>
      change(id, (now) => {
        if (now.count === what.count) return undefined
        const { count } = what
        const frame = now.frame > count ? now.frame : 0
        const [nodes, removed] = [newer(now.nodes, count), newer(now.removed, count)]
        const isLeft = now.isGone || frame > 0 || Object.keys({ ...nodes, ...removed }).length > 0
        return isLeft ? { ...now, nodes, removed, frame } : undefined
      }),

    forget: (id) => change(id, () => undefined),
  }
}
