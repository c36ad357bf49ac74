import { createPolicy } from '../../../src/run/policy.js'
import type { ChannelError } from '../../../src/core/channel-error.js'
import { succession } from '../../../src/core/cursor.js'
import { alwaysForeground } from '../../../src/core/lifecycle.js'
import { knownOf } from '../../../src/core/known.js'
import { createSession, type Ending } from '../../../src/core/session.js'
import { systemClock } from '../../../src/platform/system-clock.js'
import { composeDemoAnswer } from '../../../src/server/producers/demo-answer.js'
import { fetchTransport } from '../../../src/transports/fetch.js'
import { httpSource } from '../../../src/transports/http-source.js'

/** One answer as its client saw it. */
export interface Answer {
  readonly outcome: 'done' | 'stopped' | 'error'
  readonly error: string | undefined
  /** What arrived is what the model writes for this prompt: all of it, its beginning, or something else. */
  readonly text: 'whole' | 'beginning' | 'wrong'
  /** Events that did not follow the one before. */
  readonly missing: number
  readonly repeated: number
  /** `start` chunks: more than one would be a run that was run twice. */
  readonly starts: number
  readonly connections: number
  /** Milliseconds since 1970. */
  readonly endedAt: number
}

export interface Answers {
  /** Events delivered so far to each client. */
  readonly counts: readonly number[]
  readonly open: () => number
  readonly all: Promise<readonly Answer[]>
}

/** As many clients as asked, each with a run of its own, through the whole client: session, source, fetch. */
export function runAnswers(url: string, count: number): Answers {
  const counts = new Array<number>(count).fill(0)
  let open = count
  const all = Promise.all(
    counts.map(async (_, index) => {
      const answer = await runAnswer(url, index, (events) => (counts[index] = events))
      open--
      return answer
    }),
  )
  return { counts, open: () => open, all }
}

interface Chunk {
  readonly type: string
  readonly delta?: string
  readonly errorText?: string
}

function runAnswer(url: string, index: number, onEvent: (events: number) => void): Promise<Answer> {
  const prompt = `What does node ${index} of a cluster do?`
  const expected = composeDemoAnswer(prompt).text
  const seen = { missing: 0, repeated: 0, starts: 0, connections: 0 }
  let cursor: string | undefined
  let events = 0
  let text = ''
  let error: string | undefined

  return new Promise((resolve) => {
    const close = (outcome: Answer['outcome'], failure: ChannelError | undefined) =>
      resolve({
        ...seen,
        outcome,
        error: error ?? failure?.code,
        text: text === expected ? 'whole' : expected.startsWith(text) ? 'beginning' : 'wrong',
        endedAt: Date.now(),
      })
    const source = httpSource({ url, transport: fetchTransport })
    const session = createSession<unknown>({
      source: {
        ...source,
        connect(intent, observer) {
          seen.connections++
          return source.connect(intent, observer)
        },
      },
      lifecycle: alwaysForeground,
      clock: systemClock,
      policy: createPolicy(),
      background: 'keep',
      onStopFailed: () => undefined,
      onState: (state) => state.name === 'closed' && close(state.outcome, state.error),
      receive(event): Ending | undefined {
        const order = succession(cursor, event.id)
        if (order === 'duplicate') seen.repeated++
        else if (order !== 'next') seen.missing++
        cursor = event.id
        onEvent(++events)
        if (event.data === '[DONE]') return { outcome: error === undefined ? 'done' : 'error' }
        const chunk = JSON.parse(event.data) as Chunk
        if (chunk.type === 'start') seen.starts++
        if (chunk.type === 'text-delta') text += chunk.delta
        if (chunk.type === 'error') error = chunk.errorText
        return undefined
      },
    })
    session.start(knownOf(`cluster-${index}-${Math.random().toString(36).slice(2).padEnd(14, '0')}`), prompt)
  })
}
