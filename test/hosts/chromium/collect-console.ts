import { describeException, type ExceptionDetails } from './evaluate.js'
import type { PageSession } from './page-session.js'

export interface ConsoleEntry {
  /** `log`, `warning`, `error`…; `error` also for what the browser itself logs, such as a failed load. */
  type: string
  text: string
}

interface RemoteValue {
  value?: unknown
  description?: string
}

/** Fills the page's `console` and `errors` for as long as it lives. */
export function collectConsole(page: PageSession): void {
  page.on('Runtime.consoleAPICalled', ({ type, args }) => {
    const text = (args as RemoteValue[])
      .map(({ value, description }) => String(value ?? description))
      .join(' ')
    page.console.push({ type: String(type), text })
  })
  page.on('Log.entryAdded', ({ entry }) => {
    const { level, text, url } = entry as { level: string; text: string; url?: string }
    page.console.push({ type: level, text: url === undefined ? text : `${text} (${url})` })
  })
  page.on('Runtime.exceptionThrown', ({ exceptionDetails }) => {
    page.errors.push(describeException(exceptionDetails as ExceptionDetails))
  })
}
