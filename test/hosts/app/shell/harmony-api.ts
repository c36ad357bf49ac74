// A stand-in for the native half of HarmonyOS' `uni`, which comes as ETS modules with the vendor's IDE: requests,
// sockets, storage and what the system tells. It follows what is known of them, and can't show their network stack.
import { createConnectSocket } from '../../mini-program/shell/socket-api.js'
import { answer, succeeding, type ApiCallbacks } from '../../mini-program/shell/api-answer.js'
import type { RequestOptions } from '../../mini-program/shell/encode-request.js'
import type { NativeShell } from '../../mini-program/shell/native-shell.js'
import { createRequest } from '../../mini-program/shell/request-api.js'
import { createStorageApi } from '../../mini-program/shell/storage-api.js'
import { SYSTEM } from './device.js'
import type { NativeApp } from './native-app.js'

type HeadListener = (head: { header: object; statusCode: number }) => void
type ChunkListener = (chunk: { data: ArrayBuffer }) => void

interface Task {
  abort(): void
  onHeadersReceived(listener: HeadListener): void
  onChunkReceived(listener: ChunkListener): void
}

const { pixelRatio, windowWidth } = SYSTEM

/** What only HarmonyOS' service layer has; `__harmonyApi` goes onto `uni` there. */
export function createHarmonyGlobals(app: NativeApp): Record<string, unknown> {
  return {
    harmonyChannel: {},
    __harmonyApi: createHarmonyApi(app),
    // ArkTS: virtual pixels, and those of a screen that is 720 wide.
    vp2px: (length: number) => length * pixelRatio,
    lpx2px: (length: number) => (length / 720) * windowWidth,
  }
}

/** What Harmony's framework leaves to the native side. */
function createHarmonyApi(app: NativeApp): Record<string, unknown> {
  const { process, network } = app
  const system = () => ({ ...SYSTEM, platform: 'harmonyos', osName: 'harmonyos', ...app.system })
  const shell: NativeShell = {
    process,
    network,
    machine: {
      fetch: app.fetch,
      stage: document.body,
      // A page can neither set headers on a WebSocket nor drop it without a close frame.
      openSocket: (url, protocols) => new WebSocket(url, protocols) as never,
      cutSocket: (socket) => socket.close(),
    },
    records: app.harmonyRecords,
    chunked: 'supported',
    requestTimeoutMs: 60_000,
    storage: app.storage,
    system: app.system,
  } as Partial<NativeShell> as NativeShell
  const networkNow = () => ({ networkType: network.type, isConnected: network.online })
  return {
    request: createHarmonyRequest(shell),
    connectSocket: createConnectSocket(shell),
    ...createStorageApi(shell),
    getSystemInfoSync: system,
    getDeviceInfo: system,
    getAppBaseInfo: system,
    getWindowInfo: system,
    getNetworkType: succeeding(process, 'getNetworkType', networkNow),
    onNetworkStatusChange: (listener: (now: object) => void) =>
      app.globalEvent.addEventListener('netchange', () => listener(networkNow())),
    setClipboardData: (options: ApiCallbacks) =>
      answer(process, options, 'success', { errMsg: 'setClipboardData:ok' }),
  }
}

/**
 * Chunked, with its known oddities: headers come with the first piece of the body and without a status, the whole body
 * comes again at the end, and an abort is followed by a late failure.
 */
function createHarmonyRequest(shell: NativeShell) {
  const request = createRequest(shell)
  return (options: RequestOptions & ApiCallbacks): object => {
    const parts: ArrayBuffer[] = []
    const heads: HeadListener[] = []
    const chunks: ChunkListener[] = []
    let header: object | undefined
    const task = request({
      ...options,
      success: (result) =>
        options.success?.({ ...(result as object), data: new TextDecoder().decode(joined(parts)) }),
    }) as Task
    task.onHeadersReceived((head) => (header = head.header))
    task.onChunkReceived(({ data }) => {
      if (header) for (const listener of heads) listener({ header, statusCode: NaN })
      header = undefined
      parts.push(data)
      for (const listener of chunks) listener({ data })
    })
    return {
      abort() {
        task.abort()
        const late = { errMsg: 'request:fail 2300023' }
        shell.process.after(10, () => options.fail?.(late))
      },
      onHeadersReceived: (listener: HeadListener) => void heads.push(listener),
      onChunkReceived: (listener: ChunkListener) => void chunks.push(listener),
    }
  }
}

function joined(parts: readonly ArrayBuffer[]): Uint8Array {
  const bytes = parts.flatMap((part) => [...new Uint8Array(part)])
  return Uint8Array.from(bytes)
}
