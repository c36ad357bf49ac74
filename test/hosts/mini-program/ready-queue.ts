import type { ComponentInstance } from './component-space.js'
import type { AppProcess } from './shell/app-process.js'

/**
 * Fires the `ready` lifetime one task after the attach, children before parents: the component framework
 * leaves that to its embedder.
 */
export function createReadyQueue(process: AppProcess): {
  add(instance: ComponentInstance): void
  flushed(): Promise<void>
} {
  let waiting: ComponentInstance[] = []
  const onFlush: (() => void)[] = []
  const flush = () => {
    const instances = waiting.reverse()
    waiting = []
    for (const instance of instances) {
      process.run(() => instance._$.triggerLifetime('ready', []))
      process.run(() => instance.onReady?.())
    }
    for (const resolve of onFlush.splice(0)) resolve()
  }
  return {
    add(instance) {
      if (waiting.length === 0) process.deliver(flush)
      waiting.push(instance)
    },
    flushed: () => new Promise((resolve) => (waiting.length === 0 ? resolve() : onFlush.push(resolve))),
  }
}
