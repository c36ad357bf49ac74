import type { Page } from '../test/hosts/chromium/page.js'

/** One task of a page's main thread. */
export interface Task {
  /** Milliseconds after the first piece of text. */
  readonly at: number
  /** By the clock, in milliseconds: waits for a core count. */
  readonly wallMs: number
  /** Of the thread alone, in milliseconds. */
  readonly cpuMs: number
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
}

/** The mark of `bench/app/play.ts`. */
const FIRST_PIECE = 'first piece'

/**
 * Every task of the page's main thread, from a trace of the browser. Not from `longtask` entries: those know the
 * clock only, and on a machine with other work a task of 5 ms is often seen to take 200, most of it waiting.
 * Start it before the first piece.
 */
export async function startTaskTrace(page: Page): Promise<() => Promise<readonly Task[]>> {
  const events: TraceEvent[] = []
  const stopListening = page.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as TraceEvent[]) events.push(event)
  })
  const includedCategories = ['disabled-by-default-devtools.timeline', 'blink.user_timing']
  await page.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories } })

  return async () => {
    const complete = new Promise<unknown>((resolve) => page.on('Tracing.tracingComplete', resolve))
    await page.send('Tracing.end')
    await complete
    stopListening()
    const mark = events.find(({ name }) => name === FIRST_PIECE)
    if (!mark) throw new Error('the trace has no first piece')
    return events
      .filter(
        ({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && pid === mark.pid && tid === mark.tid,
      )
      .map(({ ts, dur = 0, tdur = 0 }) => ({
        at: (ts - mark.ts) / 1000,
        wallMs: dur / 1000,
        cpuMs: tdur / 1000,
      }))
  }
}
