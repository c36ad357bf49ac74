import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { freePort } from '../../scripts/cluster/free-port.js'
import { deferred } from '../helpers/deferred.js'
import { eventually } from '../helpers/eventually.js'
import { serveHub, type Served } from '../server/http/serve-hub.js'

// The configurations of the guides, by the real programs.

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const pathOf = (program: string) =>
  [...(process.env.PATH ?? '').split(':'), '/usr/sbin']
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path))
const nginx = pathOf('nginx')
const haproxy = pathOf('haproxy')

/** The examples of a guide that are in this language, one after another. */
function examples(guide: string, language: string): readonly string[] {
  const text = readFileSync(new URL(`../../docs/${guide}.md`, import.meta.url), 'utf8')
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code)
}

async function run(program: string, config: string, args: (file: string, folder: string) => string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'proxy-'))
  const file = join(folder, 'proxy.conf')
  await writeFile(file, config.replaceAll('FOLDER', folder))
  const child: ChildProcess = spawn(program, args(file, folder), { stdio: ['ignore', 'inherit', 'inherit'] })
  closers.push(async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  })
}

async function behindNginx(guide: string, node: Served): Promise<string> {
  const port = await freePort()
  const [location = '', map = ''] = examples(guide, 'nginx')
  await run(
    nginx ?? '',
    `worker_processes 1;
     pid FOLDER/nginx.pid;
     error_log stderr error;
     events {}
     http {
       access_log off;
       client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy; fastcgi_temp_path FOLDER/fastcgi;
       uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;
       # As many servers have it: what the guide switches off must be off.
       gzip on;
       gzip_types *;
       ${map}
       server {
         listen 127.0.0.1:${port};
         ${location.replaceAll('127.0.0.1:3000', `127.0.0.1:${node.port}`)}
       }
     }`,
    (file, folder) => ['-c', file, '-p', folder, '-g', 'daemon off;'],
  )
  return answering(port)
}

async function behindHAProxy(guide: string, nodes: readonly [Served, Served]): Promise<string> {
  const port = await freePort()
  const [config = ''] = examples(guide, 'haproxy')
  await run(
    haproxy ?? '',
    config
      .replace(':8080', `127.0.0.1:${port}`)
      .replace(':3001', `:${nodes[0].port}`)
      .replace(':3002', `:${nodes[1].port}`),
    (file) => ['-db', '-q', '-f', file],
  )
  return answering(port)
}

async function answering(port: number): Promise<string> {
  const base = `http://127.0.0.1:${port}/api/chat`
  await eventually('the proxy answers', () =>
    fetch(`${base}/~health`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  return base
}

/** A node whose answers stand still until they are let go on. */
async function standing() {
  const goOn = deferred<undefined>()
  const node = await serveHub({
    start: () =>
      async function* () {
        yield { type: 'text-delta', id: 't', delta: 'first' }
        await goOn.promise
        yield { type: 'text-delta', id: 't', delta: 'second' }
      },
  })
  closers.push(() => node.close())
  return { node, goOn: () => goOn.resolve(undefined) }
}

const ask = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }

/** Reads until the text is there; what came stays read. */
async function reader(response: Response) {
  const parts = response.body?.pipeThrough(new TextDecoderStream() as never).getReader()
  let text = ''
  return {
    async until(wanted: string): Promise<void> {
      while (!text.includes(wanted)) {
        const { done, value } = (await parts?.read()) ?? { done: true, value: '' }
        if (done) throw new Error(`the stream ended without ${wanted}: ${text}`)
        text += String(value)
      }
    },
  }
}

/** What every proxy must let through: events as they come, stops at once, WebSocket. */
async function letsThrough(base: string, node: Served, goOn: () => void) {
  const response = await fetch(base, { ...ask, headers: { ...ask.headers, 'accept-encoding': 'gzip' } })
  expect(response.headers.get('content-encoding')).toBeNull()
  const stream = await reader(response)
  // Where something on the way collects, this never comes.
  await stream.until('first')
  const socket = new WebSocket(base.replace('http', 'ws'))
  closers.push(() => socket.terminate())
  const frames: string[] = []
  socket.on('message', (data) => frames.push(String(data)))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'resume', channelId: response.headers.get('x-channel-id') }))
  await eventually('the socket has the first event', () => frames.some((frame) => frame.includes('first')))
  goOn()
  await stream.until('[DONE]')
  await eventually('the socket has the end', () => frames.some((frame) => frame.includes('[DONE]')))
  expect(node.errors).toEqual([])
}

describe.skipIf(!nginx)(`nginx as in the guide${nginx ? '' : ' (no nginx here)'}`, () => {
  it.each(['guides/going-live', 'zh/guides/going-live'])('lets streams through: %s', async (guide) => {
    const { node, goOn } = await standing()
    await letsThrough(await behindNginx(guide, node), node, goOn)
  })
})

describe.skipIf(!haproxy)(`HAProxy as in the guide${haproxy ? '' : ' (no haproxy here)'}`, () => {
  it.each(['guides/scaling', 'zh/guides/scaling'])('lets streams through: %s', async (guide) => {
    const { node, goOn } = await standing()
    await letsThrough(await behindHAProxy(guide, [node, node]), node, goOn)
  })

  it('gives new answers to the others when a node goes down, and lets the old ones end', async () => {
    const [one, two] = [await standing(), await standing()]
    const base = await behindHAProxy('guides/scaling', [one.node, two.node])
    const response = await fetch(base, ask)
    const stream = await reader(response)
    await stream.until('first')
    const id = response.headers.get('x-channel-id') ?? ''
    const busy = (await fetch(`${one.node.base}/${id}`)).ok ? one : two
    const down = busy.node.hub.shutdown({ drainMs: 60_000 })
    // Streams stay open, so the other node has more of them, and only one that is out is not preferred to it.
    let taken = 0
    await eventually('the node is taken out', async () => {
      if ((await fetch(base, ask)).ok) taken++
      return taken === 3
    })
    for (let count = 0; count < 4; count++) expect((await fetch(base, ask)).status).toBe(200)
    busy.goOn()
    await stream.until('[DONE]')
    await down
  })
})
