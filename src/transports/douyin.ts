import { ChannelError } from '../core/channel-error.js'
import { holdTask } from '../platform/hold-task.js'
import { platformFailure } from '../platform/platform-error.js'
import { quietly } from '../platform/quietly.js'
import { findHeader } from './find-header.js'
import { httpError } from './http-error.js'
import { muteable } from './mute.js'
import type { ResponseHead, Transport } from './transport.js'

/** What `tt.createEventSource` gives. The platform's own typings do not name it; nothing of it is taken for granted. */
interface DouyinEventSource {
  onOpen?(listener: (head?: { header?: unknown; statusCode?: unknown }) => void): void
  onMessage?(listener: (message?: { data?: unknown; event?: unknown; lastEventId?: unknown }) => void): void
  onError?(listener: (failure?: { statusCode?: unknown; errMsg?: unknown }) => void): void
  onClose?(listener: () => void): void
  close(): void
}

interface Douyin {
  createEventSource?(options: {
    url: string
    method: string
    header: Record<string, string>
    data?: string
    timeout: number
  }): unknown
}

declare const tt: Douyin | undefined

/** See `uni-request`: the session keeps the limits that matter. */
const PLATFORM_TIMEOUT_MS = 60 * 60 * 1000

/**
 * Douyin's parsed event streams, with POST. No sight of heartbeats; the body of a refusal is lost, its status often too.
 */
export const douyinTransport: Transport = {
  name: 'douyin',
  path: 'http-stream',

  isSupported: () => typeof tt === 'object' && typeof tt.createEventSource === 'function',

  accepts: (request) => request.protocol !== 'text',

  stream({ url, method, headers, body, lastEventId = '' }, target) {
    const platform = typeof tt === 'object' ? tt : undefined
    if (!platform?.createEventSource) throw new ChannelError('NO_TRANSPORT')
    const { observer, mute } = muteable(target)
    let opened = false

    function open(status: unknown, header: unknown) {
      if (opened) return
      opened = true
      observer.opened(headOf(Number(status) || NaN, header))
    }

    // Closed before anything is told: it might connect again by itself, and a POST may be billed.
    function leave(report: () => void) {
      source.end()
      report()
    }

    function hear(task: DouyinEventSource) {
      quietly(() => task.onOpen?.((head) => open(head?.statusCode, head?.header)))
      quietly(() =>
        task.onMessage?.((message) => {
          open(undefined, {})
          // Said without anything in hand, it is a sign of life.
          if (!message) return observer.activity()
          // The platform begins each connection without an id, though events go on carrying the last one.
          const id = message.lastEventId ? String(message.lastEventId) : lastEventId
          observer.event({ id, type: String(message.event || 'message'), data: textOf(message.data) })
        }),
      )
      quietly(() =>
        task.onError?.((failure) =>
          leave(() => {
            const status = Number(failure?.statusCode) || 0
            if (status === 204) observer.finished()
            else if (status >= 400) observer.lost(httpError(headOf(status, {}), ''))
            else observer.lost(platformFailure(NAME, failure).error)
          }),
        ),
      )
      quietly(() => task.onClose?.(() => leave(() => observer.ended())))
    }

    const source = holdTask<DouyinEventSource>({
      name: NAME,
      endsBy: 'close',
      call: () =>
        platform.createEventSource?.({
          url,
          method,
          header: { ...headers, ...(lastEventId !== '' && { 'last-event-id': lastEventId }) },
          ...(body !== undefined && { data: body }),
          timeout: PLATFORM_TIMEOUT_MS,
        }),
      given(task) {
        if (task) hear(task)
        // Nobody could be heard, and nobody ended: whatever may be running is read another way.
        else observer.lost(new ChannelError('CONNECTION_LOST', `${NAME} gave nothing to listen to.`))
      },
      failed: (error) => observer.lost(error),
    })
    source.begin()

    return () => {
      mute()
      source.end()
    }
  },
}

const NAME = 'tt.createEventSource'

/** Data is text; a platform that has parsed JSON gives an object. */
const textOf = (data: unknown): string =>
  typeof data === 'object' && data !== null ? JSON.stringify(data) : String((data ?? '') as string)

function headOf(status: number, header: unknown): ResponseHead {
  const headers = typeof header === 'object' && header !== null ? (header as Record<string, unknown>) : {}
  return { status, header: (name) => findHeader(headers, name) }
}
