import { fromBase64, toBase64, type Base64Data } from './base64.js'
import type { NativeApp } from './native-app.js'

interface FetchOptions {
  url: string
  method?: string
  headers?: Record<string, string>
  body?: string
  type?: 'text' | 'base64'
  timeout?: number
}

interface FetchResult {
  ok: boolean
  status: number
  headers?: Record<string, string>
  data?: string
  errorMsg?: string
}

type Callback = (result: FetchResult) => void

/**
 * The native module behind `uni.request`: one callback with the whole body. No chunks, and nothing to abort with.
 * A request that is open when the app is suspended has failed when it is resumed.
 */
export function createStreamModule(app: NativeApp): object {
  const { process, network, records } = app

  async function exchange(options: FetchOptions, body: BodyInit | undefined, callback: Callback) {
    const { url, method = 'GET', headers = {}, type, timeout = 600_000 } = options
    const record: NativeApp['records'][number] = {
      ...{ kind: 'request', layer: 'service', url, method, state: 'open' },
    }
    records.push(record)
    const controller = new AbortController()
    const undo: (() => void)[] = []
    const settle = (result: FetchResult) => {
      if (record.state !== 'open') return
      record.state = result.status > 0 ? 'success' : 'fail'
      undo.forEach((each) => each())
      controller.abort()
      app.toService(() => callback(result))
    }
    const fail = (errorMsg: string) => settle({ ok: false, status: -1, errorMsg })
    undo.push(
      network.add(fail),
      process.onSuspend(() => fail('The network connection was lost.')),
      process.after(timeout, () => fail('timeout')),
    )
    if (!network.online) return fail('The Internet connection appears to be offline.')
    try {
      const init: RequestInit = { method, headers, signal: controller.signal }
      const response = await app.fetch(url, body === undefined ? init : { ...init, body })
      record.statusCode = response.status
      const bytes = new Uint8Array(await response.arrayBuffer())
      settle({
        ok: response.ok,
        status: response.status,
        headers: Object.fromEntries(response.headers),
        data: type === 'base64' ? toBase64(bytes) : new TextDecoder().decode(bytes),
      })
    } catch (thrown) {
      fail(String(thrown))
    }
  }

  return {
    fetch: (options: FetchOptions, callback: Callback) => void exchange(options, options.body, callback),
    fetchWithArrayBuffer: (data: Base64Data, options: FetchOptions, callback: Callback) =>
      void exchange(options, fromBase64(data), callback),
  }
}
