import { answer, type ApiCallbacks } from './api-answer.js'
import { encodeRequest, type RequestOptions } from './encode-request.js'
import type { NativeShell, NetworkRecord } from './native-shell.js'
import { networkErrorText } from './network-error-text.js'
import { OFFLINE_ERROR } from './network-conditions.js'

type ChunkListener = (chunk: { data: ArrayBuffer }) => void
type HeadListener = (head: { header: Record<string, string>; statusCode: number; cookies: string[] }) => void

/**
 * `request` over real HTTP. While the process is suspended no chunk arrives; the connection is cut at the
 * suspension and its `request:fail interrupted` comes after the next show.
 */
export function createRequest(shell: NativeShell): (options: RequestOptions & ApiCallbacks) => object {
  return (options) => {
    const { url, method, header, body } = encodeRequest(options)
    const record: NetworkRecord = { kind: 'request', url, method, header, chunks: 0, bytes: 0, state: 'open' }
    shell.records.push(record)
    const chunked = options.enableChunked === true && shell.chunked === 'supported'
    const chunkListeners = new Set<ChunkListener>()
    const headListeners = new Set<HeadListener>()
    const controller = new AbortController()
    const undo: (() => void)[] = []

    const settle = (outcome: 'success' | 'fail', result: { errMsg: string } & Record<string, unknown>) => {
      if (record.state !== 'open') return
      record.state = outcome
      if (outcome === 'fail') record.errMsg = result.errMsg
      undo.forEach((each) => each())
      answer(shell.process, options, outcome, result)
    }
    const fail = (why: string, facts: { errno?: number } = { errno: 600001 }) => {
      settle('fail', { errMsg: `request:fail ${why}`, ...facts })
      controller.abort()
    }
    undo.push(
      shell.network.add((errMsg) => fail(errMsg)),
      shell.process.onSuspend(() => fail('interrupted', { errno: 600003 })),
      shell.process.after(options.timeout ?? shell.requestTimeoutMs, () => fail('timeout', { errno: 5 })),
    )
    const exchange = async () => {
      if (!shell.network.online) return fail(OFFLINE_ERROR)
      const init: RequestInit = { method, headers: header, signal: controller.signal }
      const response = await shell.machine.fetch(url, body === undefined ? init : { ...init, body })
      record.statusCode = response.status
      const head = {
        header: Object.fromEntries(response.headers.entries()),
        statusCode: response.status,
        cookies: response.headers.getSetCookie(),
      }
      shell.process.run(() => headListeners.forEach((listener) => listener(head)))
      const parts: Uint8Array[] = []
      for await (const part of readBody(response)) {
        if (record.state !== 'open') return
        record.chunks++
        record.bytes += part.byteLength
        if (!chunked) parts.push(part)
        // A copy: the app may keep it, and the machine may hand out a view of a larger buffer.
        else
          for (const listener of [...chunkListeners])
            shell.process.run(() => listener({ data: toBuffer([part]) }))
      }
      settle('success', {
        ...head,
        data: chunked ? '' : decode(toBuffer(parts), options),
        errMsg: 'request:ok',
      })
    }
    void exchange().catch((error: unknown) => fail(networkErrorText(error, record.statusCode !== undefined)))

    return {
      abort: () => fail('abort', {}),
      onChunkReceived: (listener: ChunkListener) => void chunkListeners.add(listener),
      offChunkReceived: (listener?: ChunkListener) => remove(chunkListeners, listener),
      onHeadersReceived: (listener: HeadListener) => void headListeners.add(listener),
      offHeadersReceived: (listener?: HeadListener) => remove(headListeners, listener),
    }
  }
}

/** On platforms without chunks: `enableChunked` means nothing, and the task can only abort. */
export function createWholeRequest(shell: NativeShell): (options: RequestOptions & ApiCallbacks) => object {
  const request = createRequest({ ...shell, chunked: 'unsupported' })
  return (options) => {
    const { abort } = request(options) as { abort(): void }
    return { abort }
  }
}

function remove<Item>(set: Set<Item>, item: Item | undefined): void {
  if (item === undefined) set.clear()
  else set.delete(item)
}

async function* readBody(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) yield part.value
}

function toBuffer(parts: Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.byteLength
  }
  return whole.buffer
}

function decode(body: ArrayBuffer, { responseType, dataType = 'json' }: RequestOptions): unknown {
  if (responseType === 'arraybuffer') return body
  const text = new TextDecoder().decode(body)
  if (dataType !== 'json') return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
