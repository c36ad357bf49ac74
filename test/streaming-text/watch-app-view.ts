import { OpReader } from '../../components/streaming-text/op-reader.js'
import type { Page } from '../hosts/chromium/page.js'
// For the types of `window.app` and of what the view leaves on its window.
import type {} from '../hosts/app/page-entry.js'
import type {} from '../../components/streaming-text/view-hosts.js'

/** What a page's view was sent since it is watched, and what became of what it shows. */
export interface ViewRecord {
  /** After each message: characters on the page, characters sent so far, and bytes of all messages so far. */
  readonly sent: readonly { readonly shown: number; readonly chars: number; readonly bytes: number }[]
  /** Elements and texts that were taken away inside of a section, and texts there that were written over. */
  readonly taken: readonly string[]
}

interface Message {
  readonly shown: number
  /** Of the component itself: what the view makes of a piece of its log is up to its reader. */
  readonly piece?: string
  /** Of the framework. */
  readonly chars?: number
  readonly bytes: number
}

/** Watches the visible page of an App from now on. What returns reads the record so far. */
export async function watchAppView(page: Page): Promise<() => Promise<ViewRecord>> {
  await page.evaluate(() => {
    const record = { sent: [] as Message[], taken: [] as string[] }
    Object.assign(window, { viewRecord: record })
    const document = window.app.document()
    const view = document.defaultView as Window
    new MutationObserver((changes) => {
      for (const { type, target, removedNodes, oldValue } of changes) {
        const element = target.nodeType === 1 ? (target as Element) : target.parentElement
        if (!element?.closest('.st-host')) continue
        // An element that goes may have lost its children before.
        for (const { nodeType, nodeName, textContent } of removedNodes)
          if (nodeType === 1 || textContent) record.taken.push(`removed ${nodeName} ${textContent}`)
        if (type === 'characterData' && !target.textContent?.startsWith(oldValue ?? ''))
          record.taken.push(`rewrote ${oldValue}`)
      }
    }).observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
      characterDataOldValue: true,
    })

    const { bytes: before } = window.app.bridgeStats().toView
    const note = (message: { piece: string } | { chars: number }) =>
      record.sent.push({
        shown: document.body.textContent?.length ?? 0,
        bytes: window.app.bridgeStats().toView.bytes - before,
        ...message,
      })

    // The component's own messages: a section's log from its beginning, and pieces of it.
    const calls = view.$st
    const append: typeof calls = Object.assign((host: number, piece: string) => {
      calls(host, piece)
      note({ piece })
    }, calls)
    append.begin = (host, log, copyLabel) => {
      calls.begin(host, log, copyLabel)
      note({ piece: log })
    }
    view.$st = append

    // The framework's own messages about its tree: a dictionary of strings first, then nodes made ([3, …, { t }]) and
    // texts set ([10, id, t]). `t` is a place in the dictionary; the view's own listener, which came first, puts the
    // text of a node itself there.
    type Action = [number, ...unknown[]]
    const { UniViewJSBridge } = view as unknown as {
      UniViewJSBridge: { subscribe(name: string, heard: (actions: Action[]) => void): void }
    }
    UniViewJSBridge.subscribe('vdSync', (actions) => {
      const words = actions[0]?.[0] === 0 ? (actions[0][1] as string[]) : []
      let chars = 0
      for (const action of actions) {
        const made = action[0] === 3 ? (action[5] as { t?: unknown } | undefined)?.t : undefined
        const given = action[0] === 10 ? action[2] : made
        const text = typeof given === 'number' ? words[given] : given
        if (typeof text === 'string') chars += text.length
      }
      note({ chars })
    })
  })

  return async () => {
    const { sent, taken } = await page.evaluate(
      () => (window as unknown as { viewRecord: { sent: Message[]; taken: string[] } }).viewRecord,
    )
    const reader = new OpReader()
    let chars = 0
    return {
      taken,
      sent: sent.map((message) => {
        chars += message.chars ?? 0
        for (const op of reader.read(message.piece ?? '')) if (op.op === 'text') chars += op.text.length
        return { shown: message.shown, bytes: message.bytes, chars }
      }),
    }
  }
}
