import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beginStream, startHttpServer, type HttpServer } from '../helpers/http-server.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
let model: HttpServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guides-'))
  const piece = (content: string) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`
  model = await startHttpServer((_, response) => {
    beginStream(response).end(`${piece('Hel')}${piece('lo')}data: [DONE]\n\n`)
  })
})
afterAll(async () => {
  await model.close()
  await rm(folder, { recursive: true })
})

/** Runs the first example of a document that holds `mark`, with `after` behind it, and gives what it prints. */
async function run(path: string, mark: string, after = ''): Promise<string> {
  const examples = [...readFileSync(`${root}docs/${path}`, 'utf8').matchAll(/```ts\n(.*?)```/gs)]
  const code = examples.map(([, text = '']) => text).find((text) => text.includes(mark)) ?? ''
  const { outputFiles } = await build({
    // On a port that is free, as a reader would choose another one.
    stdin: {
      contents: `${code.replace(/^createServer\(/m, 'const server = createServer(').replace('3000', '0')}\n${after}`,
      loader: 'ts',
      resolveDir: root,
    },
    alias: {
      'uni-sse-channel/server': `${root}src/server/index.ts`,
      'uni-sse-channel/client': `${root}src/client.ts`,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    write: false,
  })
  const file = join(folder, `${path.replace(/\W/g, '-')}.mjs`)
  await writeFile(file, outputFiles[0]?.text ?? '')
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'key', OPENAI_MODEL: 'any' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const piece of child.stdout.setEncoding('utf8')) said += String(piece)
  return said
}

const ask = `const { port } = server.address()
const answer = await fetch(\`http://127.0.0.1:\${port}/api/chat\`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"prompt":"Hello"}',
})
console.log(await answer.text())
process.exit()`

describe('an example that is run as it is written', () => {
  it.each(['start.md', 'zh/start.md'])('serves the answer of a model: %s', async (path) => {
    expect(await run(path, 'openAIModel({', ask)).toMatch(/"delta":"Hel".*"delta":"lo".*\[DONE\]/s)
    expect(model.requests.at(-1)).toMatchObject({ url: '/chat/completions', method: 'POST' })
  })

  it.each(['recipes/tools.md', 'zh/recipes/tools.md'])('serves a model with tools: %s', async (path) => {
    const said = await run(
      path,
      'toolLoop({',
      ask
        .replace("'content-type'", "'x-user': 'ann', 'content-type'")
        .replace('{"prompt":"Hello"}', '{"id":"c","message":{"role":"user","content":"Hello"}}'),
    )
    expect(said).toMatch(/"start-step".*"delta":"Hel".*"delta":"lo".*"finish-step".*\[DONE\]/s)
    const asked = JSON.parse(model.requests.at(-1)?.body ?? '') as { messages: unknown; tools: unknown[] }
    expect(asked.messages).toMatchObject([{ role: 'system' }, { role: 'user', content: 'Hello' }])
    expect(asked.tools).toHaveLength(3)
  })

  it.each(['guides/testing.md', 'zh/guides/testing.md'])('tests a server: %s', async (path) => {
    expect(await run(path, 'request.ended')).toBe('done\ntrue\n')
  })

  it.each(['guides/backend.md', 'zh/guides/backend.md'])('serves streams and sockets: %s', async (path) => {
    expect(await run(path, 'createSocketHandler(', ask)).toMatch(/"type":"text-delta".*\[DONE\]/s)
  })
})
