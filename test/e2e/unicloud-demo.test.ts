import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryLog } from 'uni-sse-channel/server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createDemoServer, type DemoServer } from '../../scripts/demo-server.js'
import { createLocalCloud, type LocalCloud } from '../../scripts/local-cloud/cloud/create-local-cloud.js'
import { localCloudEnv } from '../../scripts/local-cloud/local-cloud-env.js'
import { buildUniApp, DEMO_INPUTS } from '../hosts/build.js'
import { type Browser, launchChromium } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'

// What npm start serves: the demo with its page of uniCloud, and a cloud on the page's own origin.
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

let browser: Browser
let build: string
// A build, on a machine that builds others meanwhile.
beforeAll(async () => {
  browser = await launchChromium()
  build = await buildUniApp({
    platform: 'h5',
    input: ROOT,
    output: join(ROOT, '.cache/demo-with-local-cloud'),
    watched: [...DEMO_INPUTS, 'scripts/local-cloud'].map((name) => join(ROOT, name)),
    env: localCloudEnv(),
  })
}, 900_000)
afterAll(() => browser.close())

let cloud: LocalCloud
let demo: DemoServer
let page: Page
beforeEach(async () => {
  cloud = await createLocalCloud({ functions: [join(ROOT, 'uniCloud-aliyun/cloudfunctions')] })
  demo = createDemoServer(build, {}, memoryLog(), cloud)
  await new Promise<void>((listening) => demo.server.listen(0, '127.0.0.1', listening))
  page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(demo.server.address() as AddressInfo).port}/`)
  await page.waitFor(() => {
    const links = [...document.querySelectorAll<HTMLElement>('.chat__link')]
    const link = links.find(({ textContent }) => /云任务|Cloud task/.test(textContent ?? ''))
    link?.click()
    return link !== undefined
  })
  await page.waitFor(() => document.querySelectorAll('.task').length === 2)
  await page.waitFor(() => localStorage.getItem('getui_cid') !== null)
  // Registered is not yet logged in: what is pushed before that is lost, and read from the log.
  await expect.poll(() => cloud.push.online.length).toBe(1)
})
afterEach(async () => {
  await page.evaluate(() => localStorage.clear())
  await page.close()
  await demo.close()
})

const start = (task: number) =>
  page.evaluate((index: number) => {
    document.querySelectorAll('.task')[index]!.querySelector<HTMLElement>('.task__start')!.click()
  }, task)
const shows = (task: number, text: string) =>
  page.waitFor(
    (index: number, wanted: string) =>
      document.querySelectorAll<HTMLElement>('.task')[index]?.innerText.includes(wanted) === true,
    {},
    task,
    text,
  )
const steps = (task: number) =>
  page.evaluate(
    (index: number) =>
      [...document.querySelectorAll('.task')[index]!.querySelectorAll<HTMLElement>('.task__step')].map(
        (step) => step.innerText.replace(/[✓\s]+/g, ' ').trim(),
      ),
    task,
  )
const calls = (name: string) => cloud.calls.filter((call) => call.name === name)
const ALL = [...Array.from({ length: 10 }, (_, index) => `step ${index + 1} of 10 done`), 'all done']

test('function and object report every step once, also through a reload in the middle', async () => {
  await start(0)
  await start(1)
  await shows(0, 'step 2 of 10')
  await shows(1, 'step 2 of 10')
  await page.reload()
  await shows(0, '100%')
  await shows(1, '100%')
  expect([await steps(0), await steps(1)]).toEqual([ALL, ALL])
  expect([calls('massive-task').length, calls('massive-task-obj').length]).toEqual([1, 1])
})

test('steps come by push while they are made, without a read of the log', async () => {
  await start(0)
  await shows(0, 'step 2 of 10')
  expect(calls('sse-channel-reader')).toEqual([])
})

test('stop ends the run on the page and in the function', async () => {
  await start(0)
  await shows(0, 'step 1 of 10')
  await page.evaluate(() => document.querySelector<HTMLElement>('.task__stop')!.click())
  await page.waitFor(() => document.querySelector('.task__bar--stopped') !== null)
  // Somebody else looks into the log: the function was told.
  const stopped = () => cloud.push.pushes.some(({ message }) => message.includes('"last":"stopped"'))
  await page.waitFor(() => document.querySelector('.task__start') !== null)
  await expect.poll(stopped).toBe(true)
  expect((await steps(0)).length).toBeLessThan(10)
})
