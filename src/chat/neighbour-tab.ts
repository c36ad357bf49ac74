import { systemClock } from '../platform/system-clock.js'
import type { TabLocks } from '../platform/tab-locks.js'
import { answeringOf } from './chat-state.js'
import type { MessageNode } from './message-tree.js'
import type { ShownState } from './shown-state.js'

/** Tabs that show the same conversation: one writes its answer, the others see in the storage how it grows. */
export interface NeighbourTab {
  /** What is shown here has changed. */
  changed(): void
  /** Another tab has stored something. */
  heard(): void
  leave(): void
}

/** What a tab has stored last may come after the news that it is gone, in milliseconds. */
const LATE_MS = 500

/** Where a tab can't be seen to go, so long a silence is taken for it, in milliseconds. */
const SILENCE_MS = 30_000

/**
 * Reads an answer on whose tab is gone. A tab holds the conversation's name while it writes; where there are no such names,
 * or a tab is put to sleep with one, its silence tells. To be wrong costs a read, and never a second answer.
 */
export function createNeighbourTab(
  name: string,
  shown: ShownState,
  readOn: () => void,
  locks: TabLocks | undefined,
): NeighbourTab {
  let release: (() => void) | undefined
  let unwatch: (() => void) | undefined
  let silence: unknown

  /** The answer that another tab writes, as far as is known here. */
  function foreign(): MessageNode | undefined {
    const { last } = shown
    const { status, channelId } = last?.message ?? {}
    const isOpen = status === 'submitted' || status === 'streaming'
    return !answeringOf(shown.now) && isOpen && channelId ? last : undefined
  }

  function takeOver(node: MessageNode | undefined) {
    rest()
    if (node && foreign()?.message.channelId === node.message.channelId) readOn()
  }

  /** Free twice: between two answers of one tab its name is free for a moment. */
  function watch() {
    if (unwatch || !locks) return
    let timer: unknown
    let undo = locks.whenFree(name, () => {
      timer = systemClock.setTimeout(() => {
        const node = foreign()
        undo = locks.whenFree(name, () => takeOver(node))
      }, LATE_MS)
    })
    unwatch = () => {
      systemClock.clearTimeout(timer as never)
      undo()
    }
  }

  function listen() {
    systemClock.clearTimeout(silence as never)
    silence = systemClock.setTimeout(() => {
      const node = foreign()
      // It waits for a network there, and would be asked for twice by who can't know.
      if (!node?.request?.isUnsent) takeOver(node)
    }, SILENCE_MS)
  }

  function rest() {
    unwatch?.()
    unwatch = undefined
    systemClock.clearTimeout(silence as never)
  }

  function letGo() {
    release?.()
    release = undefined
  }

  return {
    changed() {
      const isWriting = answeringOf(shown.now) !== undefined
      if (isWriting) release ??= locks?.hold(name)
      else letGo()
      if (!foreign()) rest()
    },
    heard() {
      if (!foreign()) return
      watch()
      listen()
    },
    leave() {
      rest()
      letGo()
    },
  }
}
