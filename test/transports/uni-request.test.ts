import { expect, test } from 'vitest'
import { uniRequestTransport } from '../../src/transports/uni-request.js'
import { installUni, type UniQuirks } from '../helpers/uni-request.js'
import { transportContract, type Gaps } from './transport-contract.js'

const platforms: [name: string, quirks: Partial<UniQuirks>, gaps?: Gaps][] = [
  ['ArrayBuffer', {}],
  ['Uint8Array and the whole body again (H5)', { chunks: 'Uint8Array', afterChunks: 'the whole body' }],
  ['strings, headers with the first data', { chunks: 'string', headers: 'with the first data' }],
  ['no chunks at all (WeChat on PC)', { chunks: 'none', headers: 'never' }, { wholeBody: true }],
  [
    'no chunks, refusals as failures (Alipay)',
    { chunks: 'none', headers: 'never', refusals: 'fail' },
    { wholeBody: true },
  ],
  [
    'no chunks, no status, no headers',
    { chunks: 'none', headers: 'never', headersAtEnd: 'hidden', status: 'NaN' },
    { wholeBody: true, noStatus: true, noHeaders: true },
  ],
  ['headers never, told at the end', { headers: 'never' }, { noHeaders: true }],
  [
    'nothing told but chunks',
    { headers: 'never', headersAtEnd: 'hidden', status: 'NaN', afterChunks: 'the whole body' },
    { noHeaders: true, noStatus: true },
  ],
  ['headers at once, without a status', { status: 'absent' }, { noStatus: true }],
  [
    'status NaN, headers with the first data, late failure (HarmonyOS)',
    { status: 'NaN', headers: 'with the first data', afterChunks: 'the whole body', afterAbort: 'late fail' },
    { noStatus: true },
  ],
]

for (const [name, quirks, gaps] of platforms)
  transportContract(`uni-request: ${name}`, uniRequestTransport, () => installUni(quirks), gaps)

test('is supported only where uni.request is', () => {
  expect(uniRequestTransport.isSupported()).toBe(false)
  const uninstall = installUni()
  expect(uniRequestTransport.isSupported()).toBe(true)
  uninstall()
})
