import { ChannelError } from '../../../core/channel-error.js'
import type { Segments } from './segments.js'

/** When what is written comes to the disk. */
export interface Syncing {
  /** Resolves when all that is written by now may be acknowledged. */
  whenSynced(): Promise<void>
  close(): Promise<void>
}

const EVERY_MS = 1_000

export function createSyncing(
  segments: Segments,
  fsync: 'always' | 'everysec' | 'never',
  onError: (error: ChannelError) => void,
): Syncing {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let state: 'well' | 'failing' = 'well'

  async function sync() {
    try {
      await segments.sync()
      state = 'well'
    } catch (cause) {
      const error = new ChannelError('SERVER_ERROR', 'The disk of the event log does not take it.', { cause })
      if (state === 'well') onError(error)
      state = 'failing'
      throw error
    }
  }

  /** One at a time: all that is written while one is on its way shares the next. */
  function shared(): Promise<void> {
    next ??= (running ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return (running = sync())
      })
    return next
  }

  function soon() {
    timer ??= setTimeout(() => {
      timer = undefined
      shared().catch(() => undefined)
    }, EVERY_MS).unref()
  }

  return {
    async whenSynced() {
      if (fsync === 'always') return shared()
      if (fsync === 'everysec') soon()
    },
    async close() {
      clearTimeout(timer)
      await (next ?? running)?.catch(() => undefined)
    },
  }
}
