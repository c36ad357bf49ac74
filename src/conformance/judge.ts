import { parseCursor } from '../core/cursor.js'
import type { Answer } from './ask.js'
import type { Expectation } from './conformance-case.js'
import { judgeEvents } from './judge-events.js'
import type { Recordings } from './recordings.js'

/** What is wrong with an answer, one sentence each; nothing: it is as expected. @param complete it was read to the end */
export function judge(
  answer: Answer,
  expected: Expectation,
  recordings: Recordings,
  complete: boolean,
): string[] {
  const { status = [200], headers = {}, code, fields = {}, events } = expected
  // Of another answer nothing more is to be said.
  if (!status.includes(answer.status)) return [`It answered ${answer.status}, not ${status.join(' or ')}.`]
  const wrong = Object.entries(headers).map(([name, pattern]) => judgeHeader(answer, name, pattern))
  if (answer.broken !== undefined) wrong.push(answer.broken)
  const body = code !== undefined || Object.keys(fields).length > 0 ? bodyOf(answer.text) : {}
  if (!body) wrong.push('The body is no JSON object.')
  else {
    if (code !== undefined) wrong.push(judgeError(body.error, code))
    for (const [name, kind] of Object.entries(fields)) wrong.push(judgeField(name, body[name], kind))
  }
  return [
    ...wrong.filter((sentence): sentence is string => sentence !== undefined),
    ...(events ? judgeEvents(answer.events, events, recordings, complete) : []),
  ]
}

function judgeHeader(answer: Answer, name: string, pattern: string): string | undefined {
  const value = answer.headers[name]
  if (value === undefined) return `The header ${name} is missing.`
  // In ids upper and lower case differ; names and types are the same in both.
  if (!new RegExp(pattern, name === 'x-channel-id' ? '' : 'i').test(String(value)))
    return `The header ${name} is ${JSON.stringify(value)}.`
}

function judgeError(error: unknown, code: string): string | undefined {
  const { code: actual, message } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly code?: unknown
    readonly message?: unknown
  }
  if (actual !== code) return `The body's error.code is ${JSON.stringify(actual) ?? 'missing'}, not ${code}.`
  if (typeof message !== 'string') return "The body's error.message is missing."
}

function judgeField(
  name: string,
  value: unknown,
  kind: { readonly is: string } | 'cursor' | 'number' | 'list',
): string | undefined {
  const isRight =
    kind === 'cursor'
      ? typeof value === 'string' && parseCursor(value) !== undefined
      : kind === 'number'
        ? typeof value === 'number'
        : kind === 'list'
          ? Array.isArray(value)
          : value === kind.is
  if (isRight) return undefined
  const due = typeof kind === 'string' ? `a ${kind}` : JSON.stringify(kind.is)
  return `"${name}" is ${JSON.stringify(value) ?? 'missing'}, not ${due}.`
}

function bodyOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
