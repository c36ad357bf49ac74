import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { transformWithEsbuild } from 'vite'
import { expect, test } from 'vitest'
import { isPushSdk, isTied, tieToPort } from '../../src/vite/push-sdk-code.js'
import { pushVersion } from '../../src/vite/push-version.js'
import { publishedPackage } from './published-package.js'

const PORT = '/app/push-port.js'

/** One of each generation of the compiler, oldest and newest supported included. */
const SUPPORTED = [
  '3.0.0-3081220230817001',
  '3.0.0-3090420231025001',
  '3.0.0-3090920231225001',
  '3.0.0-4000820240401001',
  '3.0.0-4010520240507001',
  '3.0.0-4020420240722002',
  '3.0.0-4020920240930001',
  '3.0.0-4030620241128001',
  '3.0.0-4040520250104002',
  '3.0.0-4050720250324001',
  '3.0.0-4060620250520001',
  '3.0.0-4070520250711001',
  '3.0.0-4070620250821001',
  '3.0.0-4080420251103001',
  '3.0.0-4080720251210001',
  '3.0.0-5000720260410001',
  '3.0.0-5010420260703001',
  '3.0.0-5020420260813003',
  '3.0.0-alpha-5020620260914001',
]

/** The SDK files a package holds. */
function sdkFiles(folder: string): string[] {
  return ['uni-push.es.js', 'uni-push.mp.es.js']
    .map((name) => join(folder, 'dist', name))
    .filter((file) => existsSync(file))
}

test.each(SUPPORTED)('uni-push %s is tied to the port, and stays code', async (version) => {
  const files = sdkFiles(await publishedPackage('@dcloudio/uni-push', version))
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    expect(pushVersion(file)).toBe(version)
    const tied = tieToPort(readFileSync(file, 'utf8'), PORT, version)
    for (const call of ['connectSocket', 'getNetworkType', 'onNetworkStatusChange'])
      expect(tied.split(`__uniSseChannelPort.${call}((...a) => uni.${call}(...a), `)).toHaveLength(2)
    expect(isTied(tied)).toBe(true)
    await expect(transformWithEsbuild(tied, file)).resolves.toBeTruthy()
  }
})

test('an SDK without the known guards is refused by its version', async () => {
  const folder = await publishedPackage('@dcloudio/uni-push', '3.0.0-3061320221209001')
  const [file] = sdkFiles(folder)
  const name = `@dcloudio/uni-push ${pushVersion(file!)}`
  expect(() => tieToPort(readFileSync(file!, 'utf8'), PORT, name)).toThrow(
    /uni-push 3\.0\.0-3061320221209001 is not supported/,
  )
})

test('an SDK in which a call occurs twice is refused with what was found', () => {
  const manifest = createRequire(import.meta.url).resolve('@dcloudio/uni-push/package.json')
  const code = readFileSync(join(dirname(manifest), 'dist/uni-push.es.js'), 'utf8')
  expect(() => tieToPort(`${code}\nuni.connectSocket({})`, PORT, 'uni-push 1')).toThrow(
    /connectSocket.* occurs 2 times/,
  )
})

test('only the socket SDK is touched', () => {
  const dist = '/p/node_modules/@dcloudio/uni-push/dist'
  expect(isPushSdk(`${dist}/uni-push.es.js`)).toBe(true)
  expect(isPushSdk(`${dist}/uni-push.mp.es.js`)).toBe(true)
  expect(isPushSdk(`${dist}/uni-push.plus.es.js`)).toBe(false)
  expect(isPushSdk('/p/src/uni-push.es.js')).toBe(false)
})
