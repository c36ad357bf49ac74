import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { chineseErrorTexts } from '../scripts/errors-doc/chinese-error-texts.js'
import { errorsDocs } from '../scripts/errors-doc.js'
import { ChannelError, toChannelError } from '../src/core/channel-error.js'
import { errorCodes, isErrorCode, type ErrorCode } from '../src/core/error-codes.js'
import { errorTexts } from '../src/core/error-texts.js'

const codes = Object.keys(errorCodes) as ErrorCode[]

test.each([...errorsDocs])('%s is what scripts/errors-doc.ts writes', (path, text) => {
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('both pages list exactly the codes there are, each with why and what to do', () => {
  const languages = [errorTexts, chineseErrorTexts]
  for (const [index, text] of [...errorsDocs.values()].entries()) {
    expect([...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual(codes)
    for (const code of codes) {
      const section = text.split(`## ${code}\n`)[1]?.split('\n## ')[0]
      expect(section).toContain(languages[index]?.[code]?.why ?? `no ${code} in Chinese`)
      expect(section).toContain(languages[index]?.[code]?.fix ?? '')
    }
  }
})

test('every why and fix is a whole sentence', () => {
  for (const code of codes) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
    for (const text of [errorTexts[code].why, errorTexts[code].fix]) expect(text).toMatch(/^[A-Za-z].*\.$/)
  }
})

test('an error says why and what to do, and lets neither cause nor stack out', () => {
  const error = new ChannelError('RATE_LIMITED', undefined, { status: 429, cause: new Error('secret') })
  expect(error).toBeInstanceOf(Error)
  expect(error).toBeInstanceOf(ChannelError)
  expect(error.message).toBe(`${errorTexts.RATE_LIMITED.why} ${errorTexts.RATE_LIMITED.fix}`)
  expect(error).toMatchObject({ name: 'ChannelError', retryable: true, status: 429, retryAfterMs: undefined })
  expect(JSON.parse(JSON.stringify(error))).toEqual({ code: 'RATE_LIMITED', message: error.message })
})

test('toChannelError keeps what is one already and wraps the rest', () => {
  const error = new ChannelError('FORBIDDEN')
  expect(toChannelError(error, 'CONNECTION_LOST')).toBe(error)
  const cause = new TypeError('fetch failed')
  expect(toChannelError(cause, 'CONNECTION_LOST')).toMatchObject({ code: 'CONNECTION_LOST', cause })
  expect(toChannelError('text', 'CONNECTION_LOST').message).toContain('text')
})

test('only codes of the table are codes', () => {
  expect(isErrorCode('FORBIDDEN')).toBe(true)
  for (const value of ['toString', 'forbidden', '', undefined, 403]) expect(isErrorCode(value)).toBe(false)
})
