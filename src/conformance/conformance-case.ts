/** What a server can reach, from the least to the whole protocol. A level counts when all below it hold too. */
export const LEVELS = ['plain', 'stoppable', 'resumable', 'gaps', 'guarded'] as const

export type Level = (typeof LEVELS)[number]

/**
 * One promise of docs/protocol.md and how it is tried. Cases are data: a runner in any language can read them.
 *
 * Texts may hold names in braces. `{whole}` is the id of the channel recorded as `whole`, `{whole.first}` and
 * `{whole.last}` the ids of its first and last event, `{whole.1}` that of its event 1, `{whole.epoch}` what stands
 * before the number. `{proposal}` is a new id, `{unknown}` an id that nobody has.
 */
export interface ConformanceCase {
  /** Permanent, in kebab-case. */
  readonly name: string
  readonly level: Level
  /** `advice` is told and never lowers the level. Default `duty`. */
  readonly weight?: 'duty' | 'advice'
  /** What the server does, as a sentence. */
  readonly promise: string
  /** What to do where it does not, as a sentence. */
  readonly cure: string
  /** Left out where the runner was not told of such credentials. */
  readonly credentials?: 'user' | 'other user'
  readonly steps: readonly Step[]
}

export type Step =
  | {
      readonly kind: 'send'
      readonly send: Sending
      /** The client hangs up after so many events. Default: it reads to the end. */
      readonly until?: number
      /** Keeps what came under this name. */
      readonly record?: string
      /** What came goes on behind what this recording has. */
      readonly append?: string
      /** The connection stays open for a later `rest`; `record` names it. */
      readonly hold?: true
      readonly expect: Expectation
    }
  /** Reads a connection on that was held. */
  | { readonly kind: 'rest'; readonly of: string; readonly expect: Expectation }
  /** Looks at what was recorded. */
  | { readonly kind: 'look'; readonly at: string; readonly expect: Expectation }

export interface Sending {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Behind the address of the server. Default: nothing. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  /** `start`: what makes this server answer. `large`: that, and 8 MiB more. `json` goes as it is. */
  readonly body?: 'start' | 'large' | { readonly text: string; readonly type: string }
  /** Whose credentials go along. Default `user`. */
  readonly as?: 'user' | 'other user' | 'nobody'
}

export type Outcome = 'done' | 'stopped' | 'error'

export interface Expectation {
  /** One of these. Default: 200. */
  readonly status?: readonly number[]
  /** Of the head: a regular expression for each header, upper and lower case alike. */
  readonly headers?: Readonly<Record<string, string>>
  /** `error.code` of the body. */
  readonly code?: string
  /** Of the body's JSON: a text that is equal, or the kind of value. */
  readonly fields?: Readonly<Record<string, { readonly is: string } | 'cursor' | 'number' | 'list'>>
  readonly events?: EventsExpectation
}

export interface EventsExpectation {
  readonly atLeast?: number
  /** Every `data` is JSON, or `[DONE]`. */
  readonly data?: 'json'
  /** Every id is `<epoch>_<seq>`, one epoch, numbers without a hole, behind this cursor or from 0. */
  readonly ids?: { readonly after: string } | 'from 0'
  /** They are those of a recording, from this place on, up to where was read. */
  readonly same?: { readonly as: string; readonly from: number }
  /** An `event: gap` without an id comes first. */
  readonly gapFirst?: true
  /** How the run ended, as the last events say. */
  readonly outcome?: Outcome
}
