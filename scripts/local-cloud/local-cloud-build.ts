import { createRequire } from 'node:module'
import type { Plugin } from 'vite'
import uniSSEChannel from '../../src/vite/index.js'
import { CLOUD_PATHS } from './cloud-paths.js'

interface Manifest {
  h5?: { unipush?: { enable: boolean } }
}

/**
 * Lets an H5 build use the local cloud when LOCAL_CLOUD is set: turns uni-push on, which the manifest leaves off
 * because other builds would connect to the vendor's gateway, and points its SDK at the local one. Must come before
 * uni() in the list of plugins.
 */
export function localCloudBuild(): Plugin[] {
  if (process.env.LOCAL_CLOUD !== '1') return []
  const url = `location.origin.replace('http', 'ws') + ${JSON.stringify(CLOUD_PATHS.push)}`
  const localCloud: Plugin = {
    name: 'local-cloud',
    enforce: 'pre',
    config() {
      const shared = createRequire(import.meta.url)('@dcloudio/uni-cli-shared') as {
        parseManifestJsonOnce(inputDir: string): Manifest
      }
      const manifest = shared.parseManifestJsonOnce(process.env.UNI_INPUT_DIR ?? process.cwd())
      manifest.h5 = { ...manifest.h5, unipush: { enable: true } }
    },
    transformIndexHtml: () => [
      {
        tag: 'script',
        children: `localStorage.setItem('getui_socket_url', JSON.stringify({ type: 'string', data: ${url} }))`,
        injectTo: 'head-prepend',
      },
    ],
  }
  return [localCloud, ...uniSSEChannel()]
}
