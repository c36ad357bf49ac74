import WebSocket from 'ws'
import { waitForCondition, type WaitOptions } from '../wait-for-condition.js'
import type { MiniProgramOptions } from './host-options.js'
import { installDom } from './install-dom.js'
import { createHost } from './create-host.js'
import type { MiniProgramHost } from './mini-program-host.js'
import { readPackage } from './read-package.js'
import type { NativeMachine, SocketLike } from './shell/native-shell.js'

export interface MiniProgram extends Omit<MiniProgramHost, 'close'> {
  /** Presses and releases on the first match of the visible page. */
  tap(selector: string): void
  /** Focuses the field and replaces its text, as one edit. */
  input(selector: string, text: string): void
  /** Presses Enter in the field: `confirm`. */
  confirm(selector: string): void
  /**
   * Polls until `condition` is truthy and returns what it gave.
   * @throws {Error} after `timeoutMs` (default 30,000), with the page's text, errors and requests
   */
  waitFor<Result>(condition: () => Result | Promise<Result>, options?: WaitOptions): Promise<Result>
  /** Unloads all pages, drops all connections and timers, and takes the DOM away. Idempotent. */
  close(): Promise<void>
}

/**
 * Loads a compiled mini program (`dist/build/mp-weixin`) in this Node process, over happy-dom: fast, without
 * layout or painting. One at a time in a process.
 */
export function createMiniProgram(folder: string, options: MiniProgramOptions = {}): MiniProgram {
  const pkg = readPackage(folder, options.platform)
  const { document, remove } = installDom()
  const stage = document.body.appendChild(document.createElement('div'))
  const host = createHost(pkg, nodeMachine(stage), options)
  const closeHost = host.close
  let closing: Promise<void> | undefined

  const driver: Pick<MiniProgram, 'tap' | 'input' | 'confirm' | 'waitFor' | 'close'> = {
    tap(selector) {
      const element = host.find(selector)
      for (const type of ['mousedown', 'mouseup'])
        element.dispatchEvent(new MouseEvent(type, { bubbles: true }))
    },
    input(selector, text) {
      const field = host.find(selector) as HTMLInputElement
      field.focus()
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
    },
    confirm(selector) {
      host.find(selector).dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    },
    waitFor: (condition, wait) =>
      waitForCondition(condition, {
        ...wait,
        report: async () =>
          [
            `text: ${host.text()}`,
            `errors: ${host.errors.join('\n')}`,
            `console: ${host.console.map(({ type, text }) => `${type} ${text}`).join('\n')}`,
            `requests: ${JSON.stringify(host.requests)}`,
          ].join('\n'),
      }),
    close() {
      if (!closing) {
        closeHost()
        closing = remove()
      }
      return closing
    },
  }
  // Assigned, not spread: `pages` is a getter.
  return Object.assign(host, driver)
}

function nodeMachine(stage: HTMLElement): NativeMachine {
  return {
    fetch: globalThis.fetch,
    stage,
    openSocket: (url, protocols, headers) =>
      new WebSocket(url, protocols, { headers }) as unknown as SocketLike,
    cutSocket: (socket) => (socket as unknown as WebSocket).terminate(),
  }
}
