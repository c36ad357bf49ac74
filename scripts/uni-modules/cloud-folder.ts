import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SOURCE = 'uniCloud-aliyun'
const READER = 'sse-channel-reader'

/** The cloud's side: a common module, the function that clients read from, and the collection. */
export function writeCloudFolder(folder: string, version: string, library: string): void {
  const common = join(folder, 'cloudfunctions/common/uni-sse-channel')
  const reader = join(folder, 'cloudfunctions', READER)
  const writeJson = (path: string, value: object) =>
    writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
  for (const each of [common, reader]) mkdirSync(each, { recursive: true })
  cpSync(join(library, 'cloud/index.cjs'), join(common, 'index.js'))
  writeJson(join(common, 'package.json'), { name: 'uni-sse-channel', version, main: 'index.js' })
  const source = readFileSync(join(SOURCE, 'cloudfunctions', READER, 'index.js'), 'utf8')
  writeFileSync(
    join(reader, 'index.js'),
    source.replace('uni-sse-channel/cloud', 'uni-sse-channel').replace(/^\/\/ eslint.*\n/m, ''),
  )
  const dependencies = { 'uni-sse-channel': 'file:../common/uni-sse-channel' }
  writeJson(join(reader, 'package.json'), { name: READER, version, dependencies })
  cpSync(join(SOURCE, 'database'), join(folder, 'database'), { recursive: true })
}
