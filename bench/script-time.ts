import type { Page } from '../test/hosts/chromium/page.js'

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string } }[]
  readonly samples: readonly number[]
  /** Microseconds, one for each sample. */
  readonly timeDeltas: readonly number[]
}

export interface ScriptTime {
  /** All of JavaScript, and the DOM's own work inside of its calls. */
  readonly scriptMs: number
  /** The browser's HTML parser inside of `innerHTML`, which is part of `scriptMs`. */
  readonly htmlParserMs: number
}

/** Samples outside of any script: waiting, layout, paint, the browser's own. */
const OUTSIDE = ['(idle)', '(program)', '(root)']

/**
 * Time in scripts of a page, from V8's sampling profiler. Not from the `ScriptDuration` of the protocol's
 * Performance domain: that counts callbacks of timers and events, but no microtask, and Vue renders in one. A
 * page that re-renders everything shows a thirtieth of its scripts there, and one that works in the timer
 * itself shows all of them.
 */
export async function startScriptTimer(page: Page): Promise<() => Promise<ScriptTime>> {
  await page.evaluate(() => {
    const parser = { ms: 0 }
    Object.assign(window, { htmlParser: parser })
    const own = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML')
    Object.defineProperty(Element.prototype, 'innerHTML', {
      ...own,
      set(this: Element, html: string) {
        const begun = performance.now()
        own?.set?.call(this, html)
        parser.ms += performance.now() - begun
      },
    })
  })
  await page.send('Profiler.enable')
  await page.send('Profiler.start')

  return async () => {
    const { profile } = (await page.send('Profiler.stop')) as { profile: Profile }
    const outside = new Set(
      profile.nodes.filter(({ callFrame }) => OUTSIDE.includes(callFrame.functionName)).map(({ id }) => id),
    )
    let micros = 0
    profile.samples.forEach((node, at) => {
      if (!outside.has(node)) micros += profile.timeDeltas[at] ?? 0
    })
    const htmlParserMs = await page.evaluate(
      () => (window as unknown as { htmlParser: { ms: number } }).htmlParser.ms,
    )
    return { scriptMs: micros / 1000, htmlParserMs }
  }
}
