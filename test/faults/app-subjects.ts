import { fileURLToPath } from 'node:url'
import { bundlePage } from '../helpers/bundle-page.js'
import { launchApp, type AppPage } from '../hosts/app/launch-app.js'
import { buildFixture } from '../hosts/build.js'
import { launchChromium } from '../hosts/chromium/launch-chromium.js'
import type { ClientRun, ClientRunOptions } from './client-run.js'
import { dyingPages, randomScenario, type PageDeath } from './scenario.js'
import type { Runner, Subject } from './subjects.js'

/** A page that stands still is given a second of the wall's clock before another is asked. */
const FIRST_BYTE_MS = 40_000

const [ROOT, ABOVE] = ['pages/index/index', 'pages/detail/detail']

/** An App whose service layer runs clients; as many at once as are wanted. */
interface App {
  run(options: ClientRunOptions): Promise<ClientRun>
  close(): Promise<void>
}

async function openApp(): Promise<App> {
  const script = await bundlePage(fileURLToPath(new URL('app-service.ts', import.meta.url)))
  const browser = await launchChromium()
  const app = await launchApp(browser, await buildFixture('app'))
  await app.start()
  await app.runInService(script)

  return {
    async run(options) {
      const index = await app.callService<number>('beginRun', { ...options, firstByteMs: FIRST_BYTE_MS })
      const undo: (() => Promise<void>)[] = []
      const { pages } = options.scenario
      for (const page of [...pages].sort((a, b) => a.after - b.after))
        undo.push(await strike(app, index, page))
      await app.waitFor(() => app.callService<boolean>('isOver', index), {
        what: `the end of run ${JSON.stringify(options.scenario)}`,
        timeoutMs: 120_000,
      })
      for (const each of undo) await each()
      return app.callService<ClientRun>('resultOf', index)
    },
    async close() {
      await app.close()
      await browser.close()
    },
  }
}

/** Takes the page that streams away, as soon as so many events have come. Returns what makes it good again. */
async function strike(app: AppPage, run: number, { after, kind }: PageDeath) {
  const nothing = () => Promise.resolve()
  if ((await app.pages()).length < 2) await app.navigateTo(ABOVE)
  await app.waitFor(
    async () =>
      (await app.callService<number>('deliveredOf', run)) >= after ||
      (await app.callService<boolean>('isOver', run)),
    { what: `event ${after}` },
  )
  const [root] = await app.pages()
  if (!root) throw new Error('an app without pages')
  if (kind === 'close') await app.reLaunch(ROOT)
  else if (kind === 'reload') await app.crash(root.webView)
  else {
    await app.stall(root.webView)
    return async () => {
      // Unless it was closed meanwhile.
      const open = (await app.pages()).some(({ webView }) => webView === root.webView)
      if (open) await app.unstall(root.webView)
    }
  }
  return nothing
}

/** All runners of a subject share one app: what matters is which origin they ask. */
function sharedApp(): Subject['open'] {
  let app: Promise<App> | undefined
  let users = 0
  return async (): Promise<Runner> => {
    users++
    app ??= openApp()
    const opened = await app
    return {
      run: (options) => opened.run(options),
      async close() {
        if (--users > 0) return
        app = undefined
        await opened.close()
      },
    }
  }
}

export const appView: Subject = {
  name: 'app-view',
  transport: 'app-view',
  readOnly: false,
  lanes: 4,
  // Its pages have another origin: CORS asks before each.
  preflights: 1,
  faults: 'cuts',
  random: randomScenario,
  open: sharedApp(),
}

export const appViewPages: Subject = {
  name: 'app-view, pages die',
  transport: 'app-view',
  readOnly: false,
  // One app has one root page.
  lanes: 1,
  preflights: 1,
  faults: 'chance',
  random: dyingPages,
  open: sharedApp(),
}
