import { createRequire } from 'node:module'
import type { Plugin } from 'vite'

/** Fixed, because they are compiled into the app. */
export const LOCAL_CLOUD = { port: 8791, pushPort: 8792 } as const

/** The build's environment: the service space on this machine. */
export function localCloudEnv(): Record<string, string> {
  const space = {
    provider: 'aliyun',
    name: 'local',
    id: 'mp-00000000-0000-0000-0000-000000000000',
    clientSecret: 'local',
    apiEndpoint: `http://127.0.0.1:${LOCAL_CLOUD.port}`,
  }
  return { LOCAL_CLOUD: '1', UNI_CLOUD_SPACES: JSON.stringify([space]) }
}

interface Manifest {
  h5?: { unipush?: { enable: boolean } }
}

/**
 * Lets an H5 build use the local cloud when LOCAL_CLOUD is set: turns uni-push on, which the manifest leaves off
 * because other builds would connect to the vendor's gateway, and points its SDK at the local one. Must come before
 * uni() in the list of plugins.
 */
export function localCloudBuild(): Plugin | undefined {
  if (process.env.LOCAL_CLOUD !== '1') return undefined
  const url = JSON.stringify({ type: 'string', data: `ws://127.0.0.1:${LOCAL_CLOUD.pushPort}` })
  return {
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
        children: `localStorage.setItem('getui_socket_url', ${JSON.stringify(url)})`,
        injectTo: 'head-prepend',
      },
    ],
  }
}
