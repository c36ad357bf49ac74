import { expect, it } from 'vitest'
import { eventually } from './eventually.js'
import { startOwnTime } from './own-time.js'

it('time passes for a process that runs, and hardly for one that is kept waiting', async () => {
  const time = startOwnTime()
  await eventually('it passes', () => time.elapsedMs >= 20)
  const before = time.elapsedMs
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
  await eventually('it passes again', () => time.elapsedMs > before)
  expect(time.elapsedMs - before).toBeLessThan(100)
  time.stop()
})

it('a wait in vain says what was awaited, as it is then', async () => {
  let state = 'at first'
  const waiting = eventually(
    () => `the end; ${state}`,
    () => false,
    30,
  )
  state = 'at last'
  await expect(waiting).rejects.toThrow('not within 30 ms: the end; at last')
})
