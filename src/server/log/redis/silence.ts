import { crc16, SLOTS } from './key-slot.js'
import type { Link } from './redis-client.js'

/** Tells a server that is silent from one that is slow: while it answers others, those who wait only have to wait. */
export interface Silence {
  /** An answer came over this link, or a refusal. */
  heard(link: Link, key: string): void
  /**
   * Calls once when nothing came over the link for `limitMs`, from now on. In a cluster what counts are answers of the
   * same slot: one server may be silent while others answer. Returns its undo.
   */
  watch(link: Link, key: string, limitMs: number, onSilent: () => void): () => void
}

export function createSilence(): Silence {
  const heardAt = new WeakMap<Link, Map<number, number>>()
  const serverOf = (link: Link, key: string) => (link.kind === 'cluster' ? crc16(tagOf(key)) % SLOTS : 0)

  return {
    heard(link, key) {
      const times = heardAt.get(link) ?? new Map<number, number>()
      heardAt.set(link, times.set(serverOf(link, key), performance.now()))
    },
    watch(link, key, limitMs, onSilent) {
      const server = serverOf(link, key)
      const since = performance.now()
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
      wait(limitMs)
      return () => {
        clearTimeout(timer)
        clearImmediate(turn)
      }
    },
  }
}

/** What Redis takes of a key to find its slot. */
function tagOf(key: string): string {
  const tag = /\{([^}]*)\}/.exec(key)?.[1]
  return tag ? tag : key
}
