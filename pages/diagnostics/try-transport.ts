import { httpSource, useSSEChannel, type Source, type Transport } from 'uni-sse-channel'
import { effectScope } from 'vue'
import { areDense } from './are-dense'
import { watchTransport, type Watched } from './watched-transport'

export type CheckName = 'stream' | 'ids' | 'resume' | 'stop'

/** What one transport could do. Times in milliseconds. */
export interface Trial {
  readonly name: string
  readonly state: 'waiting' | 'running' | 'works' | 'fails'
  readonly checks: Readonly<Partial<Record<CheckName, boolean>>>
  /** From the request to the first event. */
  readonly firstMs?: number
  /** From the request to the end of the answer. */
  readonly wholeMs?: number
  readonly events?: number
  /** At so many moments something came: 1 is no stream. */
  readonly pieces?: number
  /** Why it does not work, in the words of the error. */
  readonly why?: string
}

/** Longer than any of these answers takes. */
const LIMIT_MS = 30_000
/** What comes within this belongs together. */
const MOMENT_MS = 15

const SHORT = { prompt: '诊断 diagnostics', model: 'probe' }
const LONG = { prompt: '诊断 diagnostics, long', model: 'probe-long' }

/**
 * Streams real answers over one transport: to the end, with a loss in the middle, and stopped.
 * @param url the base of the routes
 * @param tell hears of each step as it is known
 * @param isOver asked between the steps
 */
export async function tryTransport(
  inner: Transport,
  url: string,
  tell: (trial: Trial) => void,
  isOver: () => boolean,
): Promise<Trial> {
  let trial: Trial = { name: inner.name, state: 'running', checks: {} }
  const step = (next: Partial<Trial>, check?: CheckName, holds = true) => {
    trial = { ...trial, ...next, checks: check ? { ...trial.checks, [check]: holds } : trial.checks }
    tell(trial)
  }
  const sourceOf = ({ transport }: Watched): Source => httpSource({ url, transport })
  tell(trial)
  try {
    const whole = watchTransport(inner)
    await withChannel(sourceOf(whole), async ({ start }) => mustBe('done', await start(SHORT)))
    const { ids, times } = whole
    const last = times[times.length - 1] ?? 0
    const pieces = times.filter((at, index) => index === 0 || at - (times[index - 1] ?? 0) > MOMENT_MS).length
    step({ firstMs: times[0] ?? 0, wholeMs: last, events: ids.length, pieces }, 'stream', ids.length > 1)
    step({}, 'ids', areDense(ids))
    if (isOver()) return trial

    const broken = watchTransport(inner)
    const read = await withChannel(sourceOf(broken), async (channel) => {
      const ended = channel.start(SHORT)
      await until(() => broken.ids.length >= 4)
      broken.cut()
      mustBe('done', await ended)
      return { channelId: channel.channelId.value, text: channel.text.value }
    })
    const again = watchTransport(inner)
    const all = await withChannel(sourceOf(again), async ({ resume, text }) => {
      mustBe('done', await resume({ channelId: read.channelId }))
      return text.value
    })
    step({}, 'resume', broken.dials > 1 && areDense(broken.ids) && read.text === all)
    if (isOver()) return trial

    const stopped = watchTransport(inner)
    const stoppedId = await withChannel(sourceOf(stopped), async ({ start, stop, channelId }) => {
      const ended = start(LONG)
      await until(() => stopped.ids.length >= 3)
      stop()
      mustBe('stopped', await ended)
      return channelId.value
    })
    const outcome = await withChannel(sourceOf(watchTransport(inner)), ({ resume }) =>
      resume({ channelId: stoppedId }),
    )
    step({}, 'stop', outcome === 'stopped')
    const failed = Object.values(trial.checks).includes(false)
    step({ state: failed ? 'fails' : 'works' })
  } catch (thrown) {
    step({ state: 'fails', why: String((thrown as Error).message) })
  }
  return trial
}

type OneChannel = Pick<
  ReturnType<typeof useSSEChannel>,
  'start' | 'stop' | 'resume' | 'text' | 'channelId' | 'error'
>

/** A channel for as long as it is used, and no longer than the limit. What it failed with is thrown. */
async function withChannel<T>(source: Source, use: (channel: OneChannel) => Promise<T>): Promise<T> {
  const scope = effectScope(true)
  let timer: ReturnType<typeof setTimeout> | undefined
  const channel = scope.run(() => useSSEChannel({ source })) as OneChannel
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${LIMIT_MS / 1000} s`)), LIMIT_MS)
  })
  try {
    return await Promise.race([use(channel), tooLong])
  } catch (thrown) {
    const { code, message } = channel.error.value ?? {}
    throw code ? new Error(`${code}: ${message}`) : thrown
  } finally {
    clearTimeout(timer)
    scope.stop()
  }
}

function mustBe(wanted: string, outcome: string) {
  if (outcome !== wanted) throw new Error(outcome)
}

/** A wait that ends with the channel's own limit. */
async function until(condition: () => boolean) {
  for (const began = Date.now(); !condition() && Date.now() - began < LIMIT_MS;)
    await new Promise((resolve) => setTimeout(resolve, 5))
}
