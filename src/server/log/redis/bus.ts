import { createDialer } from './dialer.js'
import type { Link } from './redis-client.js'
import type { Partition } from './partitions.js'
import { replyErrorOf } from './reply-error.js'
import { createSilence } from './silence.js'

export interface BusOptions {
  readonly open: (onTrouble: (cause: unknown) => void) => Link
  readonly onMessage: (partition: Partition, channel: string, message: string) => void
  /** A partition is heard again, after it may have missed something. */
  readonly onAgain: (partition: Partition) => void
  /** How long Redis may leave a subscription unanswered, in milliseconds, before another connection is tried. */
  readonly silenceMs: number
  /** Redis does not let it subscribe. Once, until it does. */
  readonly onRefused: (cause: unknown) => void
}

/** What Redis publishes, of any number of channels, over one link that is made anew when it is lost or deaf. */
export interface Bus {
  /** Resolves when what is published from now on is heard; never while Redis is away. */
  hear(partition: Partition, channel: string): Promise<void>
  /** As often as `hear`. */
  leave(partition: Partition, channel: string): void
  /** The link is deaf: it is made anew. */
  renew(): void
  close(): void
}

interface Wish {
  readonly partition: Partition
  users: number
  state: 'wanted' | 'asked' | 'heard'
  readonly waiting: Set<() => void>
}

/** Channels in one command. */
const AT_ONCE = 500

export function createBus({ open, silenceMs, onMessage, onAgain, onRefused }: BusOptions): Bus {
  const wishes = new Map<string, Wish>()
  const unwanted = new Map<string, Partition>()
  /** On this link: subscribed, and on their way out. */
  let subscribed = new Set<string>()
  let leaving = new Set<string>()
  let flush: 'none' | 'soon' = 'none'
  let refusal: 'none' | 'told' = 'none'
  let ups = 0
  const silence = createSilence()

  const dialer = createDialer({
    open,
    onUp() {
      unwanted.clear()
      subscribed = new Set()
      leaving = new Set()
      for (const wish of wishes.values()) wish.state = 'wanted'
      soon()
      if (ups++ > 0) tellAgain()
    },
    // The other connection tells it.
    onTrouble: () => undefined,
  })

  /** What came between is caught up with when all of a partition is heard again. */
  function tellAgain() {
    const all = new Map<Partition, Promise<void>[]>()
    for (const [channel, wish] of wishes) {
      const some = all.get(wish.partition) ?? []
      all.set(wish.partition, some)
      some.push(heard(channel, wish))
    }
    for (const [partition, some] of all) void Promise.all(some).then(() => onAgain(partition))
  }

  function heard(channel: string, wish: Wish): Promise<void> {
    if (wish.state === 'heard' || wishes.get(channel) !== wish) return Promise.resolve()
    return new Promise((resolve) => wish.waiting.add(resolve))
  }

  /** All of one turn together. */
  function soon() {
    if (flush === 'soon') return
    flush = 'soon'
    setImmediate(() => {
      flush = 'none'
      const link = dialer.current()
      if (!link) return
      unsubscribe(link)
      subscribe(link)
    })
  }

  function unsubscribe(link: Link) {
    for (const { channels } of inPieces(unwanted)) {
      for (const channel of channels) {
        subscribed.delete(channel)
        leaving.add(channel)
      }
      const done = () => {
        if (link !== dialer.current()) return
        for (const channel of channels) leaving.delete(channel)
        if (channels.some((channel) => wishes.get(channel)?.state === 'wanted')) soon()
      }
      answered(link, channels[0] ?? '', link.unsubscribe(channels)).then(done, (cause: unknown) =>
        fail(link, cause),
      )
    }
    unwanted.clear()
  }

  function subscribe(link: Link) {
    const wanted = new Map<string, Partition>()
    for (const [channel, wish] of wishes) {
      if (wish.state !== 'wanted' || leaving.has(channel)) continue
      wish.state = 'asked'
      wanted.set(channel, wish.partition)
    }
    for (const { partition, channels } of inPieces(wanted)) {
      const done = () => {
        if (link !== dialer.current()) return
        refusal = 'none'
        for (const channel of channels) {
          subscribed.add(channel)
          const wish = wishes.get(channel)
          if (wish?.state !== 'asked') continue
          wish.state = 'heard'
          release(wish)
        }
      }
      const listener = (message: string, channel: string) => {
        if (link !== dialer.current()) return
        if (link.kind !== 'cluster') silence.heard(link, channel)
        onMessage(partition, channel, message)
      }
      answered(link, channels[0] ?? '', link.subscribe(channels, listener)).then(done, (cause: unknown) =>
        fail(link, cause),
      )
    }
  }

  /**
   * A line that is dead without a word is found here by whoever waits; where nobody does, by what is not heard. One that
   * is slow, as there is much to subscribe to, is not dead: other answers come over it, and messages.
   */
  function answered<T>(link: Link, key: string, answer: Promise<T>): Promise<T> {
    silence.asked(link, key)
    const undo = silence.watch(link, key, silenceMs, () => dialer.renew(link, 'keep'))
    return answer.finally(() => {
      undo()
      silence.heard(link, key)
    })
  }

  function fail(link: Link, cause: unknown) {
    if (link !== dialer.current()) return
    if (replyErrorOf(cause) === 'refused' && refusal === 'none') {
      refusal = 'told'
      onRefused(cause)
    }
    dialer.renew(link, link.kind === 'one' ? 'close' : 'keep')
  }

  return {
    hear(partition, channel) {
      let wish = wishes.get(channel)
      if (!wish) {
        wish = { partition, users: 0, state: 'wanted', waiting: new Set() }
        wishes.set(channel, wish)
        // Not given up yet: it is or will be heard.
        if (unwanted.delete(channel)) wish.state = subscribed.has(channel) ? 'heard' : 'asked'
        else soon()
      }
      wish.users++
      return heard(channel, wish)
    },
    leave(partition, channel) {
      const wish = wishes.get(channel)
      if (!wish || --wish.users > 0) return
      wishes.delete(channel)
      release(wish)
      if (wish.state === 'wanted') return
      unwanted.set(channel, partition)
      soon()
    },
    renew() {
      const link = dialer.current()
      if (link) dialer.renew(link, 'keep')
    },
    close() {
      for (const wish of wishes.values()) release(wish)
      wishes.clear()
      dialer.close()
    },
  }
}

function release({ waiting }: Wish) {
  for (const resolve of waiting) resolve()
  waiting.clear()
}

/** Each of one partition. */
function inPieces(channels: ReadonlyMap<string, Partition>) {
  const pieces: { readonly partition: Partition; readonly channels: string[] }[] = []
  const open = new Map<Partition, string[]>()
  for (const [channel, partition] of channels) {
    let piece = open.get(partition)
    if (!piece || piece.length >= AT_ONCE) {
      open.set(partition, (piece = []))
      pieces.push({ partition, channels: piece })
    }
    piece.push(channel)
  }
  return pieces
}
