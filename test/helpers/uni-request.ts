// Stands in for uni.request of mini-programs and HarmonyOS: the callbacks and their quirks, over real node:http.
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { StringDecoder } from 'node:string_decoder'

export interface UniQuirks {
  /** What a piece of the body is; `none`: pieces never come, the whole body does (WeChat on PC). */
  readonly chunks: 'ArrayBuffer' | 'Uint8Array' | 'string' | 'none'
  /** What `success` holds of a body that came in pieces (H5 and HarmonyOS: all of it again). */
  readonly afterChunks: 'nothing' | 'the whole body'
  /** `absent`: NaN at the end, and missing altogether in `onHeadersReceived`. */
  readonly status: 'told' | 'NaN' | 'absent'
  /** When `onHeadersReceived` is called. */
  readonly headers: 'at once' | 'with the first data' | 'never'
  /** Whether `success` brings headers. */
  readonly headersAtEnd: 'told' | 'hidden'
  /** Where an answer other than 200 arrives (Alipay: in `fail`). */
  readonly refusals: 'success' | 'fail'
  /** What follows an abort (HarmonyOS: a native error, much later). */
  readonly afterAbort: 'fail' | 'late fail' | 'nothing'
}

const plainUni: UniQuirks = {
  chunks: 'ArrayBuffer',
  afterChunks: 'nothing',
  status: 'told',
  headers: 'at once',
  headersAtEnd: 'told',
  refusals: 'success',
  afterAbort: 'fail',
}

interface Options {
  readonly url: string
  readonly method?: string
  readonly header?: Record<string, string>
  readonly data?: string
  readonly enableChunked?: boolean
  readonly timeout?: number
  success?(result: { statusCode: number; header: Record<string, unknown>; data: unknown }): void
  fail?(failure: { errMsg: string; statusCode?: number; header?: unknown; data?: unknown }): void
}

type ChunkListener = (chunk: { data: ArrayBuffer | Uint8Array | string }) => void
type HeadListener = (head: { statusCode?: number; header: Record<string, unknown> }) => void

/** Puts a `uni` with these quirks into the realm; returns its undo. */
export function installUni(quirks: Partial<UniQuirks> = {}): () => void {
  const realm = globalThis as { uni?: unknown }
  const before = realm.uni
  realm.uni = { request: (options: Options) => send(options, { ...plainUni, ...quirks }) }
  return () => {
    realm.uni = before
  }
}

function send(options: Options, quirks: UniQuirks) {
  const onChunk: ChunkListener[] = []
  const onHead: HeadListener[] = []
  let over = false

  const fail = (errMsg: string) => {
    if (over) return
    over = true
    options.fail?.({ errMsg })
  }

  const request: ClientRequest = httpRequest(
    options.url,
    { method: options.method ?? 'GET', headers: inUtf8(options.header ?? {}) },
    (response) => receive(response),
  )
  request.on('error', (error) => fail(`request:fail ${error.message}`))
  request.end(options.data)

  function receive(response: IncomingMessage) {
    const statusCode = quirks.status === 'told' ? (response.statusCode ?? NaN) : NaN
    const header = oddCase(response.headers)
    const body: Buffer[] = []
    const decoder = new StringDecoder('utf8')
    let told = false
    const tellHead = () => {
      if (told || quirks.headers === 'never') return
      told = true
      const head = quirks.status === 'absent' ? { header } : { statusCode, header }
      for (const listener of onHead) listener(head)
    }
    if (quirks.headers === 'at once') tellHead()
    response.on('data', (piece: Buffer) => {
      body.push(piece)
      if (quirks.chunks === 'none' || !options.enableChunked || over) return
      tellHead()
      const data = pieceAs(quirks.chunks, piece, decoder)
      for (const listener of onChunk) listener({ data })
      // The platform's buffer is its own: whoever keeps a piece must have copied it.
      if (typeof data !== 'string') new Uint8Array(data).fill(0)
      if (data instanceof Uint8Array) data.fill(0)
    })
    response.on('error', () => fail('request:fail interrupted'))
    response.on('end', () => {
      if (over) return
      over = true
      const whole =
        !options.enableChunked || quirks.chunks === 'none' || quirks.afterChunks === 'the whole body'
      const data = whole ? Buffer.concat(body).toString() : ''
      const answer = { statusCode, header: quirks.headersAtEnd === 'told' ? header : {}, data }
      if (quirks.refusals === 'fail' && statusCode !== 200)
        options.fail?.({ ...answer, errMsg: 'request:fail http status error' })
      else options.success?.(answer)
    })
  }

  // Without a callback there is no task, as on the platforms.
  if (!options.success && !options.fail) return undefined
  return {
    abort() {
      request.destroy()
      if (quirks.afterAbort === 'nothing') over = true
      else if (quirks.afterAbort === 'fail') fail('request:fail abort')
      else {
        over = true
        setTimeout(() => options.fail?.({ errMsg: 'request:fail native error after abort' }), 5)
      }
    },
    onHeadersReceived: (listener: HeadListener) => void onHead.push(listener),
    onChunkReceived: (listener: ChunkListener) => void onChunk.push(listener),
  }
}

function pieceAs(kind: 'ArrayBuffer' | 'Uint8Array' | 'string', piece: Buffer, decoder: StringDecoder) {
  if (kind === 'string') return decoder.write(piece)
  const bytes = Uint8Array.from(piece)
  return kind === 'Uint8Array' ? bytes : bytes.buffer
}

/** Header values are text on the platforms; Node wants bytes, one a character. */
const inUtf8 = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
  )

const oddCase = (headers: IncomingMessage['headers']): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]))
