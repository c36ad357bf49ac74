import type { Page } from '../hosts/chromium/page.js'
// For the type of `window.app`.
import type {} from '../hosts/app/page-entry.js'

/** What a page's view was sent since it is watched, and what became of what it shows. */
export interface ViewRecord {
  /** After each message: characters on the page, characters sent so far, and bytes of all messages so far. */
  readonly sent: readonly { readonly shown: number; readonly chars: number; readonly bytes: number }[]
  /** Elements and texts that were taken away inside of a unit, and texts there that were written over. */
  readonly taken: readonly string[]
}

/** Watches the visible page of an App from now on. What returns reads the record so far. */
export async function watchAppView(page: Page): Promise<() => Promise<ViewRecord>> {
  await page.evaluate(() => {
    const record = { sent: [] as { shown: number; chars: number; bytes: number }[], taken: [] as string[] }
    Object.assign(window, { viewRecord: record })
    const view = window.app.document()
    new MutationObserver((changes) => {
      for (const { type, target, removedNodes, oldValue } of changes) {
        const element = target.nodeType === 1 ? (target as Element) : target.parentElement
        if (!element?.closest('.st-unit')) continue
        // An element that goes may have lost its children before.
        for (const { nodeType, nodeName, textContent } of removedNodes)
          if (nodeType === 1 || textContent) record.taken.push(`removed ${nodeName} ${textContent}`)
        if (type === 'characterData' && oldValue) record.taken.push(`rewrote ${oldValue}`)
      }
    }).observe(view, { childList: true, subtree: true, characterData: true, characterDataOldValue: true })

    // The framework's own messages about its tree: a dictionary of strings first, then nodes made ([3, …, { t }]) and
    // texts set ([10, id, t]). `t` is a place in the dictionary; the view's own listener, which came first, puts the
    // text of a node itself there.
    type Action = [number, ...unknown[]]
    const { UniViewJSBridge } = view.defaultView as unknown as {
      UniViewJSBridge: { subscribe(name: string, heard: (actions: Action[]) => void): void }
    }
    const { bytes: before } = window.app.bridgeStats().toView
    let chars = 0
    UniViewJSBridge.subscribe('vdSync', (actions) => {
      const words = actions[0]?.[0] === 0 ? (actions[0][1] as string[]) : []
      for (const action of actions) {
        const made = action[0] === 3 ? (action[5] as { t?: unknown } | undefined)?.t : undefined
        const given = action[0] === 10 ? action[2] : made
        const text = typeof given === 'number' ? words[given] : given
        if (typeof text === 'string') chars += text.length
      }
      record.sent.push({
        shown: view.body.textContent?.length ?? 0,
        chars,
        bytes: window.app.bridgeStats().toView.bytes - before,
      })
    })
  })
  return () => page.evaluate(() => (window as unknown as { viewRecord: ViewRecord }).viewRecord)
}
