/**
 * Runs work in the order it was added, each in a task of its own, as calls between processes arrive.
 * Not `setTimeout`: browsers hold nested ones back by 4 ms, which no bridge does.
 */
export function createTaskQueue(): (work: () => void) => void {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
  return (work) => {
    waiting.push(work)
    port2.postMessage(0)
  }
}
