import { crc16, SLOTS } from './key-slot.js'
import type { Link } from './redis-client.js'

/** Tells a server that is silent from one that is slow: while it answers others, those who wait only have to wait. */
export interface Silence {
  /** A command goes over this link. */
  asked(link: Link, key: string): void
  /** An answer came over it, or a refusal. */
  heard(link: Link, key: string): void
  /**
   * Calls once when nothing came over the link for `limitMs` since something was first asked: also by others, who had
   * less patience than that and are gone. In a cluster what counts are answers of the same slot: one server may be silent
   * while others answer. Returns its undo.
   */
  watch(link: Link, key: string, limitMs: number, onSilent: () => void): () => void
}

export function createSilence(): Silence {
  const heardAt = new WeakMap<Link, Map<number, number>>()
  /** When something was first asked since. */
  const askedAt = new WeakMap<Link, Map<number, number>>()
  const serverOf = (link: Link, key: string) => (link.kind === 'cluster' ? crc16(tagOf(key)) % SLOTS : 0)

  return {
    asked(link, key) {
      const times = timesOf(askedAt, link)
      const server = serverOf(link, key)
      if (!times.has(server)) times.set(server, performance.now())
    },
    heard(link, key) {
      const server = serverOf(link, key)
      timesOf(heardAt, link).set(server, performance.now())
      timesOf(askedAt, link).delete(server)
    },
    watch(link, key, limitMs, onSilent) {
      const server = serverOf(link, key)
      const since = timesOf(askedAt, link).get(server) ?? performance.now()
      let timer: NodeJS.Timeout
      let turn: NodeJS.Immediate | undefined
      const wait = (ms: number) => {
        timer = setTimeout(() => {
          // A process that was busy has its answers waiting: it reads them before it looks.
          turn = setImmediate(look)
        }, ms)
      }
      const look = () => {
        const leftMs = Math.max(since, heardAt.get(link)?.get(server) ?? 0) + limitMs - performance.now()
        if (leftMs <= 0) onSilent()
        else wait(leftMs)
      }
      wait(Math.max(0, since + limitMs - performance.now()))
      return () => {
        clearTimeout(timer)
        clearImmediate(turn)
      }
    },
  }
}

function timesOf(times: WeakMap<Link, Map<number, number>>, link: Link): Map<number, number> {
  const known = times.get(link) ?? new Map<number, number>()
  times.set(link, known)
  return known
}

/** What Redis takes of a key to find its slot. */
function tagOf(key: string): string {
  const tag = /\{([^}]*)\}/.exec(key)?.[1]
  return tag ? tag : key
}
