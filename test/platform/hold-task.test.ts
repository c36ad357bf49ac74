import { expect, test } from 'vitest'
import { holdTask } from '../../src/platform/hold-task.js'

interface Task {
  abort(): void
  speak?(): void
}

function hold(call: () => unknown) {
  const heard: string[] = []
  const task = holdTask<Task>({
    name: 'uni.request',
    endsBy: 'abort',
    call,
    given: (given) => heard.push(given ? 'task' : 'no task'),
    failed: ({ code, message }) => heard.push(`${code} ${message}`),
  })
  task.begin()
  return { heard, task }
}

const later = () => new Promise((resolve) => setTimeout(resolve))

function makeTask() {
  let aborts = 0
  return { abort: () => void aborts++, aborts: () => aborts }
}

test('a task that is given at once is ended once', () => {
  const made = makeTask()
  const { heard, task } = hold(() => made)
  expect(heard).toEqual(['task'])
  task.end()
  task.end()
  expect(made.aborts()).toBe(1)
})

test('a task that is promised is told when it comes', async () => {
  const made = makeTask()
  const { heard, task } = hold(() => Promise.resolve(made))
  expect(heard).toEqual([])
  await later()
  expect(heard).toEqual(['task'])
  task.end()
  expect(made.aborts()).toBe(1)
})

test('ended before its task came, it ends that when it comes, and tells nothing', async () => {
  const made = makeTask()
  const { heard, task } = hold(() => Promise.resolve(made))
  task.end()
  await later()
  expect(made.aborts()).toBe(1)
  expect(heard).toEqual([])
})

test('a promise that is a task too is that task, and its rejection is nobody else’s', async () => {
  const made = makeTask()
  const { heard, task } = hold(() =>
    Object.assign(Promise.reject(new Error('aborted')), { abort: made.abort }),
  )
  expect(heard).toEqual(['task'])
  task.end()
  await later()
  expect(made.aborts()).toBe(1)
})

test.each([undefined, null, 0, 'text', {}, [], { abort: true }])('%j is no task', async (given) => {
  for (const call of [() => given, () => Promise.resolve(given)]) {
    const { heard, task } = hold(call)
    await later()
    expect(heard).toEqual(['no task'])
    expect(() => task.end()).not.toThrow()
  }
})

test('a throw and a rejection are told in their own words', async () => {
  const error = new TypeError('of undefined')
  for (const call of [
    () => {
      throw error
    },
    () => Promise.reject(error),
  ]) {
    const { heard } = hold(call)
    await later()
    expect(heard).toEqual([expect.stringMatching(/^PLATFORM_REFUSED .*uni\.request: "of undefined"/)])
  }
})

test('methods of a task that throw, or promise to fail, do not get through', async () => {
  const { task } = hold(() => ({
    abort: () => Promise.reject(new Error('gone')),
    speak() {
      throw new Error('gone')
    },
  }))
  expect(() => task.use((held) => held.speak?.())).not.toThrow()
  expect(() => task.end()).not.toThrow()
  await later()
})
