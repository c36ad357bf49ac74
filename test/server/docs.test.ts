import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRedisServer, type RedisServer } from '../helpers/redis-server.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = {
  'uni-sse-channel/server/redis': `${root}src/server/log/redis/index.ts`,
  'uni-sse-channel/server': `${root}src/server/index.ts`,
  'uni-sse-channel/unicloud': `${root}src/unicloud/index.ts`,
  'uni-sse-channel/client': `${root}src/client.ts`,
  'uni-sse-channel': `${root}src/index.ts`,
}

/** The examples of a document, as they are written there. */
function examplesOf(path: string): string[] {
  const text = readFileSync(root + path, 'utf8')
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? '')
}

/** Runs a module in a process of its own, and gives what it prints. */
async function run(name: string, contents: string): Promise<string> {
  const path = `${root}test/server/${name}.tmp.mjs`
  const { outputFiles } = await build({
    stdin: { contents, loader: 'ts', resolveDir: root },
    alias: sources,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    write: false,
  })
  await writeFile(path, outputFiles[0]?.text ?? '')
  try {
    const { stdout } = await promisify(execFile)('node', [path], {
      timeout: 30_000,
      env: { ...process.env, CHANNEL_SECRET: 'x'.repeat(32) },
    })
    return stdout
  } finally {
    await rm(path, { force: true })
  }
}

const post = (url: string) =>
  `await fetch(\`${url}\`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })`
const model = `const model = async function* (_: unknown, __: object) { yield 'Hel'; yield 'lo' }
const start = () => async function* () { yield { type: 'text-delta', id: '1', delta: 'Hello' } }
`
const onPort0 = (code: string) =>
  code.replace(/createServer\(/, 'const listening = createServer(').replace('3000', '0')
const address = 'const base = `http://127.0.0.1:${listening.address().port}/api/chat`\n'

let redis: RedisServer
beforeAll(async () => {
  redis = await createRedisServer()
})
afterAll(() => redis.close())

describe('the examples of the documents', () => {
  it.each(['README.md', 'README.zh-CN.md'])('of %s serve an answer', async (path) => {
    const code = examplesOf(path).find((example) => example.includes('createServer')) ?? ''
    // Without a key, as the text beside it says.
    const keyless = onPort0(code)
      .replace(/openAIModel\(\{.*?\}\)/s, 'demoModel({ paceMs: 0 })')
      .replace('openAIModel', 'demoModel')
    const question = JSON.stringify({ messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }] })
    const asked = post('${base}').replace("'{}'", `'${question}'`)
    const answer = `console.log(await (${asked}).text())\nprocess.exit()`
    const said = await run(path.replace(/\W/g, '-'), `${keyless}\n${address}${answer}`)
    expect(said).toMatch(/"type":"text-delta".*"finish".*\[DONE\]/s)
  })

  it('of docs/server.md serve an answer, sign tokens, log, count and keep events in Redis', async () => {
    const wanted = ['createServer(', 'channelTokens(', 'createMetrics(', 'redisLog(']
    const [first = '', access = '', operations = '', onRedis = ''] = wanted.map((name) =>
      examplesOf('docs/server.md').find((example) => example.includes(name)),
    )
    const body = (code: string) => code.replace(/^import .*$/gm, '')
    const imports = [first, access, operations, onRedis].flatMap((code) => code.match(/^import .*$/gm) ?? [])
    const names = new Set<string>()
    const once = imports.map((line) =>
      line.replace(/\{(.*)\}/, (_, all: string) => {
        const fresh = all.split(',').filter((name) => !names.has(name.trim()))
        for (const name of fresh) names.add(name.trim())
        return `{${fresh.join()}}`
      }),
    )
    const said = await run(
      'server-md',
      `${once.join('\n')}
import express from 'express'
${model}${onPort0(body(first))}
${address}
const app = express()
const [userId, channelId, userOf] = ['u1', 'abc', () => 'u1']
${body(access)}
${body(operations)}
{
${body(onRedis).replace(/redis:[^']*/, redis.url)}
await hub.create({ channelId: 'kept' })
console.log((await hub.getInfo('kept')).status)
await hub.shutdown()
}
console.log(await (${post('${base}')}).text())
console.log(url)
const { port } = app.listen(0).address()
console.log(await (await fetch(\`http://127.0.0.1:\${port}/metrics\`)).text())
process.exit()`,
    )
    expect(said).toContain('active\n')
    expect(said).toContain('"delta":"Hello"')
    expect(said).toMatch(/\/api\/chat\/abc\?token=\w+\.\w+\.[\w-]+\n/)
    expect(said).toContain('"event":"answer"')
    expect(said).toContain('sse_requests_total{via="http",route="start",method="POST",status="200"} 1')
  })
})
