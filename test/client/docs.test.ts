import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginStream, startHttpServer, type HttpServer } from '../helpers/http-server.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
let server: HttpServer
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-docs-'))
  let prices = 0
  server = await startHttpServer(({ method, url }, response) => {
    if (method === 'POST') beginStream(response).end('data: Hello\n\ndata: [DONE]\n\n')
    else if (url === '/prices' && prices++ === 0)
      beginStream(response).end('retry: 1\nid: 7\ndata: 1.20\n\nevent: news\ndata: up\n\n')
    else response.writeHead(204).end()
  })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** Runs an example of docs/client.md as it is written there, but for the address, and gives what it shows. */
async function run(number: number): Promise<unknown[]> {
  const text = await readFile(`${root}docs/client.md`, 'utf8')
  const code = [...text.matchAll(/```ts\n(.*?)```/gs)][number]?.[1] ?? ''
  expect(code).toContain('https://api.example.com')
  const { outputFiles } = await build({
    stdin: {
      contents: `const show = (...shown: unknown[]) => console.log(JSON.stringify(shown)), warn = show\n${code.replace('https://api.example.com', server.url)}`,
      loader: 'ts',
      resolveDir: root,
    },
    alias: { 'uni-sse-channel/client': `${root}src/client.ts` },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  })
  const file = join(folder, `${number}.mjs`)
  await writeFile(file, outputFiles[0]?.text ?? '')
  const { stdout } = await promisify(execFile)(process.execPath, [file])
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

test('the example of SSEClient shows the answer and ends', async () => {
  expect(await run(0)).toEqual([['Hello'], ['[DONE]']])
  expect(server.requests[0]).toMatchObject({ body: '{"prompt":"Hello"}' })
})

test('the example of EventSource shows messages and names, and says when it gives up', async () => {
  expect(await run(1)).toEqual([['1.20', '7'], ['up'], ['given up']])
})
