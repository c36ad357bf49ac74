import { ChannelError } from '../../core/channel-error.js'
import type { Ending } from '../../core/session.js'
import type { UIMessageChunk } from '../../messages/chunk.js'
import type { Vendor } from '../../vendors/vendor.js'
import type { Producer, RunContext } from '../hub/producer.js'
import { askVendor } from './ask-vendor.js'
import { secretsOf } from './secrets.js'
import { stopVendor } from './stop-vendor.js'
import { createWatchdog } from './watchdog.js'

type Headers = Readonly<Record<string, string>>

/** What `relay()` takes: whose stream it is, where it is, and what is asked. */
export interface RelayOptions {
  /** Who answers: `dify`, `coze`, `openAI`… */
  readonly vendor: Vendor
  /** Asked by POST. */
  readonly url: string
  /** Keys are sent to `url` and its stop, and nowhere else. A function is called for each run. Default none. */
  readonly headers?: Headers | (() => Headers | Promise<Headers>)
  /** As the vendor wants it, with what makes it stream. */
  readonly body: Readonly<Record<string, unknown>>
  readonly timeouts?: {
    /** Until the first byte of the answer's body, in milliseconds. Default 30,000; `Infinity` switches it off. */
    readonly firstByteMs?: number
    /** Between two pieces of it, in milliseconds. Default 60,000; `Infinity` switches it off. */
    readonly idleMs?: number
  }
}

const noVendor = (given: unknown) =>
  new ChannelError(
    'BAD_OPTIONS',
    `There is no vendor ${JSON.stringify(given)}. Take one that uni-sse-channel/server exports: openAI, which many others speak too, or anthropic, dify, coze… docs/vendors.md lists them.`,
  )

/** A run that is stopped before the vendor has given the id to stop it by waits so long for it. */
const ID_WITHIN_MS = 5_000

/**
 * Relays a vendor's answer as UI message stream chunks: what the app reads can be resumed, and stopped at the vendor,
 * and no key leaves the server. Fails with a text that is safe for clients; what the vendor said is in `cause`,
 * without keys.
 * @throws {ChannelError} BAD_OPTIONS where there is no such vendor; of a run PRODUCER_ERROR, RATE_LIMITED, and
 * INCOMPLETE when the answer broke off
 */
export function relay(options: RelayOptions): Producer<UIMessageChunk> {
  const { vendor } = options
  // Plain JavaScript may give a name, or import one that is not there.
  if (typeof (vendor as Partial<Vendor> | undefined)?.translator !== 'function') throw noVendor(vendor)
  return (context) => relayed(options, context)
}

/**
 * @param again where the vendor tells an answer again from its beginning, by GET. Default: it is asked for one
 */
export async function* relayed(
  options: RelayOptions,
  { channelId, signal }: RunContext<UIMessageChunk>,
  again?: string,
): AsyncGenerator<UIMessageChunk, void, undefined> {
  const { vendor, url, body, headers = {}, timeouts = {} } = options
  const { firstByteMs = 30_000, idleMs = 60_000 } = timeouts
  const translator = vendor.translator()
  const watchdog = createWatchdog()
  const sent = typeof headers === 'function' ? await headers() : headers
  const conceal = secretsOf(url, sent)
  const asked = { url, body }

  /** Another process goes on with the answer: then it is left running. */
  const isLeft = () => signal.reason instanceof ChannelError && signal.reason.code === 'SERVER_BUSY'
  const onAbort = () => {
    if (!isLeft() && translator.stop(asked) === 'later') watchdog.expect(ID_WITHIN_MS)
    else watchdog.abort()
  }

  yield { type: 'start', messageId: channelId }
  signal.addEventListener('abort', onAbort)
  try {
    if (signal.aborted) throw signal.reason
    const what = { method: again ? 'GET' : 'POST', url: again ?? url, headers: sent, body } as const
    const upstream = { ...what, framing: vendor.framing, firstByteMs, idleMs, conceal }
    for await (const event of askVendor(upstream, watchdog)) {
      const { chunks, ending } = translator.event(event)
      if (signal.aborted) {
        if (ending) return
        if (isLeft() || translator.stop(asked) !== 'later') break
        watchdog.expect(ID_WITHIN_MS)
        continue
      }
      yield* chunks
      if (ending) return yield* settle(ending, conceal)
    }
    if (signal.aborted) throw signal.reason
    const { chunks, ending } = translator.closed()
    yield* chunks
    yield* settle(ending, conceal)
  } catch (thrown) {
    if (signal.aborted) throw signal.reason
    if (thrown instanceof ChannelError && !watchdog.signal.aborted) throw thrown
    yield* broken(translator.closed(), watchdog.signal.aborted, conceal(String(thrown)))
  } finally {
    signal.removeEventListener('abort', onAbort)
    const stop = translator.stop(asked)
    watchdog.close()
    if (signal.aborted && !isLeft() && typeof stop === 'object') await stopVendor(stop, sent)
  }
}

/** The connection broke. Where the proof of the end had come, nothing is missing. */
function* broken(
  { chunks, ending }: { readonly chunks: readonly UIMessageChunk[]; readonly ending: Ending },
  isLate: boolean,
  reason: string,
): Generator<UIMessageChunk> {
  yield* chunks
  if (ending.outcome === 'done') return
  if (isLate) throw new ChannelError('PRODUCER_ERROR', 'The model took too long to answer.')
  throw new ChannelError('PRODUCER_ERROR', 'The connection to the model broke.', { cause: new Error(reason) })
}

function* settle(ending: Ending, conceal: (text: string) => string): Generator<UIMessageChunk> {
  // Somebody else has stopped it, at the vendor.
  if (ending.outcome === 'stopped') yield { type: 'abort' }
  if (ending.outcome !== 'error') return
  const { error } = ending
  if (error?.code === 'INCOMPLETE') throw error
  throw new ChannelError('PRODUCER_ERROR', 'The model reported an error.', {
    cause: new Error(conceal(error?.message ?? '')),
  })
}
