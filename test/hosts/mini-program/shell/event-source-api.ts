import { createParser } from 'eventsource-parser'
import type { NativeShell, NetworkRecord } from './native-shell.js'
import { OFFLINE_ERROR } from './network-conditions.js'
import { networkErrorText } from './network-error-text.js'

interface EventSourceOptions {
  url: string
  method?: string
  header?: Record<string, string>
  data?: string
  timeout?: number
}

type Kind = 'open' | 'message' | 'error' | 'close'
type Listener = (event: object) => void

const DEFAULT_TIMEOUT_MS = 60_000

/**
 * Douyin's `createEventSource`, as its documentation tells it: parsed events, comments unseen, of a refusal the
 * status alone. It does not connect again by itself here; whether the real one does is not known.
 */
export function createEventSourceApi(shell: NativeShell): (options: EventSourceOptions) => object {
  return ({ url, method = 'GET', header = {}, data, timeout = DEFAULT_TIMEOUT_MS }) => {
    const record: NetworkRecord = {
      ...{ kind: 'request', url, method, header, chunks: 0, bytes: 0, state: 'open' },
    }
    shell.records.push(record)
    const listeners: Record<Kind, Listener[]> = { open: [], message: [], error: [], close: [] }
    const controller = new AbortController()
    const undo: (() => void)[] = []
    const emit = (kind: Kind, event: object) =>
      shell.process.deliver(() => listeners[kind].forEach((listener) => listener(event)))
    const settle = (state: NetworkRecord['state'], kind?: Kind, event: object = {}) => {
      if (record.state !== 'open') return
      record.state = state
      undo.forEach((each) => each())
      controller.abort()
      if (kind) emit(kind, event)
    }
    const fail = (errMsg: string) => settle('fail', 'error', { errMsg: `createEventSource:fail ${errMsg}` })
    undo.push(
      shell.network.add(fail),
      shell.process.onSuspend(() => fail('interrupted')),
      shell.process.after(timeout, () => fail('timeout')),
    )

    async function exchange() {
      if (!shell.network.online) return fail(OFFLINE_ERROR)
      const init: RequestInit = { method, headers: header, signal: controller.signal }
      const response = await shell.machine.fetch(url, data === undefined ? init : { ...init, body: data })
      const { status: statusCode } = response
      record.statusCode = statusCode
      if (statusCode !== 200 || !response.headers.get('content-type')?.startsWith('text/event-stream'))
        return settle('fail', 'error', { statusCode, errMsg: 'createEventSource:fail' })
      emit('open', { statusCode, header: Object.fromEntries(response.headers.entries()) })
      const utf8 = new TextDecoder()
      let lastEventId: string | undefined
      const parser = createParser({
        onEvent({ id, event = 'message', data }) {
          lastEventId = id ?? lastEventId
          emit('message', { data, event, lastEventId })
        },
      })
      const reader = response.body?.getReader()
      for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
        record.chunks++
        record.bytes += part.value.byteLength
        parser.feed(utf8.decode(part.value, { stream: true }))
      }
      settle('success', 'close')
    }
    void exchange().catch((error: unknown) => fail(networkErrorText(error, record.statusCode !== undefined)))

    const on = (kind: Kind) => (listener: Listener) => void listeners[kind].push(listener)
    return {
      onOpen: on('open'),
      onMessage: on('message'),
      onError: on('error'),
      onClose: on('close'),
      close: () => settle('closed'),
    }
  }
}
