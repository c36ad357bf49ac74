import { expect, test } from 'vitest'
import { platformFailure } from '../../src/platform/platform-error.js'

test.each([
  ['request:fail url not in domain list', 'DOMAIN_NOT_ALLOWED'],
  ['connectSocket:fail url not in domain list', 'DOMAIN_NOT_ALLOWED'],
  ['https://a.example 不在以下 request 合法域名列表中', 'DOMAIN_NOT_ALLOWED'],
  ['request:fail not in request domains', 'DOMAIN_NOT_ALLOWED'],
  ['request:fail ssl hand shake error', 'CERTIFICATE_REFUSED'],
  ['request:fail -202:net::ERR_CERT_AUTHORITY_INVALID', 'CERTIFICATE_REFUSED'],
  [
    'javax.net.ssl.SSLHandshakeException: Trust anchor for certification path not found',
    'CERTIFICATE_REFUSED',
  ],
  ['CLEARTEXT communication to a.example not permitted by network security policy', 'CERTIFICATE_REFUSED'],
  ['request:fail invalid url "x"', 'PLATFORM_REFUSED'],
])('"%s" is %s, in these words, and no second try can help', (errMsg, code) => {
  const { error } = platformFailure('uni.request', { errMsg })
  expect(error).toMatchObject({ code, retryable: false })
  expect(error.message).toContain(errMsg)
})

test.each([
  ['request:fail timeout', false],
  ['request:fail interrupted', false],
  ['request:fail abort', false],
  ['request:fail errcode:-101 cronet_error_code:-101 error_msg:net::ERR_CONNECTION_RESET', false],
  ['Error during WebSocket handshake: Unexpected response code: 404', false],
  ['request:fail errcode:-106 cronet_error_code:-106 error_msg:net::ERR_INTERNET_DISCONNECTED', true],
  ['request:fail Unable to resolve host "a.example": No address associated with hostname', true],
  ['request:fail The Internet connection appears to be offline. -1009', true],
])('"%s" is a lost connection; nothing has left: %s', (errMsg, unsent) => {
  const failure = platformFailure('uni.request', { errMsg })
  expect(failure.error).toMatchObject({ code: 'CONNECTION_LOST', retryable: true })
  expect(failure.unsent).toBe(unsent)
})

test.each([undefined, null, 'text', 5, {}, new Error('x')])('%s, too, is a lost connection', (failure) => {
  expect(platformFailure('uni.request', failure).error.code).toBe('CONNECTION_LOST')
})
