import { toChannelError, type ChannelError } from '../core/channel-error.js'
import type { HangUp } from '../core/source.js'
import { holdTask } from '../platform/hold-task.js'
import { platformFailure } from '../platform/platform-error.js'
import { quietly } from '../platform/quietly.js'
import { systemClock } from '../platform/system-clock.js'
import { headersIn, isFailed, readAnswer, readFailedAnswer, type UniAnswer } from './uni-answer.js'

/** What @dcloudio/types leaves out of a request's task. */
interface RequestTask {
  abort(): void
  onChunkReceived?(listener: ChunkListener): void
  onHeadersReceived?(listener: HeadListener): void
}

type ChunkListener = (chunk?: { readonly data?: unknown }) => void
type HeadListener = (head?: { readonly header?: unknown; readonly statusCode?: unknown }) => void

export interface UniRequestListener {
  /** The whole answer, once; nothing of it is sure to be told. */
  answered(answer: UniAnswer): void
  /** @param unsent nothing of the request has left */
  failed(error: ChannelError, unsent: boolean): void
  /** With these the body comes in pieces; `chunked` says whether the platform has a way to tell them. */
  stream?: {
    chunked(able: boolean): void
    head(status: number, headers: Readonly<Record<string, unknown>>): void
    chunk(data: unknown): void
  }
}

export interface UniRequestOptions {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly header: Record<string, string>
  readonly data?: string
  readonly timeout: number
  readonly withCredentials?: true
}

/**
 * For what an app's interceptor makes of a result before it gets here, the platform's own word waits so long. In
 * milliseconds.
 */
const INTERCEPTOR_MS = 500

/**
 * `uni.request`, of which nothing is taken for granted: the task may come late or never; `success` may come without the
 * answer, twice, or not at all, then `complete` has it. The first end counts.
 */
export function callUniRequest(
  options: UniRequestOptions,
  { answered, failed, stream }: UniRequestListener,
): HangUp {
  let state: 'running' | 'completed' | 'over' = 'running'
  let succeeded = false
  let completed: unknown
  let timer: unknown

  function finish(report: () => void) {
    if (state === 'over') return
    state = 'over'
    systemClock.clearTimeout(timer)
    report()
  }
  const answer = (given: UniAnswer | undefined) => finish(() => answered(given ?? NOTHING))
  const fail = (failure: unknown) =>
    finish(() => {
      const refused = readFailedAnswer(failure)
      if (refused) return answered(refused)
      const { error, unsent } = platformFailure('uni.request', failure)
      failed(error, unsent)
    })

  /** A callback of ours never throws into the platform: on H5 that would end the reading for good. */
  const guarded =
    <T>(take: (told: T) => void) =>
    (told: T) => {
      if (state === 'over') return
      try {
        take(told)
      } catch (thrown) {
        finish(() => failed(toChannelError(thrown, 'BAD_EVENT'), false))
      }
    }

  /** The platform is done; what it said counts when the app's interceptors bring nothing better. */
  function settleSoon(delayMs: number) {
    systemClock.clearTimeout(timer)
    timer = systemClock.setTimeout(() => guarded(settle)(undefined), delayMs)
  }

  /** By what `complete` was told, in the end. */
  function settle() {
    const given = readAnswer(completed)
    if (isFailed(completed) || (!given && !succeeded)) fail(completed)
    else answer(given)
  }

  const held = holdTask<RequestTask>({
    name: 'uni.request',
    endsBy: 'abort',
    call: () =>
      uni.request({
        ...options,
        ...(stream && { enableChunked: true }),
        // Else a body of JSON is parsed and its text lost.
        dataType: 'text',
        // Without a callback there is no task.
        success: guarded((told: unknown) => {
          const given = readAnswer(told)
          if (given) return answer(given)
          // `complete` has had it, or has it now.
          succeeded = true
          settleSoon(0)
        }),
        fail: guarded(fail),
        complete: guarded((told: unknown) => {
          if (state !== 'running') return
          state = 'completed'
          completed = told
          settleSoon(succeeded || isFailed(told) ? 0 : INTERCEPTOR_MS)
        }),
      } as UniNamespace.RequestOptions),
    given(task) {
      stream?.chunked(typeof task?.onChunkReceived === 'function')
      if (!task || !stream) return
      const heard = <T>(take: (told: T) => void) => {
        const hear = guarded(take)
        return (told: T) => {
          hear(told)
          held.endAgain()
        }
      }
      const heardHead: HeadListener = (told) => stream.head(Number(told?.statusCode) || NaN, headersIn(told))
      const heardChunk: ChunkListener = (told) => stream.chunk(told?.data)
      quietly(() => task.onHeadersReceived?.(heard(heardHead)))
      quietly(() => task.onChunkReceived?.(heard(heardChunk)))
    },
    failed: (error) => finish(() => failed(error, false)),
  })
  held.begin()
  return () => {
    state = 'over'
    systemClock.clearTimeout(timer)
    held.end()
  }
}

const NOTHING: UniAnswer = { status: NaN, headers: {}, data: undefined }
