import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build, createLogger, type Plugin } from 'vite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { missingEasycom } from '../../src/vite/missing-easycom.js'

const PAGE = '<template><streaming-text :content="text" /></template>'
const RULE = 'uni-sse-channel/components/$1/$1.vue'
const COMPONENT = 'components/streaming-text/streaming-text.vue'

beforeEach(() => void vi.stubEnv('NODE_ENV', 'development'))
afterEach(() => void vi.unstubAllEnvs())

/** What a build of two pages warns of. */
async function warnings(files: Readonly<Record<string, string>>, others: readonly Plugin[] = []) {
  const root = mkdtempSync(join(tmpdir(), 'easycom-'))
  const all = { 'pages.json': '{ "pages": [] }', 'one.vue': PAGE, 'two.vue': PAGE, ...files }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  vi.stubEnv('UNI_INPUT_DIR', root)
  const said: string[] = []
  const compiler: Plugin = {
    name: 'pages',
    transform: (_code, id) => (id.endsWith('.vue') ? 'console.log(1)' : null),
  }
  await build({
    root,
    configFile: false,
    mode: 'development',
    customLogger: { ...createLogger('silent'), warn: (text) => said.push(text) },
    plugins: [missingEasycom(), compiler, ...others],
    build: { write: false, rollupOptions: { input: [join(root, 'one.vue'), join(root, 'two.vue')] } },
  })
  return said.filter((text) => text.includes('uni-sse-channel'))
}

test('a page with the component and no rule for it is told once, with the rule', async () => {
  const said = await warnings({})
  expect(said).toHaveLength(1)
  expect(said[0]).toMatch(/(?:one|two)\.vue/)
  expect(said[0]).toContain(RULE)
})

test('a rule for another component does not help', async () => {
  expect(
    await warnings({ 'pages.json': '{ "easycom": { "custom": { "^u-(.*)": "u/$1.vue" } } }' }),
  ).toHaveLength(1)
})

test('a rule that is commented out does not help', async () => {
  expect(await warnings({ 'pages.json': `{\n// "^streaming-text$": "${RULE}"\n}` })).toHaveLength(1)
})

test.each<[string, Readonly<Record<string, string>>]>([
  ['a rule', { 'pages.json': `{ "easycom": { "custom": { "^streaming-text$": "${RULE}" } } }` }],
  ['a rule for many', { 'pages.json': '{ "easycom": { "custom": { "^(streaming-.*)": "x/$1/$1.vue" } } }' }],
  ['a folder of its own', { [COMPONENT]: '' }],
  ['the module from the market', { [`uni_modules/uni-sse-channel/${COMPONENT}`]: '' }],
  ['a registration in main.ts', { 'main.ts': "app.component('streaming-text', StreamingText)" }],
])('%s finds it: nothing is said', async (_name, files) => {
  expect(await warnings(files)).toEqual([])
})

test('each of the components is meant, but not one of the same name that a page brings itself', async () => {
  const page = '<template><chat-composer /></template>'
  const said = await warnings({ 'one.vue': page, 'two.vue': '<template />' })
  expect(said).toHaveLength(1)
  expect(said[0]).toContain('<chat-composer>')
  const own = `<script setup>import ChatComposer from './field.vue'</script>${page}`
  expect(await warnings({ 'one.vue': own, 'two.vue': '<template />' })).toEqual([])
})

test('where another plugin imports components nothing is said', async () => {
  expect(await warnings({}, [{ name: 'unplugin-vue-components' }])).toEqual([])
})

test('nothing is said in production', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  expect(await warnings({})).toEqual([])
})
