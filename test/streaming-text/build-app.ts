import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { acquireFileLock } from '../hosts/file-lock.js'
import { buildUniApp, type BuildPlatform } from '../hosts/build.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const at = (path: string) => join(ROOT, path)

/** Builds the little app that plays texts into the component, for one platform. Returns its folder. */
export async function buildPlayApp(platform: BuildPlatform): Promise<string> {
  // The compiler takes components only from below the app, so they come along, as in a user's project.
  const input = at('.cache/play-app-source')
  const app = at('test/streaming-text/app')
  mkdirSync(at('.cache'), { recursive: true })
  const release = await acquireFileLock(at('.cache/play-app-source.lock'))
  try {
    cpSync(app, input, { recursive: true, preserveTimestamps: true })
    cpSync(at('components'), join(input, 'components'), { recursive: true, preserveTimestamps: true })
  } finally {
    release()
  }
  return buildUniApp({
    platform,
    input,
    output: at(`.cache/play-app/${platform}`),
    watched: [app, at('components'), at('src'), at('vite.config.ts'), at('package.json')],
    // Otherwise Vite takes the demo's index.html.
    env: { VITE_ROOT_DIR: input },
  })
}
