import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHandler, createHub, memoryLog } from '../../src/server/index.js'
import { listen, unlisten } from '../helpers/listen.js'
import { launchApp } from '../hosts/app/launch-app.js'
import type { BuildPlatform } from '../hosts/build.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { createMiniProgram } from '../hosts/mini-program/create-mini-program.js'
import { startStaticServer } from '../hosts/static-server.js'
import { buildPackage } from './build-package.js'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** All that HBuilderX brings itself. */
const BROUGHT = ['vue', '@vue', 'vue-router', 'vite', '@dcloudio']
/** Of a build on a machine with much else to do. */
const BUILD_MS = 600_000
const ANSWER = ['# 标题\n\n', '第一段，**粗体**。\n\n', '- 一\n', '- 二\n\n', '到这里结束。']

const handler = createHandler(createHub({ log: memoryLog() }), {
  basePath: '/api/chat',
  cors: '*',
  start: () =>
    async function* () {
      yield { type: 'text-start', id: '1' }
      for (const delta of ANSWER) yield { type: 'text-delta', id: '1', delta }
      yield { type: 'text-end', id: '1' }
    },
})
const api = createServer(handler)

let address: string
let folder: string
let project: string
let compiler: string
let browser: Browser

/** HBuilderX's own layout: the compiler beside its plugins, and a project that has no packages at all. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hbuilderx-'))
  project = join(folder, 'project')
  compiler = join(folder, 'plugins/uniapp-cli-vite')
  cpSync(join(ROOT, 'test/package/hbuilderx-app'), project, { recursive: true })
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  // The compiler looks here for its platforms.
  const brought = Object.keys(devDependencies).filter((name) => name.startsWith('@dcloudio/'))
  write('plugins/about/package.json', { name: 'about' })
  write('plugins/uniapp-cli-vite/package.json', {
    devDependencies: Object.fromEntries(brought.map((name) => [name, '*'])),
  })
  for (const name of BROUGHT) {
    const link = join(compiler, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules', name), link)
  }
  renameSync(join(project, 'vite.config.js'), join(compiler, 'vite.config.js'))
  const module = join(project, 'uni_modules/uni-sse-channel')
  const build = ['tsx', 'scripts/build-uni-modules.ts', module, join(await buildPackage(), 'lib')]
  await run('npx', build, { cwd: ROOT })
  address = `http://127.0.0.1:${await listen(api)}`
  browser = await launchChromium()
  // The package may have to be built first.
}, 600_000)
afterAll(async () => {
  await browser.close()
  await unlisten(api)
  rmSync(folder, { recursive: true, force: true })
})

function write(path: string, value: object): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), JSON.stringify(value))
}

/** The folder of a build, and what the compiler said. */
async function build(platform: BuildPlatform): Promise<string> {
  const output = join(project, 'unpackage', platform)
  // For App HBuilderX wants its compiler of UTS too, which nothing here needs: this one build is as of the command line.
  if (platform === 'app') {
    rmSync(join(folder, 'plugins/about'), { recursive: true })
    symlinkSync(join(compiler, 'node_modules'), join(project, 'node_modules'))
    cpSync(join(compiler, 'vite.config.js'), join(project, 'vite.config.js'))
  }
  const { stdout, stderr } = await run(
    process.execPath,
    [join(compiler, 'node_modules/@dcloudio/vite-plugin-uni/bin/uni.js'), 'build', '-p', platform],
    {
      cwd: compiler,
      // A test run sets NODE_ENV and VITEST; the build must be what a user gets.
      env: {
        ...process.env,
        NODE_ENV: 'production',
        VITEST: undefined,
        UNI_INPUT_DIR: project,
        UNI_OUTPUT_DIR: output,
        VITE_ROOT_DIR: project,
      },
    },
  )
  expect(stdout + stderr).not.toMatch(/\(!\)|预编译器|typescript/)
  return output
}

describe('the folder for uni_modules, without npm, builds and streams', () => {
  it(
    'on H5',
    async () => {
      // Without a server in storage the page asks its own.
      const site = await startStaticServer({ folder: await build('h5'), api: handler })
      const page = await browser.newPage()
      await page.goto(site.url)
      await page.waitFor(() => document.querySelector('.ask') !== null)
      await page.click('.ask')
      await page.waitFor(() => document.body.textContent?.includes('到这里结束') === true)
      expect(await page.evaluate(() => document.querySelector('.st-strong')?.textContent)).toBe('粗体')
      expect(page.errors).toEqual([])
      await page.close()
      await site.close()
    },
    BUILD_MS,
  )

  it(
    'on WeChat',
    async () => {
      const app = createMiniProgram(await build('mp-weixin'), { storage: { server: address } })
      await app.start('pages/index/index')
      await app.waitFor(() => app.find('.ask'))
      app.tap('.ask')
      await app.waitFor(() => app.text().includes('到这里结束'))
      expect(app.text()).toContain('粗体')
      await app.close()
    },
    BUILD_MS,
  )

  it(
    'on App',
    async () => {
      const app = await launchApp(browser, await build('app'), { storage: { server: address } })
      await app.start('pages/index/index')
      await app.waitFor(async () => (await app.count('.ask')) > 0, { what: 'the page' })
      await app.tap('.ask')
      await app.waitFor(async () => (await app.text()).includes('到这里结束'), {
        what: 'the end of the answer',
      })
      expect(await app.text()).toContain('粗体')
      expect(app.page.errors).toEqual([])
      await app.close()
    },
    BUILD_MS,
  )
})
