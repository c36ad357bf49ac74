import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { compactViewScripts } from './compact-view-scripts.js'
import { lazyContent } from './lazy-content.js'
import { missingEasycom } from './missing-easycom.js'
import { missingVueExports } from './missing-vue-exports.js'
import { pieceNames } from './piece-names.js'
import { platformDefines, type LeaveOut } from './platform-defines.js'
import { pushGuard } from './push-guard.js'

/**
 * What a uni-app project needs of the build. vite-plugin-uni adds it by itself where the package is a dependency
 * (the `uni-app` field of package.json); adding it again in vite.config changes nothing but what `leaveOut` names.
 */
export default function uniSSEChannel(options: LeaveOut = {}): Plugin[] {
  return [
    {
      name: 'uni-sse-channel',
      // A prebundled copy of the library would have a push port of its own, which the SDK does not know.
      config: () => ({ optimizeDeps: { exclude: ['uni-sse-channel'] } }),
    },
    platformDefines(options),
    pieceNames(),
    pushGuard({ portModule: portModule() }),
    missingEasycom(),
    missingVueExports(),
    lazyContent(),
    compactViewScripts(),
  ]
}

/** The library's own module, compiled or, in this repository, as it is written. */
function portModule(): string {
  const compiled = fileURLToPath(new URL('../unicloud/push-port/index.js', import.meta.url))
  return existsSync(compiled) ? compiled : compiled.replace(/\.js$/, '.ts')
}
