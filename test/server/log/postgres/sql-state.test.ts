import { expect, it } from 'vitest'
import { isForLater, isNotDone } from '../../../../src/server/log/postgres/sql-state.js'

const thrown = (code: string) => Object.assign(new Error('of Postgres'), { code })

it.each([
  { said: 'it ends', code: '57P01' },
  { said: 'it is a standby', code: '25006' },
  { said: 'two stood in each other’s way', code: '40001' },
  { said: 'no connection could be made', code: '08001' },
])('$said: nothing was done, and it may be asked again', ({ code }) => {
  expect(isForLater(code)).toBe(true)
  expect(isNotDone(thrown(code))).toBe(true)
})

it.each(['08006', '08007', '08P01'])('a connection that broke, %s, says nothing of what was done', (code) => {
  expect(isForLater(code)).toBe(true)
  expect(isNotDone(thrown(code))).toBe(false)
})

it('a server that was not reached did nothing; one that did not answer may have', () => {
  expect(isNotDone(Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' }))).toBe(
    true,
  )
  expect(isNotDone(Object.assign(new Error('reset'), { code: 'ECONNRESET', syscall: 'read' }))).toBe(false)
  expect(isForLater('23505')).toBe(false)
})
