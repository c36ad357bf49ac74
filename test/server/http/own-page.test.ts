import { describe, expect, it } from 'vitest'
import { createFetchHandler } from '../../../src/server/http/create-fetch-handler.js'
import { createHub } from '../../../src/server/hub/create-hub.js'
import { isOwnPage } from '../../../src/server/http/own-page.js'
import { checkOrigins, plainOrigin } from '../../../src/server/http/origin.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'

const listed = checkOrigins(['https://App.Example.com/', 'https://api.example.com:443', 'null'])

describe('a page is the own one', () => {
  it.each([
    ['http://[::1]:3000', { host: '[::1]:3000' }],
    ['http://[::1]', { host: '[::1]:80' }],
    ['http://127.0.0.1:3000', { host: '127.0.0.1:3000' }],
    ['https://example.com', { host: 'example.com' }],
    ['https://example.com', { host: 'example.com:443' }],
    ['http://example.com', { host: 'Example.COM:80' }],
    ['HTTPS://EXAMPLE.COM', { host: 'example.com' }],
    ['https://example.com', { ':authority': 'example.com' }],
    ['https://example.com', { host: 'inside:8080', 'x-forwarded-host': 'example.com' }],
    ['https://example.com', { host: 'inside:8080', 'x-forwarded-host': 'example.com:443, inside' }],
    ['capacitor://localhost', { host: 'localhost' }],
  ])('of %s at %j', (origin, headers) => {
    expect(isOwnPage({ origin, ...headers }, [])).toBe(true)
    // Where the browser says it itself, nothing else counts.
    expect(isOwnPage({ origin, ...headers, 'sec-fetch-site': 'cross-site' }, [])).toBe(false)
    expect(isOwnPage({ origin, ...headers, 'sec-fetch-site': 'same-site' }, [])).toBe(false)
  })

  it.each([
    ['null', { host: 'null' }],
    ['http://[::1]:3000', { host: '[::1]' }],
    ['http://[::1]:3000', { host: '[::1]:3001' }],
    ['http://example.com', { host: 'example.com:443' }],
    ['https://example.com', { host: 'example.com:80' }],
    ['https://example.com:8443', { host: 'example.com' }],
    ['https://example.com.evil.example', { host: 'example.com' }],
    ['https://evil.example/example.com', { host: 'example.com' }],
    ['https://evil.example@example.com', { host: 'example.com' }],
    ['https://inside', { host: 'example.com', 'x-forwarded-host': 'example.com, inside' }],
    ['file://', { host: '' }],
    ['https://example.com', {}],
    ['', { host: '' }],
  ])('and not of %s at %j', (origin, headers) => {
    expect(isOwnPage({ origin, ...headers }, [])).toBe(false)
  })

  it('or a listed one, however it is written in the list', () => {
    for (const origin of ['https://app.example.com', 'https://api.example.com', 'null'])
      expect(isOwnPage({ origin, host: 'elsewhere', 'sec-fetch-site': 'cross-site' }, listed)).toBe(true)
    for (const origin of ['http://app.example.com', 'https://app.example.com:8443', 'https://example.com'])
      expect(isOwnPage({ origin, host: 'elsewhere', 'sec-fetch-site': 'cross-site' }, listed)).toBe(false)
  })

  it('and a request of no page at all is let through', () => {
    expect(isOwnPage({ host: 'example.com' }, [])).toBe(true)
    expect(isOwnPage({ host: 'example.com', 'sec-fetch-site': 'none' }, [])).toBe(true)
    // Some browsers leave the origin out of a form that a page of another site sends.
    expect(isOwnPage({ host: 'example.com', 'sec-fetch-site': 'cross-site' }, [])).toBe(false)
  })
})

describe('cors', () => {
  const hub = createHub({ log: memoryLog() })
  const handlerOf = (cors: readonly string[]) =>
    createFetchHandler(hub, { start: () => async () => undefined, cors })

  it('answers an origin that is listed with a slash, a default port or capitals', async () => {
    const origin = 'https://app.example.com'
    for (const written of [origin, `${origin}/`, `${origin}:443`, 'https://APP.example.com']) {
      const { headers } = await handlerOf([written])(
        new Request('http://127.0.0.1/~health', { headers: { origin } }),
      )
      expect(headers.get('access-control-allow-origin')).toBe(origin)
    }
  })

  it.each(['*', 'app.example.com', 'https://app.example.com/path', '', 'https://*.example.com extra'])(
    'refuses %j in its list, which no page could meet',
    (written) => {
      expect(() => handlerOf([written])).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
    },
  )
})

it.each([
  ['http://Example.com:80', 'http://example.com'],
  ['https://example.com:443/', 'https://example.com'],
  ['ws://example.com:80', 'ws://example.com'],
  ['wss://example.com:443', 'wss://example.com'],
  ['wss://example.com:80', 'wss://example.com:80'],
  ['capacitor://localhost', 'capacitor://localhost'],
  ['null', 'null'],
])('the origin %s is %s as browsers write it', (origin, plain) => {
  expect(plainOrigin(origin)).toBe(plain)
})
