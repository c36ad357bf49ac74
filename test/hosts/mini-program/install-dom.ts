import { Window } from 'happy-dom'

/**
 * What the component framework looks up as globals. Nothing more is replaced: a DOM test environment would also
 * put its own fetch, AbortController and timers over Node's, and requests would no longer be real.
 */
const NAMES = [
  'window',
  'document',
  'MutationObserver',
  'IntersectionObserver',
  'Event',
  'MouseEvent',
  'KeyboardEvent',
]

let installed = false

/**
 * Puts a fresh happy-dom window under the names above; returns the undo.
 * One at a time: the framework listens on `document.body` for good, so hosts can't share a document.
 * @throws {Error} another host is still open
 */
export function installDom(): { document: Document; remove(): Promise<void> } {
  if (installed) throw new Error('another mini program is open in this process: close it first')
  installed = true
  const window = new Window({ url: 'http://127.0.0.1/', width: 375, height: 667 })
  const before = new Map(NAMES.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]))
  for (const name of NAMES) {
    const value: unknown = name === 'window' ? window : Reflect.get(window, name)
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  }
  return {
    document: window.document as unknown as Document,
    async remove() {
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor)
        else Reflect.deleteProperty(globalThis, name)
      }
      installed = false
      await window.happyDOM.close()
    },
  }
}
