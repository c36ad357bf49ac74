import type { DeviceStorage } from '../../platform/device-storage.js'
import { quietly } from '../../platform/quietly.js'
import type { ConversationChange } from './chat-storage.js'

/**
 * What of one conversation the server does not have yet. Counts say which change marked it last. Lists of pairs, not
 * objects: whoever makes the keys may call one `constructor`.
 */
export interface Unsent {
  /** Counts the changes. */
  readonly count: number
  /** Messages, by their key. */
  readonly nodes: Marks
  readonly removed: Marks
  /** Its path, queue, title or pin has changed. 0: not. */
  readonly frame: number
  /** It was removed here. */
  readonly isGone?: true
}

type Marks = readonly (readonly [key: string, count: number])[]

export const isMarked = (marks: Marks | undefined, key: string): boolean =>
  marks?.some(([marked]) => marked === key) === true

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

const nothing: Unsent = { count: 0, nodes: [], removed: [], frame: 0 }

export function createUnsentChanges(device: DeviceStorage, key: string): UnsentChanges {
  /** Of a device without room; else what is stored counts, which other tabs write, too. */
  let own: ReadonlyMap<string, Unsent> | undefined

  function read(): ReadonlyMap<string, Unsent> {
    if (own) return own
    const text = device.get(key)
    return (text && quietly(() => new Map(JSON.parse(text) as [string, Unsent][]))) || new Map()
  }

  function write(all: ReadonlyMap<string, Unsent>) {
    try {
      if (all.size > 0) device.set(key, JSON.stringify([...all]))
      else device.remove(key)
      own = undefined
    } catch {
      own = all
    }
  }

  function change(id: string, make: (unsent: Unsent) => Unsent | undefined) {
    const all = new Map(read())
    const next = make(all.get(id) ?? nothing)
    all.delete(id)
    write(next ? all.set(id, next) : all)
  }

  const newer = (marks: Marks, count: number) => marks.filter(([, at]) => at > count)

  const marked = (marks: Marks, keys: readonly string[], count: number): Marks => [
    ...without(marks, keys),
    ...keys.map((each) => [each, count] as const),
  ]

  const without = (marks: Marks, keys: readonly string[]) => marks.filter(([each]) => !keys.includes(each))

  return {
    ids: () => [...read().keys()],
    get: (id) => read().get(id),

    add: (id, { nodes, removed, frame }) =>
      change(id, (unsent) => {
        const count = unsent.count + 1
        const put = nodes.map(({ key: node }) => node)
        return {
          count,
          nodes: marked(without(unsent.nodes, removed), put, count),
          removed: marked(without(unsent.removed, put), removed, count),
          frame: frame ? count : unsent.frame,
        }
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
