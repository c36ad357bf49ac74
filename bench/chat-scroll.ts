/**
 * A conversation of 500 answers in the demo's chat on H5: somebody scrolls by the wheel from its end to its beginning,
 * where older messages are put in as they come near, and back, on a CPU that the browser makes four times slower. Counted
 * are the tasks of the page's thread over 50 ms: time of the thread, so that waits for a core are none.
 */
import type { AddressInfo } from 'node:net'
import { createDemoServer } from '../scripts/demo-server.js'
import { storedConversation } from '../test/helpers/stored-conversation.js'
import { buildDemo } from '../test/hosts/build.js'
import { launchChromium } from '../test/hosts/chromium/launch-chromium.js'
import type { Page } from '../test/hosts/chromium/page.js'
import { rounded, type BenchResult } from './bench.js'
import { startTaskTrace, type Task } from './task-times.js'

const ANSWERS = 500
const SLOWER = 4
const LONG_MS = 50
/** Of the wheel, in CSS pixels, and the time between two of its events. */
const STEP = 240
const EVERY_MS = 32

const answer = (index: number) =>
  `第 ${index} 个回答，有 **重点** 和 \`code\`。${'这里是一段普通的话，长短和回答里的差不多。'.repeat(3)}

- 第一点，说明一下
- 第二点，也说明一下

${index % 10 ? '' : '| 名称 | 数值 |\n| --- | ---: |\n| a | 1 |\n| b | 2 |\n\n```ts\nexport const answer = 42\n```\n'}`

/** Turns the wheel until nothing moves any more. */
async function scroll(page: Page, step: number): Promise<void> {
  const place = () =>
    page.evaluate(() => {
      const content = document.querySelector('.chat-messages__scroll .uni-scroll-view-content')
      const { scrollTop, scrollHeight } = content?.parentElement as HTMLElement
      return `${Math.round(scrollTop)} ${scrollHeight}`
    })
  let before = ''
  for (let still = 0; still < 30;) {
    for (let turn = 0; turn < 10; turn++) {
      await page.send('Input.dispatchMouseEvent', {
        type: 'mouseWheel',
        x: 700,
        y: 300,
        deltaX: 0,
        deltaY: step,
      })
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
    const now = await place()
    still = now === before ? still + 10 : 0
    before = now
  }
}

const long = (tasks: readonly Task[]) => tasks.filter(({ cpuMs }) => cpuMs > LONG_MS)

export default async function chatScroll(): Promise<BenchResult> {
  const demo = createDemoServer(await buildDemo('h5'), {})
  await new Promise<void>((listening) => demo.server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(demo.server.address() as AddressInfo).port}/`
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.setViewport({ width: 1280, height: 800 })
    await page.goto(url)
    await page.waitFor(() => document.querySelector('.chat__greeting') !== null)
    await page.evaluate(
      (all: Record<string, string>) => {
        localStorage.clear()
        for (const [key, text] of Object.entries(all)) localStorage.setItem(key, text)
      },
      storedConversation(ANSWERS, answer),
    )
    await page.reload()
    await page.waitFor((end: string) => document.body.innerText.includes(end), {}, `第 ${ANSWERS - 1} 个回答`)
    await new Promise((resolve) => setTimeout(resolve, 1_000))

    await page.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
    const rows = []
    const ratios: Record<string, number> = {}
    for (const [way, step] of [
      ['up', -STEP],
      ['down', STEP],
    ] as const) {
      const stop = await startTaskTrace(page)
      await page.evaluate(() => void performance.mark('first piece'))
      await scroll(page, step)
      const tasks = await stop()
      const inPage = await page.evaluate(() => document.querySelectorAll('.chat-message').length)
      const end = way === 'up' ? '第 0 个问题' : `第 ${ANSWERS - 1} 个回答`
      if (!(await page.text()).includes(end)) throw new Error(`${end} was not reached`)
      const longest = Math.max(...tasks.map(({ cpuMs }) => cpuMs))
      const subject = `500 answers, ${way}`
      const over = long(tasks).length
      rows.push({
        subject,
        metric: 'long_tasks_cpu',
        value: over,
        unit: `over ${LONG_MS} ms, CPU ÷ ${SLOWER}`,
      })
      rows.push({ subject, metric: 'longest_task', value: rounded(longest), unit: `ms, CPU ÷ ${SLOWER}` })
      rows.push({ subject, metric: 'messages_in_page', value: inPage, unit: `of ${ANSWERS * 2}` })
      ratios[`long_tasks_${way}`] = over
    }
    if (page.errors.length) throw new Error(page.errors.join('\n'))
    return { rows, ratios }
  } finally {
    await browser.close()
    await demo.close()
  }
}
