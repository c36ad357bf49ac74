export interface TaskQueue {
  add(work: () => void): void
  /** Goes on with what was held. */
  release(): void
}

/**
 * Runs work in the order it was added, each in a task of its own, as calls between processes arrive; while `isHeld`
 * all of it waits, and keeps its order.
 * Not `setTimeout`: browsers hold nested ones back by 4 ms, which no bridge does.
 */
export function createTaskQueue(isHeld: () => boolean): TaskQueue {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => {
    if (!isHeld()) waiting.shift()?.()
  }
  return {
    add(work) {
      waiting.push(work)
      port2.postMessage(0)
    },
    release: () => waiting.forEach(() => port2.postMessage(0)),
  }
}
