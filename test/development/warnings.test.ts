import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen } from '../helpers/listen.js'

/** What an app with this script prints, run by Node with the environment of a mode. */
async function printed(script: string, mode: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { useSSEChannel } from './src/index.ts'\n${script}\nprocess.exit()`,
      resolveDir: '.',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'silent',
    define: mode === 'production' ? { 'process.env.NODE_ENV': '"production"' } : {},
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
  })
  return new Promise((resolve) => {
    const env = { ...process.env, NODE_ENV: mode }
    const child = execFile(process.execPath, ['--input-type=module'], { env }, (_error, out, errors) =>
      resolve(out + errors),
    )
    child.stdin?.end(outputFiles[0]?.text)
  })
}
const start = (url: string) =>
  `await useSSEChannel({ url: '${url}', reconnect: { attempts: 0 } }).start('hello').catch(() => undefined)`

const server = createServer((_request, response) => response.writeHead(404).end('nothing here'))
let base = ''
beforeAll(async () => {
  base = `http://127.0.0.1:${await listen(server)}`
})
afterAll(() => server.close())

describe('in development the console names', () => {
  test('a relative url outside H5, and what to write', async () => {
    const out = await printed(start('/api/chat'), 'development')
    expect(out).toContain('BAD_OPTIONS')
    expect(out).toContain('Address: /api/chat')
    expect(out).toContain('What to do: ')
  })

  test('a wrong url, once for all attempts', async () => {
    const out = await printed(`${start(`${base}/nowhere`)}\n${start(`${base}/nowhere`)}`, 'development')
    expect(out.match(/CHANNEL_NOT_FOUND/g)).toHaveLength(1)
    expect(out).toContain(`Address: ${base}/nowhere`)
  })

  test('an address where nobody listens, once for all attempts and the reads behind them', async () => {
    const nobody = `await useSSEChannel({ key: 'nobody', url: 'http://127.0.0.1:9/api', reconnect: { attempts: 2, baseMs: 1, capMs: 1 } }).start('hello').catch(() => undefined)`
    const out = await printed(nobody, 'development')
    expect(out.match(/\[uni-sse-channel\]/g)).toHaveLength(1)
    expect(out).toMatch(/CONNECTION_LOST: .*on a phone/)
  })

  test('options that mean nothing, a use outside of setup, and one key with two addresses', async () => {
    const out = await printed(
      `useSSEChannel({ key: 'a', url: '/one' }); useSSEChannel({ key: 'a', url: '/two' }); useSSEChannel({ retries: 3 })`,
      'development',
    )
    expect(out).toMatch(/KEY_IN_USE: .*"a".*url/)
    expect(out).toMatch(/UNKNOWN_OPTION: .*retries/)
    expect(out).toContain('OUTSIDE_SETUP')
  })
})

const LATE_PINIA = `
import { createSSEChannel, useChannelStore } from './src/index.ts'
import { createPinia } from 'pinia'
import { createSSRApp } from 'vue'
useSSEChannel({ key: 'early', url: '/one' })
const app = createSSRApp({})
app.use(createPinia()).use(createSSEChannel({ url: '/one' }))
useChannelStore()
useChannelStore()`

test('channels that were asked for before Pinia was there are named, once', async () => {
  expect((await printed(LATE_PINIA, 'development')).match(/NO_PINIA/g)).toHaveLength(1)
  expect(await printed(LATE_PINIA, 'production')).toBe('')
})

test('an app whose Pinia was there first, and one that has none, hear nothing of it', async () => {
  const first = LATE_PINIA.replace("useSSEChannel({ key: 'early', url: '/one' })", '')
  expect(await printed(first, 'development')).toBe('')
  const none = LATE_PINIA.replace('.use(createPinia())', '')
  expect(await printed(none, 'development')).toBe('')
})

test('in production it stays silent', async () => {
  const out = await printed(
    `${start('/api/chat')}\n${start(`${base}/nowhere`)}\nuseSSEChannel({ retries: 3 })`,
    'production',
  )
  expect(out).toBe('')
})
