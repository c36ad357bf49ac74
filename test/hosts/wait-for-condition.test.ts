import { expect, test } from 'vitest'
import { waitForCondition } from './wait-for-condition.js'

const report = async () => 'text: so far'

test('what a condition gives is returned, whatever it threw before', async () => {
  let turn = 0
  const condition = () => {
    if (turn++ < 2) throw new Error('not there')
    return 'there'
  }
  expect(await waitForCondition(condition, { report })).toBe('there')
})

test('a wait in vain tells what was awaited, the last error, and the state', async () => {
  const condition = () => Promise.reject(new Error('no element matches .x'))
  await expect(waitForCondition(condition, { timeoutMs: 50, what: 'the x', report })).rejects.toThrow(
    /50 ms waiting for the x\nlast error: Error: no element matches \.x\ntext: so far$/,
  )
})

test('a condition that never answers, and a state that can not be told, hide nothing', async () => {
  const waiting = waitForCondition(() => new Promise<boolean>(() => undefined), {
    timeoutMs: 50,
    what: 'the answer',
    report: () => Promise.reject(new Error('the page is gone')),
  })
  await expect(waiting).rejects.toThrow(
    /waiting for the answer\nlast error: .*no answer.*\n.*the page is gone/,
  )
})
