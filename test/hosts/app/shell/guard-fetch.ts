import type { NativeApp } from './native-app.js'

type PageWindow = Window & typeof globalThis

/**
 * Makes a page's `fetch` die as on a phone when the network goes or the app is suspended: Chromium itself leaves open
 * streams running. Everything else about it, CORS above all, stays the browser's own.
 */
export function guardFetch(page: PageWindow, { network, process, records }: NativeApp): void {
  const real = page.fetch.bind(page)

  page.fetch = async (input, init = {}) => {
    const method = init.method ?? 'GET'
    const record: NativeApp['records'][number] = {
      ...{ kind: 'request', layer: 'view', state: 'open' },
      ...{ url: String(input), method },
    }
    records.push(record)
    const cut = new AbortController()
    const signal = init.signal ? AbortSignal.any([init.signal, cut.signal]) : cut.signal
    const kill = () => cut.abort(new page.TypeError('network error'))
    const undo = [network.add(kill), process.onSuspend(kill)]
    const settle = (state: 'success' | 'fail') => {
      undo.forEach((each) => each())
      record.state = state
    }
    const failed = (error: unknown): never => {
      settle('fail')
      throw error
    }
    if (!network.online) kill()
    const response = await real(input, { ...init, signal }).catch(failed)
    record.statusCode = response.status
    if (!response.body) settle('success')
    else observe(response, settle)
    return response
  }
}

/** Tells how the body ended, whoever reads it. */
function observe(response: Response, settle: (state: 'success' | 'fail') => void): void {
  const body = response.body
  const getReader = body?.getReader.bind(body)
  if (!body || !getReader) return
  body.getReader = (() => {
    const reader = getReader()
    reader.closed.then(
      () => settle('success'),
      () => settle('fail'),
    )
    return reader
  }) as typeof body.getReader
}
