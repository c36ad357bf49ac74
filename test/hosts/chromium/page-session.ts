import { waitForCondition, type WaitOptions } from '../wait-for-condition.js'
import { withTimeout } from '../with-timeout.js'
import { collectConsole, type ConsoleEntry } from './collect-console.js'
import type { DevToolsConnection, EventListener, ProtocolParams } from './devtools-connection.js'
import { type PageFunction, toExpression, toValue } from './evaluate.js'

const LOAD_TIMEOUT_MS = 60_000
const ANSWER_TIMEOUT_MS = 60_000

/** The code side of a tab: loading, running functions, waiting, and what the page printed or threw. */
export class PageSession {
  /** Everything printed since the tab was opened, failed loads included. */
  readonly console: ConsoleEntry[] = []
  /** Uncaught exceptions and unhandled rejections, each with its stack. */
  readonly errors: string[] = []
  protected readonly connection: DevToolsConnection
  protected readonly targetId: string
  readonly #sessionId: string

  constructor(connection: DevToolsConnection, targetId: string, sessionId: string) {
    this.connection = connection
    this.targetId = targetId
    this.#sessionId = sessionId
    collectConsole(this)
  }

  /** Any other protocol command for this tab. */
  send(method: string, params?: ProtocolParams): Promise<ProtocolParams> {
    return this.connection.send(method, params, this.#sessionId)
  }

  /** Any protocol event of this tab; returns its undo. */
  on(method: string, listener: EventListener): () => void {
    return this.connection.on(this.#sessionId, method, listener)
  }

  /** Loads `url` and waits for its load event. A change of only the hash does not reload, as in any browser. */
  async goto(url: string): Promise<void> {
    await this.#load(async () => {
      const { errorText, loaderId } = await this.send('Page.navigate', { url })
      if (errorText !== undefined) throw new Error(`${url}: ${String(errorText)}`)
      return loaderId !== undefined
    })
  }

  async reload(): Promise<void> {
    await this.#load(async () => {
      await this.send('Page.reload')
      return true
    })
  }

  /**
   * Runs a function (or an expression) in the page and awaits its result, which must survive JSON.
   * @throws {Error} what the page threw; also when the page gives no answer for 60 s, as a frozen one
   */
  async evaluate<Result, Arguments extends unknown[] = unknown[]>(
    target: PageFunction<Arguments, Result>,
    ...args: Arguments
  ): Promise<Result> {
    const expression = toExpression(target as PageFunction<never[], unknown>, args)
    const answer = this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })
    return toValue(
      await withTimeout(answer, ANSWER_TIMEOUT_MS, 'the page does not answer: frozen?'),
    ) as Result
  }

  /**
   * Polls `predicate` in the page until it is truthy and returns what it gave.
   * The clock is the test's, not the page's: timers of a hidden page are throttled.
   * @throws {Error} after `timeoutMs` (default 30,000), with the page's text, console errors and exceptions
   */
  waitFor<Result, Arguments extends unknown[] = unknown[]>(
    predicate: PageFunction<Arguments, Result>,
    options: WaitOptions = {},
    ...args: Arguments
  ): Promise<Result> {
    return waitForCondition(() => this.evaluate(predicate, ...args), {
      what: predicate.toString(),
      ...options,
      report: async () =>
        [
          `text: ${await this.text().catch(String)}`,
          `console errors: ${this.console
            .filter(({ type }) => type === 'error')
            .map(({ text }) => text)
            .join('\n')}`,
          `exceptions: ${this.errors.join('\n')}`,
        ].join('\n'),
    })
  }

  /** The page's visible text. */
  text(): Promise<string> {
    return this.evaluate(() => document.body.innerText)
  }

  /** Runs before any script of every page loaded from now on. */
  async addInitScript<Arguments extends unknown[]>(
    script: PageFunction<Arguments, unknown>,
    ...args: Arguments
  ): Promise<void> {
    const source = toExpression(script as PageFunction<never[], unknown>, args)
    await this.send('Page.addScriptToEvaluateOnNewDocument', { source })
  }

  async #load(navigate: () => Promise<boolean>): Promise<void> {
    let undo = () => {}
    const loaded = new Promise<void>((resolve) => {
      undo = this.on('Page.loadEventFired', () => resolve())
    })
    try {
      if (await navigate()) await withTimeout(loaded, LOAD_TIMEOUT_MS, 'no load event')
    } finally {
      undo()
    }
  }
}
