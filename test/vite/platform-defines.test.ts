import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { definesFor, definesWithout, type LeaveOut } from '../../src/vite/platform-defines.js'

const index = fileURLToPath(new URL('../../src/index.ts', import.meta.url))

/** The scripts of an app that uses the composable, as they are bundled for one platform. */
async function bundleFor(
  platform: string,
  mode = 'production',
  options: LeaveOut = {},
  entry = `export { useSSEChannel } from ${JSON.stringify(index)}`,
): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: {
      ...definesFor(platform),
      ...definesWithout(options),
      'process.env.NODE_ENV': JSON.stringify(mode),
    },
    plugins: [
      {
        name: 'app',
        enforce: 'pre',
        resolveId: (id) => (id.endsWith('the-app') ? 'the-app' : null),
        load: (id) => (id === 'the-app' ? entry : null),
      },
    ],
    build: {
      write: false,
      lib: { entry: 'the-app', formats: ['es'] },
      rollupOptions: { external: ['vue', 'pinia', '@vueuse/core'] },
    },
  })
  const [result] = [built].flat()
  if (!result || !('output' in result)) throw new Error('nothing was built')
  return result.output.map((file) => ('code' in file ? file.code : '')).join('\n')
}

/** Words that only this part has. */
const parts = {
  fetch: '.getReader()',
  xhr: 'overrideMimeType',
  'the socket of a browser': 'new WebSocket(',
  'the socket of uni': 'uni.connectSocket(',
  'uni.request': 'uni.request({',
  'the stream of Douyin': 'tt.createEventSource',
  "App's pages": 'plus.webview',
  'long polls': 'waitMs',
  'sentences about push': 'Enable uni-push',
  'why a start is refused': 'while a run of this channel was still going.',
  'calls of tools': 'approval-responded',
  'what to do about it': 'Two runs at once would be billed twice.',
  'checks of options': 'as jsonDecoder, not called',
}
const everywhere = ['long polls', 'why a start is refused', 'calls of tools']
const forDevelopers = ['what to do about it', 'checks of options']
const web = ['fetch', 'xhr', 'the socket of a browser', ...everywhere]
const miniProgram = ['uni.request', 'the socket of uni', ...everywhere]

test.each([
  ['h5', web],
  ['mp-weixin', miniProgram],
  ['mp-toutiao', [...miniProgram, 'the stream of Douyin']],
  ['app', Object.keys(parts)],
  ['', Object.keys(parts)],
])('a build for "%s" has what can run there, and no more', { timeout: 300_000 }, async (platform, kept) => {
  const code = await bundleFor(platform)
  const found = Object.entries(parts).filter(([, words]) => code.includes(words))
  expect(found.map(([name]) => name).sort()).toEqual([...kept].sort())
})

test('in development an app is told what to do, too', { timeout: 300_000 }, async () => {
  const code = await bundleFor('mp-weixin', 'development')
  for (const name of forDevelopers) expect(code).toContain(parts[name as keyof typeof parts])
})

test(
  'what an app does without is not in its build, and the first way to stream is',
  { timeout: 300_000 },
  async () => {
    const code = await bundleFor('mp-weixin', 'production', { leaveOut: ['fallbacks', 'tools'] })
    const found = Object.entries(parts).filter(([, words]) => code.includes(words))
    expect(found.map(([name]) => name).sort()).toEqual(['uni.request', 'why a start is refused'])
    // What keeps account of calls is gone with them.
    expect(code).not.toContain('approvals.get(')
  },
)

test(
  'an app that says in its own words why something failed has none of ours',
  { timeout: 300_000 },
  async () => {
    const code = await bundleFor('mp-weixin', 'production', { leaveOut: ['sentences'] })
    const found = Object.entries(parts).filter(([, words]) => code.includes(words))
    const kept = miniProgram.filter((name) => name !== 'why a start is refused')
    expect(found.map(([name]) => name).sort()).toEqual([...kept].sort())
  },
)

test('what an app does without in markdown is not in its build', { timeout: 300_000 }, async () => {
  const words = { html: 'colgroup', formulas: 'eqnarray', entities: 'thetasym' }
  const engine = index.replace('index.ts', 'markdown.ts')
  const entry = `export { createMarkdown } from ${JSON.stringify(engine)}`
  const bundle = (leaveOut: NonNullable<LeaveOut['leaveOut']>) =>
    bundleFor('mp-weixin', 'production', { leaveOut }, entry)
  const [whole, least] = [await bundle([]), await bundle(['html', 'formulas', 'entities'])]
  for (const word of Object.values(words)) {
    expect(whole).toContain(word)
    expect(least).not.toContain(word)
  }
  expect(least.length).toBeLessThan(whole.length * 0.8)
})
