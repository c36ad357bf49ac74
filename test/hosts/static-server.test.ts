import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StaticServer, startStaticServer } from './static-server.js'

const folder = mkdtempSync(join(tmpdir(), 'host-static-'))
let server: StaticServer

beforeAll(async () => {
  writeFileSync(join(folder, 'index.html'), '<p>你好</p>')
  writeFileSync(join(folder, 'app.js'), 'on disk')
  server = await startStaticServer({
    folder,
    files: { '/app.js': 'in memory' },
    api: (request, response) => void response.end(`api ${request.url}`),
  })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const get = async (path: string) => {
  const response = await fetch(server.url + path)
  return [response.status, response.headers.get('content-type'), await response.text()]
}

test('a folder is served with its index and MIME types', async () => {
  expect(await get('/')).toEqual([200, 'text/html; charset=utf-8', '<p>你好</p>'])
})

test('an extra file wins over the folder', async () => {
  expect(await get('/app.js')).toEqual([200, 'text/javascript; charset=utf-8', 'in memory'])
})

test('the api handler answers its path and no other', async () => {
  expect((await get('/api/x?y=1'))[2]).toBe('api /api/x?y=1')
  expect((await get('/apix'))[0]).toBe(404)
})

test('a path that climbs out of the folder is not found', async () => {
  const status = await new Promise((resolve) => {
    // fetch would resolve the dots itself.
    request(`${server.url}/`, { path: '/..%2f..%2f..%2fetc%2fpasswd' }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).end()
  })
  expect(status).toBe(404)
})
