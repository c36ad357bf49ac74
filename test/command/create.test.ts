import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { startStaticServer } from '../hosts/static-server.js'
import { buildPackage } from '../package/build-package.js'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Below the repository: its node_modules has the compiler and Vue, which `npm install` would bring. */
const project = join(ROOT, '.cache/created/My App')

let command: string
let server: ChildProcess | undefined
let browser: Browser

beforeAll(async () => {
  const folder = await buildPackage()
  command = join(folder, 'lib/command/main.js')
  rmSync(join(ROOT, '.cache/created'), { recursive: true, force: true })
  mkdirSync(join(ROOT, '.cache/created'), { recursive: true })
  await run(process.execPath, [command, 'create', project])
  mkdirSync(join(project, 'node_modules'))
  symlinkSync(folder, join(project, 'node_modules/uni-sse-channel'))
  browser = await launchChromium()
  // The package may have to be built first.
}, 600_000)
afterAll(async () => {
  await browser.close()
  server?.kill()
})

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
    dependencies: Record<string, string>
  }

it('names the project after its folder, and asks for the package that made it', () => {
  const { name, dependencies } = manifestOf(project)
  expect(name).toBe('my-app')
  expect(dependencies['uni-sse-channel']).toBe(`^${manifestOf(ROOT).version}`)
  expect(existsSync(join(project, '.gitignore'))).toBe(true)
})

it('leaves a folder alone in which there is something', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'taken-'))
  writeFileSync(join(folder, 'mine.txt'), 'mine')
  const refused = await run(process.execPath, [command, 'create', folder]).catch(
    (error: { code: number; stderr: string }) => error,
  )
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('is not empty') as string })
  expect(existsSync(join(folder, 'package.json'))).toBe(false)
})

it('asks for packages of the versions that this repository is tested with', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  const { dependencies } = manifestOf(project)
  for (const [name, version] of Object.entries(dependencies))
    if (name.startsWith('@dcloudio/') || name === 'vue')
      expect([name, version]).toEqual([name, devDependencies[name]])
})

it('makes a chat that builds for H5, and whose server answers', async () => {
  server = spawn(process.execPath, ['server.js'], { cwd: project, env: { ...process.env, PORT: '0' } })
  const address = await new Promise<string>((resolve) =>
    server?.stdout?.on('data', (said: Buffer) => resolve(said.toString().trim())),
  )
  const output = join(project, 'dist/build/h5')
  await run(process.execPath, [join(ROOT, 'node_modules/@dcloudio/vite-plugin-uni/bin/uni.js'), 'build'], {
    cwd: project,
    // A test run sets NODE_ENV and VITEST; the build must be what a user gets.
    env: {
      ...process.env,
      NODE_ENV: 'production',
      VITEST: undefined,
      UNI_INPUT_DIR: undefined,
      VITE_CHAT_URL: address,
    },
  })
  const site = await startStaticServer({ folder: output })
  const page = await browser.newPage()
  await page.goto(site.url)
  await page.waitFor(() => document.querySelector('.chat__input input') !== null)
  await page.type('.chat__input input', 'Hello')
  await page.click('.chat__send')
  await page.waitFor(() => document.querySelector('.chat__assistant .streaming-text__body') !== null)
  await page.waitFor(
    () =>
      document.querySelector('.streaming-text__stop') === null &&
      (document.querySelector('.streaming-text__body')?.textContent?.length ?? 0) > 100,
    { timeoutMs: 120_000 },
  )
  expect(await page.text()).toContain('Hello')
  expect(page.errors).toEqual([])
  await page.close()
  await site.close()
  // With a build on a machine that has much else to do.
}, 600_000)
