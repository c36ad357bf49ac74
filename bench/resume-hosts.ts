import { fileURLToPath } from 'node:url'
import { bundlePage } from '../test/helpers/bundle-page.js'
import { eventually } from '../test/helpers/eventually.js'
import { launchApp } from '../test/hosts/app/launch-app.js'
import { buildFixture } from '../test/hosts/build.js'
import { launchChromium } from '../test/hosts/chromium/launch-chromium.js'
import type { ResumeClient } from './resume-client.js'
import { BEFORE, type Lab } from './resume-lab.js'

/** Clients that run elsewhere than in this process. */
export interface ResumeHost {
  resume(transport: string, channelId: string): Promise<number>
  close(): Promise<void>
}

type Call = <Name extends keyof ResumeClient>(
  name: Name,
  ...args: Parameters<ResumeClient[Name]>
) => Promise<ReturnType<ResumeClient[Name]>>

/** The script of a page or of a service layer. */
export const resumeScript = () => bundlePage(fileURLToPath(new URL('resume-client.ts', import.meta.url)))

async function resumeIn(call: Call, lab: Lab, transport: string, channelId: string): Promise<number> {
  await call('begin', transport, lab.base, channelId)
  await eventually('what was written before', () => call('hasRead', `旧${BEFORE - 1} `))
  await call('hide')
  await lab.release(channelId)
  await call('show')
  await eventually('the first new delta', async () => (await call('resumedMs')) > 0)
  const resumedMs = await call('resumedMs')
  await call('leave')
  return resumedMs
}

/** A page of the lab's own origin. */
export async function openPage(lab: Lab): Promise<ResumeHost> {
  const browser = await launchChromium()
  const page = await browser.newPage(lab.page)
  const call: Call = (name, ...args) =>
    page.evaluate(
      (method: string, given: unknown[]) =>
        (Reflect.get(globalThis, method) as (...all: unknown[]) => never)(...given),
      ...([name, args as unknown[]] as const),
    )
  return {
    resume: (transport, channelId) => resumeIn(call, lab, transport, channelId),
    close: () => browser.close(),
  }
}

/** An App, whose pages are of another origin. */
export async function openApp(lab: Lab): Promise<ResumeHost> {
  const browser = await launchChromium()
  const app = await launchApp(browser, await buildFixture('app'))
  await app.start()
  await app.runInService(await resumeScript())
  const call: Call = (name, ...args) => app.callService(name, ...args)
  return {
    resume: (transport, channelId) => resumeIn(call, lab, transport, channelId),
    async close() {
      await app.close()
      await browser.close()
    },
  }
}
