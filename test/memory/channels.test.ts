import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('./channels.ts', import.meta.url))

async function measure(...args: string[]): Promise<{ alive: number; grownBytes: number }> {
  const node = ['--expose-gc', '--import', 'tsx', script, ...args]
  const { stdout } = await promisify(execFile)(process.execPath, node, { timeout: 150_000 })
  return JSON.parse(stdout) as { alive: number; grownBytes: number }
}

const MB = 1024 * 1024

test('200 channels run and disposed are collected, all of them, and the heap does not grow', async () => {
  const { alive, grownBytes } = await measure()
  expect(alive).toBe(0)
  expect(grownBytes).toBeLessThan(2 * MB)
})

test('the same, held on to, shows: the measurement can fail', async () => {
  const { alive, grownBytes } = await measure('--hold')
  expect(alive).toBe(200)
  expect(grownBytes).toBeGreaterThan(10 * MB)
})
