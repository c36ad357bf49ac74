import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Below the root, so that packages are found as they are elsewhere.
const folder = `${root}.cache/snippets`

const guides = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replace(/\\/g, '/'))
  .filter((path) => /^(zh\/)?(start|migration|(guides|recipes)\/[\w-]+)\.md$/.test(path))
  .map((path) => `docs/${path}`)
const references = ['README.md', 'README.zh-CN.md', 'docs/server.md', 'docs/client.md', 'docs/chat.md']

/** The examples of a document, as they are written there: TypeScript, and the scripts of pages. */
function snippetsOf(path: string): string[] {
  const text = readFileSync(root + path, 'utf8')
  return [...text.matchAll(/```(ts|vue)\n(.*?)```/gs)].flatMap(([, language, code = '']) =>
    language === 'ts' ? [code] : (/<script setup lang="ts">\n(.*?)<\/script>/s.exec(code)?.[1] ?? []),
  )
}

/** What the documents leave to the reader, or have imported further up. */
const reader = `
import type * as server from 'uni-sse-channel/server'
import type * as page from 'uni-sse-channel'
import type * as unicloud from 'uni-sse-channel/unicloud'
declare global {
  const { createHandler, ownerOnly }: typeof server
  const { useChat, useSSEChannel, jsonDecoder }: typeof page
  const { watch }: typeof import('vue')
  const { uniCloudSource }: typeof unicloud
  const hub: server.Hub
  const handler: server.Handler
  const log: server.EventLog
  const start: server.HandlerOptions['start']
  const model: (input: unknown, options: { signal: AbortSignal }) => AsyncIterable<string>
  const userOf: (cookie: string | undefined) => string | undefined
  const token: () => string
  const show: (...shown: unknown[]) => void
  const warn: (...shown: unknown[]) => void
  const userId: string
  const channelId: string
  const app: import('express').Express & import('vue').App
}
`

const config = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    baseUrl: '../..',
    noEmit: true,
    // An example need not use all that it shows.
    noUnusedLocals: false,
  },
  include: ['*.ts', '../../env.d.ts'],
  exclude: [],
}

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('the examples of the documents are TypeScript that a strict project takes', async () => {
  const snippets = [...references, ...guides].flatMap((path) =>
    snippetsOf(path).map((code, index) => ({ name: `${path.replace(/\W/g, '-')}-${index}.ts`, code })),
  )
  expect(guides.length).toBeGreaterThan(20)
  expect(snippets.length).toBeGreaterThan(80)
  await writeFile(`${folder}/reader.ts`, reader)
  await writeFile(`${folder}/tsconfig.json`, JSON.stringify(config))
  await Promise.all(snippets.map(({ name, code }) => writeFile(`${folder}/${name}`, `${code}\nexport {}`)))

  const tsc = [`${root}node_modules/typescript/bin/tsc`, '-p', folder, '--pretty', 'false']
  const { stdout } = await promisify(execFile)(process.execPath, tsc, { cwd: root }).catch(
    (failed: { stdout: string }) => failed,
  )
  expect(stdout.split('\n').filter((line) => line !== '')).toEqual([])
  // All of TypeScript, for the types of everything the examples touch.
}, 240_000)
