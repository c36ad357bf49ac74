import type { ChannelError } from '../../../core/channel-error.js'
import { createDialer } from './dialer.js'
import type { Link } from './redis-client.js'
import { replyErrorOf } from './reply-error.js'
import { commandOf, type Script, type ScriptCall } from './script.js'
import { createSilence } from './silence.js'
import type { Troubles } from './trouble.js'

export interface ConnectionOptions {
  readonly troubles: Troubles
  readonly open: (onTrouble: (cause: unknown) => void) => Link
  /** How long a command may wait for Redis, in milliseconds, before it fails. */
  readonly offlineMs: number
  /** How long a server may be silent, in milliseconds, before another connection is tried beside this one: it may answer nobody. */
  readonly silenceMs: number
  /** Hears once of every outage, and once of every kind of refusal until something works again. */
  readonly onError: (error: ChannelError) => void
  /** The link is another one than before. */
  readonly onRenewed?: () => void
}

/** Commands to Redis over one link that is made anew when it is lost, silent, or leads to the wrong server. */
export interface Connection {
  /**
   * Runs a script once there is a link, again when the link is lost on the way: it must not matter if that makes it run
   * twice.
   * @param key decides where it goes in a cluster
   * @param call asked before every try; undefined: it is not to be run over this link
   * @param deadline of `deadline()`, for one of several scripts that are one command to whoever waits
   * @returns the answer; undefined where it was not run
   * @throws {ChannelError} SERVER_ERROR when Redis is away for longer than `offlineMs`, or refuses; SERVER_BUSY when its
   * memory is full
   */
  script<Key extends string, Arg extends string>(
    key: string,
    script: Script<Key, Arg>,
    call: () => ScriptCall<Key, Arg> | undefined,
    deadline?: number,
  ): Promise<unknown>
  /** Until when a command that begins now may wait: a time of `performance.now()`. */
  deadline(): number
  /** Tells that memory is full, once until `hasRoom`. */
  isFull(cause?: unknown): ChannelError
  /** Tells that a part of a script was refused. */
  isRefused(cause: unknown): ChannelError
  hasRoom(): void
  /** Rejects what waits. Idempotent. */
  close(): void
}

/** Before it asks again a server that is not ready, in milliseconds. */
const RETRY_MS = 50
/** What is silent for this part of the time that commands may wait is an outage. */
const SILENT_OUTAGE = 0.5

const noop = () => undefined

type Trouble = 'away' | 'unwritable' | 'refused' | 'full'

export function createConnection(options: ConnectionOptions): Connection {
  const { offlineMs, silenceMs, onError, troubles, onRenewed = () => undefined } = options
  const waiting = new Set<() => void>()
  const silence = createSilence()
  /** Scripts that are on their way whole, each to where its key is. */
  const sentWhole = new Map<string, Promise<unknown>>()
  let state: 'open' | 'closed' = 'open'
  /** What was told of what does not work now. */
  const told = new Set<Trouble>()

  const dialer = createDialer({
    open: options.open,
    onUp() {
      onRenewed()
      wakeAll()
    },
    onTrouble: (cause) => tellOnce('away', troubles.unanswered(cause)),
  })

  function tellOnce(what: Trouble, error: ChannelError) {
    if (state === 'closed' || told.has(what)) return
    // One that comes back may still have to load, one that refuses may fall silent: that is the same outage.
    const other = what === 'away' ? 'unwritable' : what === 'unwritable' ? 'away' : undefined
    const sameOutage = other !== undefined && told.has(other)
    told.add(what)
    if (!sameOutage) onError(error)
  }

  function wakeAll() {
    for (const wake of [...waiting]) wake()
  }

  /** Until the link is another one, or that long. */
  function pause(limitMs: number): { readonly over: Promise<void>; cancel(): void } {
    let wake: () => void = () => undefined
    const over = new Promise<void>((resolve) => (wake = resolve))
    const timer = setTimeout(() => wake(), limitMs)
    const cancel = () => {
      clearTimeout(timer)
      waiting.delete(cancel)
      wake()
    }
    waiting.add(cancel)
    void over.then(cancel)
    return { over, cancel }
  }

  /** One try. Undefined: the link was replaced, or the time is over, before there was an answer. */
  async function attempt<T>(
    link: Link,
    key: string,
    use: (link: Link) => Promise<T>,
    leftMs: number,
  ): Promise<[T] | undefined> {
    const replaced = pause(leftMs)
    // A silent server may only be slow: the command goes on waiting while another connection is tried.
    const undoSilent = silence.watch(link, key, silenceMs, () => dialer.renew(link, 'keep'))
    const undoOutage = silence.watch(link, key, offlineMs * SILENT_OUTAGE, () =>
      tellOnce('away', troubles.unanswered(new Error('Redis does not answer.'))),
    )
    try {
      const answer = use(link).then((value): [T] => [value])
      return await Promise.race([answer, replaced.over.then(() => undefined)])
    } finally {
      undoSilent()
      undoOutage()
      replaced.cancel()
    }
  }

  const deadlineOf = () => performance.now() + offlineMs

  async function run<T>(key: string, use: (link: Link) => Promise<T>, deadline: number): Promise<T> {
    let cause: unknown
    while (state === 'open') {
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) throw troubles.unanswered(cause)
      const link = dialer.current()
      if (!link) {
        await pause(leftMs).over
        continue
      }
      try {
        const answer = await attempt(link, key, use, leftMs)
        if (answer) return answer[0]
        cause = cause ?? new Error('Redis does not answer.')
      } catch (thrown) {
        // What a server said tells more than that its connection was closed then.
        if (replyErrorOf(thrown) || !replyErrorOf(cause)) cause = thrown
        handle(link, thrown)
        await pause(Math.min(RETRY_MS, leftMs)).over
      }
    }
    throw troubles.closed()
  }

  /** Throws what trying again does not help. */
  function handle(link: Link, thrown: unknown) {
    switch (replyErrorOf(thrown)) {
      case 'wrong':
        tellOnce('unwritable', troubles.unwritable(thrown))
        return dialer.renew(link, 'close')
      case 'not-yet':
        return tellOnce('unwritable', troubles.unwritable(thrown))
      case 'full':
        throw isFull(thrown)
      case 'refused':
      case 'no-script':
        throw isRefused(thrown)
      case undefined:
        // Clients of many servers find their way themselves, and most of their servers may be well.
        return dialer.renew(link, link.kind === 'one' ? 'close' : 'keep')
    }
  }

  function isFull(cause?: unknown): ChannelError {
    const error = troubles.full(cause)
    tellOnce('full', error)
    return error
  }

  function isRefused(cause: unknown): ChannelError {
    const error = troubles.refused(cause)
    tellOnce('refused', error)
    return error
  }

  function send(link: Link, key: string, command: readonly string[]) {
    silence.asked(link, key)
    return link.send(key, command).finally(() => silence.heard(link, key))
  }

  /** A restart forgets scripts: the first who finds that sends it whole, and those who wait at that time after it. */
  async function evaluate<Key extends string, Arg extends string>(
    link: Link,
    key: string,
    script: Script<Key, Arg>,
    call: ScriptCall<Key, Arg>,
  ): Promise<unknown> {
    const bySha = () => send(link, key, commandOf('EVALSHA', script, call))
    const isUnknown = (thrown: unknown) => replyErrorOf(thrown) === 'no-script'
    try {
      return await bySha()
    } catch (thrown) {
      if (!isUnknown(thrown)) throw thrown
    }
    const place = `${script.sha} ${key}`
    const first = sentWhole.get(place)
    if (first) {
      await first
      try {
        return await bySha()
      } catch (thrown) {
        if (!isUnknown(thrown)) throw thrown
      }
    }
    const whole = send(link, key, commandOf('EVAL', script, call))
    const settled = whole.then(noop, noop).then(() => sentWhole.delete(place))
    sentWhole.set(place, settled)
    return whole
  }

  return {
    async script(key, script, call, deadline = deadlineOf()) {
      const use = async (link: Link) => {
        const given = call()
        return given && evaluate(link, key, script, given)
      }
      const answer = await run(key, use, deadline)
      told.delete('away')
      if (answer !== undefined && script.does !== 'reads') {
        told.delete('unwritable')
        told.delete('refused')
      }
      return answer
    },
    deadline: deadlineOf,
    isFull,
    isRefused,
    hasRoom: () => void told.delete('full'),
    close() {
      if (state === 'closed') return
      state = 'closed'
      dialer.close()
      wakeAll()
    },
  }
}
