import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './eventually.js'
import { createFaultProxy, type FaultProxy } from './fault-proxy.js'
import { listen, unlisten } from './listen.js'

let server: Server
let proxy: FaultProxy
beforeEach(async () => {
  server = createServer((request, response) => {
    if (request.url === '/hang') response.writeHead(200).flushHeaders()
    else request.pipe(response)
  })
  proxy = await createFaultProxy(await listen(server))
})
afterEach(async () => {
  await proxy.close()
  await unlisten(server)
})

const echo = (body: string) => fetch(`${proxy.url}/echo`, { method: 'POST', body })

describe('createFaultProxy', () => {
  it('passes bytes both ways and counts POSTs by path', async () => {
    expect(await (await echo('你好 👋')).text()).toBe('你好 👋')
    await echo('again')
    expect(proxy.posts('/echo')).toBe(2)
    expect(proxy.posts('/other')).toBe(0)
  })

  it('writes single bytes', async () => {
    proxy.set({ bytesPerWrite: 1 })
    const pieces: number[] = []
    const { body } = await echo('你好 👋')
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) pieces.push(piece.length)
    expect(pieces.length).toBeGreaterThan(5)
    expect(pieces.reduce((sum, size) => sum + size)).toBe(11)
  })

  it('resets a response after so many bytes', async () => {
    proxy.set({ cutAfterBytes: () => 4 })
    await expect(echo('0123456789').then((response) => response.text())).rejects.toThrow()
  })

  it('resets every connection on demand, and new ones while it refuses', async () => {
    const reading = fetch(`${proxy.url}/hang`).then((response) => response.text())
    await eventually('it is asked', () => proxy.requests.length === 1)
    await eventually('it is cut', () => proxy.destroyAll() > 0)
    await expect(reading).rejects.toThrow()
    proxy.set({ mode: 'refuse' })
    await expect(echo('x')).rejects.toThrow()
  })

  it('holds everything back while it stalls', async () => {
    proxy.set({ mode: 'stall' })
    let answered = false
    const answer = echo('later').then((response) => {
      answered = true
      return response.text()
    })
    await eventually('it is asked', () => proxy.requests.length === 1)
    expect(answered).toBe(false)
    proxy.set({})
    expect(await answer).toBe('later')
  })

  it('answers in place of the target', async () => {
    proxy.set({
      override: ({ path }) =>
        path === '/echo' ? { status: 500, headers: { 'x-a': 'b' }, body: 'no' } : undefined,
    })
    const answer = await echo('x')
    expect([answer.status, answer.headers.get('x-a'), await answer.text()]).toEqual([500, 'b', 'no'])
    expect(proxy.posts('/echo')).toBe(0)
    expect(proxy.requests).toHaveLength(1)
  })
})
