import { constants } from 'node:os'
import { expect, it } from 'vitest'
import { sqlStateOf } from '../../../../src/server/log/postgres/sql-state.js'

it('takes the codes of Postgres, of every kind of class', () => {
  for (const code of ['57P01', '25006', '40001', '53100', 'HV00J', 'P0001', 'XX000', 'F0000'])
    expect(sqlStateOf(Object.assign(new Error('no'), { code }))).toBe(code)
})

it('takes no failure of a connection for one, whatever the system calls it', () => {
  for (const code of Object.keys(constants.errno)) expect(sqlStateOf({ code })).toBe('')
  for (const thrown of [undefined, null, 'EPIPE', {}, { code: 5 }]) expect(sqlStateOf(thrown)).toBe('')
})
