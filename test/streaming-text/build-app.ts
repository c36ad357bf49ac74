import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildUniApp, type BuildPlatform } from '../hosts/build.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const at = (path: string) => join(ROOT, path)

/** Builds the little app that plays texts into the component, for one platform. Returns its folder. */
export const buildPlayApp = (platform: BuildPlatform) =>
  buildWithComponents('test/streaming-text/app', platform)

/** Builds an app of this repository that uses the components by their tags. Returns its folder. */
export function buildWithComponents(app: string, platform: BuildPlatform): Promise<string> {
  const name = `${app.replace(/\W+/g, '-')}-${platform}`
  // Each platform has an input of its own: another test file may be building the next one.
  const input = at(`.cache/${name}-input`)
  return buildUniApp({
    platform,
    input,
    output: at(`.cache/${name}`),
    watched: [app, 'components', 'src', 'vite.config.ts', 'package.json'].map(at),
    // Otherwise Vite takes the demo's index.html.
    env: { VITE_ROOT_DIR: input },
    // The compiler takes components only from below the app, so they come along, as in a user's project.
    prepare() {
      rmSync(input, { recursive: true, force: true })
      cpSync(at(app), input, { recursive: true, preserveTimestamps: true })
      cpSync(at('components'), join(input, 'components'), { recursive: true, preserveTimestamps: true })
    },
  })
}
