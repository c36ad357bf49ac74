import type { ChannelError } from '../../core/channel-error.js'
import type { Hub } from '../hub/hub.js'
import type { Signal } from '../hub/signal.js'

type Log = (fields: object, message: string) => void

/** What is used of a logger. One of pino fits. */
export interface Logger {
  readonly debug: Log
  readonly info: Log
  readonly warn: Log
  readonly error: Log
}

/** What `logSignals()` takes. */
export interface LogSignalsOptions {
  /**
   * How a channel is named in the log. Default: by its id. Where ids are all that protects channels (no `authorize`),
   * name them by a hash.
   */
  readonly nameOf?: (channelId: string) => string
}

type Level = keyof Logger

/** Frames of a stack that are logged. */
const FRAMES = 6

/**
 * Logs what happens in a hub and its handlers, until the result is called: no payload, header, query or token, and of
 * errors the code and where they came from, not what they say, since that may quote a payload. For that use `onError`.
 * @example logSignals(hub, pino())
 */
export function logSignals(
  hub: Hub,
  logger: Logger,
  { nameOf = (channelId) => channelId }: LogSignalsOptions = {},
): () => void {
  return hub.observe((signal) => {
    const { kind, channelId, ...rest } = signal
    const fields = { event: kind, ...(channelId !== undefined && { channelId: nameOf(channelId) }) }
    const [level, message] = describe(signal)
    logger[level]({ ...fields, ...plain(rest) }, message)
  })
}

function describe(signal: Signal): readonly [Level, string] {
  switch (signal.kind) {
    case 'answer':
      return [isProbe(signal.route) ? 'debug' : levelOf(signal.status), 'request answered']
    case 'connect':
      return ['debug', 'reader connected']
    case 'disconnect':
      return [signal.reason === 'slow' ? 'warn' : 'debug', 'reader gone']
    case 'run':
      return ['info', 'run over']
    case 'takeover':
      return ['warn', 'run taken over']
    case 'error':
      return ['error', 'failure']
  }
}

/** Asked every few seconds. */
const isProbe = (route: string) => route === 'health' || route === 'ready'

function levelOf(status: number): Level {
  if (status >= 500) return 'error'
  return status === 401 || status === 403 || status === 429 ? 'warn' : 'info'
}

function plain(rest: object) {
  const { error, durationMs, ...fields } = rest as { error?: ChannelError; durationMs?: number }
  return {
    ...fields,
    ...(durationMs !== undefined && { durationMs: Math.round(durationMs) }),
    ...(error && { code: error.code, ...originOf(error) }),
  }
}

function originOf({ cause }: ChannelError) {
  if (!(cause instanceof Error)) return {}
  // It begins with the message, of which a line may look like a frame.
  const { stack = '', message } = cause
  const frames = stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return { cause: cause.name, stack: frames.slice(0, FRAMES).map((line) => line.trim()) }
}
