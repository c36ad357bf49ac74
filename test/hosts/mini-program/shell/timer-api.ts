import type { AppProcess } from './app-process.js'

/** `setTimeout` and its kin for the logic layer: they stop with the process and end with the host. */
export function createTimerApi(process: AppProcess): Record<string, unknown> {
  const undo = new Map<number, () => void>()
  let lastId = 0

  const schedule = (id: number, delayMs: number, work: () => void) => {
    undo.set(id, process.after(Math.max(0, Number(delayMs) || 0), work))
  }
  const clear = (id: number) => {
    undo.get(id)?.()
    undo.delete(id)
  }
  return {
    setTimeout(callback: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) {
      const id = ++lastId
      schedule(id, delayMs, () => {
        undo.delete(id)
        callback(...args)
      })
      return id
    },
    setInterval(callback: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) {
      const id = ++lastId
      const tick = () => {
        // Rescheduled first, so that the callback can clear it. One late tick stands for all that were missed.
        schedule(id, Math.max(1, delayMs), tick)
        callback(...args)
      }
      schedule(id, Math.max(1, delayMs), tick)
      return id
    },
    clearTimeout: clear,
    clearInterval: clear,
  }
}
