import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildPlatform, buildUniApp } from '../hosts/build.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const INPUT = join(ROOT, 'test/unicloud/fixture')
/** Compiled into the app, and replaced by the endpoint of each test's own cloud. */
const ENDPOINT = 'http://127.0.0.1:8791'

export const FIXTURE_FUNCTIONS = join(INPUT, 'cloudfunctions')

export type PluginUse = 'with' | 'without'
/** `native`: the manifest's `offline: true`, with which an App uses the phone's own push service alone. */
export type PushKind = 'socket' | 'native'

/** Builds the fixture with the vendor's unmodified packages, with or without the library's Vite plugin. */
export function buildCloudFixture(
  platform: BuildPlatform,
  plugin: PluginUse,
  push: PushKind = 'socket',
): Promise<string> {
  const space = {
    provider: 'aliyun',
    name: 'local',
    id: 'mp-00000000-0000-0000-0000-000000000000',
    clientSecret: 'local',
    apiEndpoint: ENDPOINT,
  }
  return buildUniApp({
    platform,
    input: INPUT,
    output: join(
      ROOT,
      '.cache/unicloud-fixture',
      `${platform}-${plugin}-plugin${push === 'native' ? '-native' : ''}`,
    ),
    watched: [join(ROOT, 'src'), INPUT, join(ROOT, 'vite.config.ts'), join(ROOT, 'package.json')],
    env: {
      VITE_ROOT_DIR: INPUT,
      FIXTURE_PLUGIN: plugin,
      FIXTURE_PUSH: push,
      UNI_CLOUD_SPACES: JSON.stringify([space]),
    },
  })
}

/** A copy of the build that calls this endpoint, and its removal. */
export function pointAt(build: string, endpoint: string): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'unicloud-'))
  cpSync(build, folder, { recursive: true })
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue
    const path = join(folder, name)
    const code = readFileSync(path, 'utf8')
    if (code.includes(ENDPOINT)) writeFileSync(path, code.split(ENDPOINT).join(endpoint))
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
