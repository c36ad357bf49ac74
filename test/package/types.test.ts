import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishedPackage } from '../vite/published-package.js'
import { buildPackage } from './build-package.js'

const { resolve } = createRequire(import.meta.url)
const TIMEOUT_MS = 600_000

const files: Record<string, string> = {
  'src/right.ts': `import { useChannelStore, useSSEChannel } from 'uni-sse-channel'
import { SSEClient } from 'uni-sse-channel/client'
import { createMarkdown } from 'uni-sse-channel/markdown'
import { uniCloudSource } from 'uni-sse-channel/unicloud'
import { createHandler, createHub, memoryLog } from 'uni-sse-channel/server'
import 'uni-sse-channel/math.css'
export const text: string = useSSEChannel({ url: 'https://example.com' }).text.value
export const keys: string[] = useChannelStore().channels.map(({ key }) => key)
export const handler = createHandler(createHub({ log: memoryLog() }), { start: () => async function* () {} })
export const all = [SSEClient, createMarkdown, uniCloudSource]
`,
  'src/wrong.ts': `import { useSSEChannel } from 'uni-sse-channel'
import { SSEClient } from 'uni-sse-channel/client'
import { createHub } from 'uni-sse-channel/server'
export const one: number = useSSEChannel().text.value
export const two = SSEClient.nothing
export const three = createHub({ log: 'memory' })
`,
  'src/right.vue': `<template><streaming-text :content="text" :status="status" :error="error" @stop="stop" @retry="retry" /></template>
<script setup lang="ts">
import { useSSEChannel } from 'uni-sse-channel'
const { text, status, error, stop, retry } = useSSEChannel({ key: 'a' })
</script>
`,
  'src/wrong.vue': `<template><streaming-text :content="1" status="nothing" @link="(href: number) => href" /></template>
<script setup lang="ts">
import 'uni-sse-channel'
</script>
`,
  'src/import.ts': `import StreamingText from 'uni-sse-channel/components/streaming-text/streaming-text.vue'
type Props = InstanceType<typeof StreamingText>['$props']
export const right: Props = { content: 'text', status: 'done' }
export const wrong: Props = { content: 1 }
`,
}

/** Of DCloud's template, but every type file is checked. */
const options = {
  target: 'esnext',
  module: 'esnext',
  strict: true,
  lib: ['esnext', 'dom'],
  types: [],
  jsx: 'preserve',
  skipLibCheck: false,
  noEmit: true,
}

let folder: string

beforeAll(async () => {
  const built = await buildPackage()
  folder = mkdtempSync(join(tmpdir(), 'types-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  cpSync(built, join(folder, 'node_modules/uni-sse-channel'), { recursive: true })
  for (const name of ['vue', '@vue'])
    symlinkSync(join(process.cwd(), 'node_modules', name), join(folder, 'node_modules', name))
}, TIMEOUT_MS)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a checker says, as `file(line): code`. */
async function errors(checker: string, changes: object, include: readonly string[]): Promise<string[]> {
  const config = join(folder, 'tsconfig.json')
  const compilerOptions = { ...options, ...changes }
  writeFileSync(config, JSON.stringify({ compilerOptions, include }))
  const out = await new Promise<string>((done) =>
    execFile(process.execPath, [resolve(checker), '-p', '.'], { cwd: folder }, (_error, stdout) =>
      done(stdout),
    ),
  )
  return [...out.matchAll(/^(.*?)\((\d+),\d+\): error (TS\d+)/gm)].map(
    ([, file, line, code]) => `${file}(${line}): ${code}`,
  )
}

const expected = [
  'src/import.ts(4): TS2322',
  'src/wrong.ts(4): TS2322',
  'src/wrong.ts(5): TS2339',
  'src/wrong.ts(6): TS2322',
  'src/wrong.vue(1): TS2322',
  'src/wrong.vue(1): TS2322',
  'src/wrong.vue(1): TS2322',
]

describe('a project that checks every type file, without the types of Node', () => {
  test.each([
    ['node', {}],
    ['bundler', {}],
    ['node16', { module: 'node16' }],
  ])(
    'with moduleResolution %s: right uses of each entry and component are no error, wrong ones are',
    async (moduleResolution, more) => {
      const found = await errors('vue-tsc/bin/vue-tsc.js', { moduleResolution, ...more }, ['src'])
      expect(found.sort()).toEqual(expected)
    },
    TIMEOUT_MS,
  )

  test(
    'with TypeScript 4.9: the same of what is no template',
    async () => {
      const old = join(await publishedPackage('typescript', '4.9.5'), 'lib/tsc.js')
      const found = await errors(old, { moduleResolution: 'node' }, ['src/*.ts'])
      expect(found.sort()).toEqual(expected.filter((error) => !error.includes('.vue')))
    },
    TIMEOUT_MS,
  )
})
