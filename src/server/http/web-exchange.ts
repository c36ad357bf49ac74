import type { ByteSink, Exchange, SinkListener } from './exchange.js'
import type { Problem } from './problem.js'

export interface WebExchange extends Exchange {
  /** Resolves with what the exchange was told to answer. */
  readonly response: Promise<Response>
}

/** A body with fewer unread bytes than this takes more at once: what a Node socket holds, too. */
const HIGH_WATER_BYTES = 64 * 1024

const ABORTED = new Error('The stream was cut.')

export function webExchange({ method, signal }: Request): WebExchange {
  const listeners = new Set<() => void>()
  let state: 'open' | 'closed' = 'open'
  let resolve: (response: Response) => void = () => undefined
  const response = new Promise<Response>((settle) => (resolve = settle))

  function close() {
    if (state === 'closed') return
    state = 'closed'
    signal.removeEventListener('abort', close)
    for (const listener of [...listeners]) listener()
    listeners.clear()
  }
  if (signal.aborted) close()
  else signal.addEventListener('abort', close)

  function reply({ status, headers, body }: Problem) {
    resolve(new Response(method === 'HEAD' ? null : (body ?? null), { status, headers }))
    close()
  }

  function stream(head: Readonly<Record<string, string>>, listener: SinkListener): ByteSink {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined
    const pendingBytes = () => HIGH_WATER_BYTES - (controller?.desiredSize ?? HIGH_WATER_BYTES)
    let flow: 'free' | 'blocked' = 'free'
    const body = new ReadableStream<Uint8Array>(
      {
        start: (started) => void (controller = started),
        pull() {
          if (flow === 'free') return
          flow = 'free'
          listener.onDrain()
        },
        cancel: close,
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }),
    )
    const onClosed = () => listener.onClosed()
    if (state === 'closed') queueMicrotask(onClosed)
    else listeners.add(onClosed)
    // Of a client that went without cancelling. Not an error, which servers would write to the console.
    listeners.add(() => {
      if (signal.aborted) end()
    })
    resolve(new Response(body, { status: 200, headers: head }))

    function end() {
      try {
        controller?.close()
      } catch {
        // Cancelled.
      }
    }

    return {
      pendingBytes,
      write(bytes) {
        if (state === 'closed') return false
        controller?.enqueue(bytes)
        if (pendingBytes() < HIGH_WATER_BYTES) return true
        flow = 'blocked'
        return false
      },
      end() {
        if (state === 'closed') return
        end()
        close()
      },
      destroy() {
        if (state === 'closed') return
        controller?.error(ABORTED)
        close()
      },
    }
  }

  return {
    method,
    response,
    isClosed: () => state === 'closed',
    onClose: (listener) => void listeners.add(listener),
    reply,
    stream,
    destroy() {
      resolve(new Response(null, { status: 500 }))
      close()
    },
  }
}
